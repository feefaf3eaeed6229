package attention

import (
	"cmp"
	"context"
	"strings"

	"seducoahuila.gob.mx/altas/bot/confirm"
	"seducoahuila.gob.mx/altas/bot/post"
	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/bot/words"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// remedyWords maps the commands that settle a line in attention to the verb of the equivalent
// button.
var remedyWords = map[string]string{
	"retry": cards.AttentionRetry, "adopt": cards.AttentionAdopt, "rename": cards.AttentionRename,
	"restore": cards.AttentionRestore, "disable": cards.AttentionDisable, "drop": cards.AttentionDrop,
}

// remedyTyped settles a line in attention by a typed command: in the thread of its card, or with
// folio and line. The command needs the same authority as the card's buttons, and is limited to
// what the card offers.
func (ls *Lines) remedyTyped(ctx context.Context, t turn.Context, c words.Asked) (cards.Message, error) {
	if err := ls.mayAttend(ctx, t); err != nil {
		return cards.Message{}, err
	}
	a := words.AimOf(c.Rest)
	if a.Folio == "" {
		a = words.Aim{Rest: c.Rest} // the number is that of an account on the card
	}
	key, said, err := ls.targetLine(ctx, t, a, c)
	if err != nil || key == "" {
		return said, err
	}
	view, text, err := ls.remediable(ctx, t, key, remedyWords[c.Name])
	if err != nil || text != "" {
		return cards.Message{Text: text}, err
	}
	r := readRemedy(t.Said, c, a.Rest, view)
	if text, err := ls.remedyProblem(ctx, t, c, a, r, view.Account); err != nil || text != "" {
		return cards.Message{Text: text}, err
	}
	switch r.verb {
	case cards.AttentionDrop, cards.AttentionDisable:
		return ls.Questions.Ask(ctx, t, confirm.Question{Post: key, Verb: r.verb, Comment: r.comment}, t.Texts.RemedyAsked(view, r.verb, "", r.comment))
	case cards.AttentionRename:
		return ls.askToRename(ctx, t, key, view, r.address)
	}
	data := cards.Data{Verb: r.verb, Stamp: view.Account.Stamp, Entry: r.entry}
	return ls.remedyNow(ctx, t, cards.Click{Data: data, Inputs: map[string]string{}}, view.Alike)
}

// remedyProblem returns the reply to a remedy that is ambiguous, or whose reason names another
// line; "" if there is no problem.
func (ls *Lines) remedyProblem(ctx context.Context, t turn.Context, c words.Asked, a words.Aim, r remedy, line provisioning.Account) (string, error) {
	word := t.Texts.Command(c.Name)
	if a.Folio != "" {
		word += " " + string(line.Stamp)
	}
	if r.unclear != "" {
		return t.Texts.Say(r.unclear, map[string]string{"word": word}), nil
	}
	name, err := ls.View.AlsoNamed(ctx, provisioning.Act{Folio: line.Folio(), Excluded: []int{line.Number}, Comment: r.comment})
	if err != nil || name == "" {
		return "", err
	}
	return t.Texts.Say("typed.drop_named", map[string]string{"name": name, "word": word}), nil
}

// askToRename asks for confirmation before another account is created, which cannot be undone:
// at the typed address, if there is one. An invalid or used address is refused at once.
func (ls *Lines) askToRename(ctx context.Context, t turn.Context, key string, view cards.Attention, typed string) (cards.Message, error) {
	q := confirm.Question{Post: key, Verb: cards.AttentionRename}
	if typed != "" {
		address, err := identity.ParseAddress(typed, ls.Rules.Types[view.Account.Holder.Type].Domain)
		if err == nil {
			err = ls.checkVacant(ctx, view.Account, string(address))
		}
		if err != nil {
			return cards.Message{}, err
		}
		q.Address = address
	}
	return ls.Questions.Ask(ctx, t, q, t.Texts.RemedyAsked(view, q.Verb, q.Address, ""))
}

func (ls *Lines) mayAttend(ctx context.Context, t turn.Context) error {
	return ls.Store.View(ctx, func(tx provisioning.Tx) error {
		auth, err := ls.Access.Authority(tx)
		if err != nil {
			return err
		}
		return auth.MayAttend(provisioning.Click{By: t.By, Channel: t.Stage})
	})
}

// targetLine returns the key of the card that a command is about, or the reply to it. A command
// that also names another line is ambiguous.
func (ls *Lines) targetLine(ctx context.Context, t turn.Context, a words.Aim, c words.Asked) (key string, said cards.Message, err error) {
	if key, said, err = ls.findLine(ctx, t, a, c); err != nil || key == "" {
		return "", said, err
	}
	stamp := post.LineOf(key)
	if other := cmp.Or(words.OtherFolio(words.AimedAt(t.Said, c.Rest), string(stamp)), words.OtherLine(a.Rest, stamp.Number())); other != "" {
		return "", t.NamesTwo(a, string(stamp), other), nil
	}
	return key, said, nil
}

// findLine is targetLine by the thread or quoted message, or by the folio that the text begins
// with.
func (ls *Lines) findLine(ctx context.Context, t turn.Context, a words.Aim, c words.Asked) (key string, said cards.Message, err error) {
	below, err := ls.Posts.KeyAt(ctx, t.Location(), t.Stage)
	if err != nil {
		return "", said, err
	}
	if a.Folio != "" {
		return ls.lineByFolio(ctx, t, a, c, below)
	}
	switch {
	case below != "":
		return below, said, nil
	case c.Rest == "":
		said, err = ls.Waiting(ctx, t)
		return "", said, err
	}
	said.Text = t.Texts.Say("typed.where_line", map[string]string{"word": t.Texts.Command(c.Name)})
	return "", said, nil
}

// lineByFolio is targetLine for a typed folio, with its line or, if only one waits, without. In
// the thread of another line's card it is ambiguous.
func (ls *Lines) lineByFolio(ctx context.Context, t turn.Context, a words.Aim, c words.Asked, below string) (key string, said cards.Message, err error) {
	waiting, err := ls.waitingLines(ctx, t, a)
	if err != nil {
		return "", said, err
	}
	args := map[string]string{"folio": string(a.Folio), "word": t.Texts.Command(c.Name)}
	switch {
	case len(waiting) == 0:
		said.Text = t.Texts.Say("typed.none", args)
	case len(waiting) > 1:
		said.Text = t.Texts.Say("typed.line", args)
	case below != "" && below != waiting[0]:
		args["folio"], args["typed"] = string(post.LineOf(below)), string(post.LineOf(waiting[0]))
		said.Text = t.Texts.Say("typed.two", args)
	default:
		return waiting[0], said, nil
	}
	return "", said, nil
}

// waitingLines returns the keys of the cards in this channel that a folio may mean: that of the
// named line, or those of its lines in attention.
func (ls *Lines) waitingLines(ctx context.Context, t turn.Context, a words.Aim) (keys []string, err error) {
	err = ls.Store.View(ctx, func(tx provisioning.Tx) error {
		keys = nil
		known, err := post.AttentionKeys(tx, a.Folio)
		if err != nil {
			return err
		}
		for _, key := range known {
			seen, err := post.SeenAt(tx, key, t.Place())
			if err != nil {
				return err
			}
			line, err := tx.Account(post.LineOf(key))
			if err != nil {
				return err
			}
			named := a.Line == line.Number || a.Line == 0 && line.State == provisioning.AccountAttention
			if named && seen {
				keys = append(keys, key)
			}
		}
		return nil
	})
	return keys, err
}

// remediable reads the line of a card, and returns the reply if a remedy is not possible: the
// line is settled, the posted card is out of date, or does not offer it. "" if it is possible.
func (ls *Lines) remediable(ctx context.Context, t turn.Context, key, verb string) (view cards.Attention, text string, err error) {
	if view, err = ls.View.Attention(ctx, post.LineOf(key)); err != nil {
		return view, "", err
	}
	if !view.Waits() {
		return view, t.Texts.UnchangedLine(view), nil
	}
	to, err := ls.Recipients.Find(ctx, string(provisioning.Platform))
	if err != nil {
		return view, "", err
	}
	p, err := ls.Posts.Read(ctx, key)
	if err != nil {
		return view, "", err
	}
	same, err := p.Shows(drawn(view, to))
	switch {
	case err != nil:
		return view, "", err
	case !same:
		return view, t.Texts.Say("typed.changed", nil), ls.redrawRequest(ctx, view.Request.Folio)
	case !view.Offers(verb):
		return view, t.Texts.Say("typed.remedy", map[string]string{"words": offered(t.Texts, view)}), nil
	}
	return view, "", nil
}

// offered lists the commands equivalent to a card's buttons.
func offered(texts *cards.Texts, view cards.Attention) string {
	var words []string
	for _, name := range cards.StageCommands(provisioning.Platform) {
		if view.Offers(remedyWords[name]) {
			words = append(words, texts.Command(name))
		}
	}
	return strings.Join(words, ", ")
}

// remedyAsked is the text that asks for confirmation of a remedy.
func (ls *Lines) remedyAsked(ctx context.Context, t turn.Context, q confirm.Question) (string, error) {
	view, err := ls.View.Attention(ctx, post.LineOf(q.Post))
	return t.Texts.RemedyAsked(view, q.Verb, q.Address, q.Comment), err
}

// remedyConfirmed applies a confirmed remedy, unless the line came to attention again meanwhile.
func (ls *Lines) remedyConfirmed(ctx context.Context, t turn.Context, q confirm.Question) (cards.Message, error) {
	if err := ls.mayAttend(ctx, t); err != nil {
		return cards.Message{}, err
	}
	view, text, err := ls.remediable(ctx, t, q.Post, q.Verb)
	switch {
	case err != nil || text != "":
		return cards.Message{Text: text}, err
	case view.Account.Trouble.Since.After(q.At):
		return cards.Message{Text: t.Texts.Say("typed.changed", nil)}, nil
	}
	data := cards.Data{Verb: q.Verb, Stamp: post.LineOf(q.Post)}
	return ls.remedyNow(ctx, t, cards.Click{Data: data, Inputs: map[string]string{"comment": q.Comment, "address": string(q.Address)}}, view.Alike)
}

// remedyNow applies the remedy like its button, and replies with the line's new state. alike is
// the number of lines that waited for the same reason.
func (ls *Lines) remedyNow(ctx context.Context, t turn.Context, c cards.Click, alike int) (cards.Message, error) {
	err := ls.act(ctx, c, provisioning.Click{By: t.By, Channel: t.Stage})
	late := problem.CodeOf(err) == problem.CodeConflict
	if err != nil && !late {
		return cards.Message{}, err
	}
	view, err := ls.View.Attention(ctx, c.Stamp)
	if err != nil {
		return cards.Message{}, err
	}
	view.Alike = alike
	text := t.Texts.SettledLine(view, c.Verb, t.By)
	if late {
		text = t.Texts.UnchangedLine(view)
	}
	return cards.Message{Text: text}, ls.redrawRequest(ctx, c.Stamp.Folio())
}

// redrawRequest enqueues the update of all cards of a request.
func (ls *Lines) redrawRequest(ctx context.Context, f provisioning.Folio) error {
	return ls.Store.Update(ctx, func(tx provisioning.Tx) error {
		return tx.Enqueue(job.Job{Kind: provisioning.JobCards, Key: string(f), Urgent: true, Due: ls.Now()})
	})
}
