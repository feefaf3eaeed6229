package letter

import (
	"context"
	"regexp"

	"seducoahuila.gob.mx/altas/bot/post"
	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/bot/words"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
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
	if a.Folio == "" {
		below, err := ls.Posts.KeyAt(ctx, t.Location(), t.Stage)
		if err != nil {
			return cards.Message{}, err
		}
		a = words.Aim{Rest: c.Rest}
		a.Folio, _, _ = post.LetterOf(below)
	}
	switch {
	case a.Folio == "":
		return cards.Message{Text: t.Texts.Say("letter.which", nil)}, nil
	case a.Rest == "":
		return ls.offered(ctx, t, a.Folio)
	}
	return ls.actTyped(ctx, t, a)
}

// actTyped applies what was typed after the folio.
func (ls *Letters) actTyped(ctx context.Context, t turn.Context, a words.Aim) (cards.Message, error) {
	click := cards.Click{Data: cards.Data{Folio: a.Folio}, Inputs: map[string]string{}}
	var said string
	switch annul, number := annulWord.FindStringSubmatch(a.Rest), numberWord.FindStringSubmatch(a.Rest); {
	case sentWord.MatchString(a.Rest):
		click.Verb, said = cards.LetterSent, "letter.marked"
	case annul != nil:
		click.Verb, said = cards.LetterAnnul, "letter.voided"
		click.Inputs["comment"] = words.ReasonOf(annul[1])
	case number != nil:
		click.Verb, said = cards.LetterNumber, "letter.given"
		click.Inputs["oficio"] = number[1]
	default:
		return cards.Message{Text: t.Texts.Say("letter.how", nil)}, nil
	}
	number, err := ls.numberOf(ctx, a.Folio)
	if err == nil {
		err = ls.apply(ctx, t, click)
	}
	if err == nil && click.Verb == cards.LetterNumber {
		number, err = ls.numberOf(ctx, a.Folio)
	}
	return cards.Message{Text: t.Texts.Say(said, map[string]string{"folio": string(a.Folio), "number": number})}, err
}

// numberOf returns the number of a request's newest letter; "" if it has none.
func (ls *Letters) numberOf(ctx context.Context, f provisioning.Folio) (number string, err error) {
	err = ls.Store.View(ctx, func(tx provisioning.Tx) error {
		v, _, err := ls.View.LetterIn(tx, f, 0)
		number = v.Letter.Number
		return err
	})
	return number, err
}

func (ls *Letters) reserveTyped(ctx context.Context, t turn.Context, from, to string) (cards.Message, error) {
	click := cards.Click{Data: cards.Data{Verb: cards.LetterRange}, Inputs: map[string]string{"rangeFrom": from, "rangeTo": to}}
	err := ls.apply(ctx, t, click)
	return cards.Message{Text: t.Texts.Say("letter.reserved", map[string]string{"from": from, "to": to})}, err
}
