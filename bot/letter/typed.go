package letter

import (
	"context"
	"regexp"

	"seducoahuila.gob.mx/altas/bot/confirm"
	"seducoahuila.gob.mx/altas/bot/post"
	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/bot/words"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/letter"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// asked answers "oficio <folio>" in a chat with the file.
func (ls *Letters) asked(ctx context.Context, t turn.Context, c words.Asked) (cards.Message, error) {
	named := words.Subject(c.Rest)
	if !words.IsFolio(named) {
		return cards.Message{Text: t.Texts.Say("letter.which", nil)}, nil
	}
	return ls.offered(ctx, t, words.FolioIn(named, ls.Now().In(ls.Location)))
}

// offered offers the file of a request's letter.
func (ls *Letters) offered(ctx context.Context, t turn.Context, f provisioning.Folio) (cards.Message, error) {
	text, err := ls.offer(ctx, t, f)
	if err == nil && text == "" {
		err = turn.ErrNoReply
	}
	return cards.Message{Text: text}, err
}

// What may follow the folio, or stand alone in the thread of a letter's card.
var (
	sentWord   = regexp.MustCompile(`(?is)^(?:ya\s+)?(?:(?:se\s+)?envi(?:ado|ada|é|e|ó|o)|entregado|sent)[\s.!]*$`)
	annulWord  = regexp.MustCompile(`(?is)^(?:anular|anula|annul|void)\b[\s:,.;–—-]*(.*)$`)
	numberWord = regexp.MustCompile(`(?is)^(?:n[uú]mero|n[uú]m\.?|number)\b[\s:]*(.*)$`)
	rangeWord  = regexp.MustCompile(`(?is)^(?:rango|range)\b[\s:]*(?:del?\s+|from\s+)?(\d+)\s*(?:a|al|to|-|–|—)\s*(\d+)[\s.]*$`)
	rangeAsked = regexp.MustCompile(`(?is)^(?:rango|range)\b`)
)

// askedInChannel does with a letter what its card's buttons do: in the thread of the card, or with
// the folio. Alone it offers the file.
func (ls *Letters) askedInChannel(ctx context.Context, t turn.Context, c words.Asked) (cards.Message, error) {
	if found := rangeWord.FindStringSubmatch(c.Rest); found != nil {
		return ls.reserveTyped(ctx, t, found[1], found[2])
	}
	if rangeAsked.MatchString(c.Rest) {
		return cards.Message{Text: t.Texts.Say("letter.range_how", nil)}, nil
	}
	a := words.AimOf(c.Rest)
	serial := 0
	if a.Folio == "" {
		below, err := ls.Posts.KeyAt(ctx, t.Location(), t.Stage)
		if err != nil {
			return cards.Message{}, err
		}
		a = words.Aim{Rest: c.Rest}
		a.Folio, serial, _ = post.LetterOf(below)
	}
	switch {
	case a.Folio == "":
		return cards.Message{Text: t.Texts.Say("letter.which", nil)}, nil
	case a.Rest == "":
		return ls.offered(ctx, t, a.Folio)
	}
	return ls.actTyped(ctx, t, a, serial)
}

// actTyped applies what was typed after the folio, to the letter that the person saw: that of the
// thread, or the newest as it is now. A question decides nothing, and an annulment is asked about.
func (ls *Letters) actTyped(ctx context.Context, t turn.Context, a words.Aim, serial int) (cards.Message, error) {
	verb, inputs := typedAct(a.Rest)
	if verb == "" || words.Hesitant(t.Said) || words.Negates(a.Rest) {
		return cards.Message{Text: t.Texts.Say("letter.how", nil)}, nil
	}
	click := cards.Click{Data: cards.Data{Verb: verb, Folio: a.Folio, Number: serial}, Inputs: inputs}
	if err := ls.maySend(ctx, t); err != nil {
		return cards.Message{}, err
	}
	l, err := ls.newest(ctx, a.Folio)
	switch {
	case err != nil:
		return cards.Message{}, err
	case click.Number == 0:
		click.Number = l.Serial
	}
	if click.Verb == cards.LetterAnnul {
		return ls.askToAnnul(ctx, t, click, l)
	}
	if err := ls.apply(ctx, t, click); err != nil {
		return cards.Message{}, err
	}
	l, err = ls.newest(ctx, a.Folio)
	return cards.Message{Text: t.Texts.Say(said[click.Verb], map[string]string{"folio": string(a.Folio), "number": l.Number})}, err
}

// said are the keys of the replies to what was typed, by the verb of the equivalent button.
var said = map[string]string{
	cards.LetterSent: "letter.marked", cards.LetterAnnul: "letter.voided", cards.LetterNumber: "letter.given",
}

// typedAct returns the verb and the inputs of the equivalent button; "" if the text is no order.
func typedAct(text string) (verb string, inputs map[string]string) {
	switch annul, number := annulWord.FindStringSubmatch(text), numberWord.FindStringSubmatch(text); {
	case sentWord.MatchString(text):
		return cards.LetterSent, nil
	case annul != nil && !words.TakesBack(annul[1]):
		return cards.LetterAnnul, map[string]string{"comment": words.ReasonOf(annul[1])}
	case number != nil:
		return cards.LetterNumber, map[string]string{"oficio": number[1]}
	}
	return "", nil
}

// maySend returns nil if the person may act on letters here.
func (ls *Letters) maySend(ctx context.Context, t turn.Context) error {
	proven, err := ls.Access.Proven(ctx, t.By, t.Stage)
	if err != nil {
		return err
	}
	return ls.Store.View(ctx, func(tx provisioning.Tx) error {
		auth, err := ls.authority(tx)
		if err != nil {
			return err
		}
		return auth.MaySend(proven)
	})
}

// newest returns the newest letter of a request; CodeNotFound if it has none.
func (ls *Letters) newest(ctx context.Context, f provisioning.Folio) (l letter.Letter, err error) {
	err = ls.Store.View(ctx, func(tx provisioning.Tx) error {
		var found bool
		if l, found, err = letter.Last(tx, f); err == nil && !found {
			err = problem.Refuse(problem.CodeNotFound, "letter.none", "folio", string(f))
		}
		return err
	})
	return l, err
}

// askToAnnul asks for confirmation of an annulment, with its reason.
func (ls *Letters) askToAnnul(ctx context.Context, t turn.Context, c cards.Click, l letter.Letter) (cards.Message, error) {
	switch {
	case c.Inputs["comment"] == "":
		return cards.Message{}, problem.Invalid("comment", "letter.annul_reason")
	case l.Serial != c.Number || !l.Valid():
		return cards.Message{}, problem.Refuse(problem.CodeConflict, "letter.changed", "folio", string(l.Folio))
	}
	q := confirm.Question{Post: post.OfLetter(l.Folio, l.Serial), Verb: cards.LetterAnnul, Comment: c.Inputs["comment"]}
	text, err := ls.annulAsked(ctx, t, q)
	if err != nil {
		return cards.Message{}, err
	}
	return ls.Questions.Ask(ctx, t, q, text)
}

// annulAsked is the text that asks for confirmation of an annulment.
func (ls *Letters) annulAsked(ctx context.Context, t turn.Context, q confirm.Question) (string, error) {
	folio, _, _ := post.LetterOf(q.Post)
	l, err := ls.newest(ctx, folio)
	return t.Texts.Say("letter.annul_asked", map[string]string{
		"number": l.Number, "folio": string(folio), "comment": q.Comment, "yes": t.Texts.Say("letter.yes_annul", nil),
	}), err
}

// annulConfirmed annuls the letter that the question was about.
func (ls *Letters) annulConfirmed(ctx context.Context, t turn.Context, q confirm.Question) (cards.Message, error) {
	folio, serial, _ := post.LetterOf(q.Post)
	before, err := ls.newest(ctx, folio)
	if err != nil {
		return cards.Message{}, err
	}
	click := cards.Click{
		Data: cards.Data{Verb: cards.LetterAnnul, Folio: folio, Number: serial}, Inputs: map[string]string{"comment": q.Comment},
	}
	if err := ls.apply(ctx, t, click); err != nil {
		return cards.Message{}, err
	}
	return cards.Message{Text: t.Texts.Say("letter.voided", map[string]string{"folio": string(folio), "number": before.Number})}, nil
}

func (ls *Letters) reserveTyped(ctx context.Context, t turn.Context, from, to string) (cards.Message, error) {
	click := cards.Click{Data: cards.Data{Verb: cards.LetterRange}, Inputs: map[string]string{"rangeFrom": from, "rangeTo": to}}
	err := ls.apply(ctx, t, click)
	return cards.Message{Text: t.Texts.Say("letter.reserved", map[string]string{"from": from, "to": to})}, err
}
