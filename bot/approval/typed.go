package approval

import (
	"context"
	"regexp"
	"strings"

	"seducoahuila.gob.mx/altas/bot/confirm"
	"seducoahuila.gob.mx/altas/bot/post"
	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/bot/words"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// decision is a typed decision on a request.
type decision struct {
	words.Aim
	word     string // the name of the command
	verdict  provisioning.Verdict
	comment  string
	excluded []int
	unclear  string // key of the reply to an ambiguous command; "" if it is clear
}

// decisionWords maps the commands that decide at a stage to their verdict.
var decisionWords = map[string]provisioning.Verdict{
	"turn": provisioning.Approve, "authorize": provisioning.Approve, "approve": provisioning.Approve, "exclude": provisioning.Approve,
	"return": provisioning.Return, "reject": provisioning.Reject,
}

// readDecision parses a command of decisionWords. said is the whole message.
func readDecision(said string, c words.Asked) decision {
	d := decision{Aim: words.AimOf(c.Rest), word: c.Name, verdict: decisionWords[c.Name]}
	switch {
	case c.Name == "exclude":
		d.readExclusion(said, c)
	case d.verdict == provisioning.Approve:
		d.readApproval(said)
	default:
		d.readReason(said, c)
	}
	return d
}

// readExclusion reads which lines to exclude, and the reason. A line number after the folio is
// one of them.
func (d *decision) readExclusion(said string, c words.Asked) {
	text := lineOfStamp.ReplaceAllString(d.After, "$1")
	if d.Folio == "" {
		d.Aim, text = words.Aim{Rest: c.Rest}, c.Rest // the number is that of a line
	}
	var ok bool
	d.excluded, d.comment, ok = words.Lines(text)
	if d.comment = words.GivenReason(d.comment); !ok || words.Hesitant(words.Before(said, c.Rest)) {
		d.unclear = "typed.exclude"
	}
}

var lineOfStamp = regexp.MustCompile(`^-0*(\d+)`)

// readApproval reads the instructions of an approval. A line number is refused, since all lines
// are approved.
func (d *decision) readApproval(said string) {
	d.comment = d.instructions()
	plainly := words.Before(said, d.Rest) + withInstructions.ReplaceAllString(d.Rest, "")
	switch {
	case words.Asks(said), words.TrailsOff(plainly):
		d.unclear = "typed.doubt"
	case d.Line != 0:
		d.unclear = "typed.whole"
	case d.comment == "" && withInstructions.MatchString(d.Rest):
		d.unclear = "typed.no_instructions"
	case d.comment == "" && !words.Polite(d.Rest):
		d.unclear = "typed.instructions"
	}
}

// readReason reads why a request is returned or rejected, as a whole: a line number after the
// folio is part of the reason.
func (d *decision) readReason(said string, c words.Asked) {
	if words.Hesitant(words.Before(said, c.Rest)) || words.Negates(c.Rest) || words.TakesBack(d.Rest) {
		d.unclear = "typed.reason"
	}
	switch d.comment = words.GivenReason(d.Rest); {
	case d.comment == "" || d.Line == 0:
	case strings.HasPrefix(d.After, "-"):
		d.comment = words.ReasonOf(string(d.Folio) + d.After)
	default:
		d.comment = words.ReasonOf(d.After)
	}
}

var withInstructions = regexp.MustCompile(`(?is)^[\s:,.;-]*(?:con\s+(?:indicaci|instrucci)[oó]n(?:es)?|with\s+instructions)\b(.*)$`)

// instructions returns the instructions after "con indicaciones" or the like. Other text after
// "turnar" may be a reason not to.
func (d decision) instructions() string {
	found := withInstructions.FindStringSubmatch(d.Rest)
	if found == nil {
		return ""
	}
	return words.GivenReason(found[1])
}

// decideTyped decides on a request by a typed command: in the thread of its card, or with its
// folio. Authority and checks are those of the card's buttons. A number without the year, and
// ambiguous text, decide nothing.
func (ap *Approvals) decideTyped(ctx context.Context, t turn.Context, c words.Asked) (cards.Message, error) {
	d := readDecision(t.Said, c)
	key, said, err := ap.targetCard(ctx, t, d.Aim, c)
	if err != nil || key == "" {
		return said, err
	}
	act, err := ap.actOf(ctx, t, key, d)
	if err != nil {
		return cards.Message{}, err
	}
	if text, err := ap.decisionProblem(ctx, t, d, act); err != nil || text != "" {
		return cards.Message{Text: text}, err
	}
	if d.verdict == provisioning.Reject {
		return ap.askToReject(ctx, t, key, act)
	}
	return ap.decideNow(ctx, t, act)
}

// askToReject asks for confirmation of a rejection, if the request still waits.
func (ap *Approvals) askToReject(ctx context.Context, t turn.Context, key string, act provisioning.Act) (cards.Message, error) {
	view, err := ap.View.Approval(ctx, act.Folio, act.Stage, act.Round)
	if err != nil {
		return cards.Message{}, err
	}
	if !view.Waits() {
		return cards.Message{Text: t.Texts.Unchanged(view)}, nil
	}
	return ap.Questions.Ask(ctx, t, confirm.Question{Post: key, Verb: cards.ApprovalReject, Comment: act.Comment}, t.Texts.RejectAsked(view, act.Comment))
}

// targetCard returns the key of the card that a command is about, or the reply to it. A command
// that also names another request is ambiguous.
func (ap *Approvals) targetCard(ctx context.Context, t turn.Context, a words.Aim, c words.Asked) (key string, said cards.Message, err error) {
	if key, said, err = ap.findCard(ctx, t, a, c); err != nil || key == "" {
		return "", said, err
	}
	folio, _, _, _ := post.StageOf(key)
	if other := words.OtherFolio(words.AimedAt(t.Said, c.Rest), string(folio)); other != "" {
		return "", t.NamesTwo(a, string(folio), other), nil
	}
	return key, said, nil
}

// findCard is targetCard by the thread or quoted message, or by the folio that the text begins
// with.
func (ap *Approvals) findCard(ctx context.Context, t turn.Context, a words.Aim, c words.Asked) (key string, said cards.Message, err error) {
	if t.Stage == "" || t.Stage == provisioning.Platform {
		return "", said, problem.Refuse(problem.CodeForbidden, "authority.channel")
	}
	below, err := ap.Posts.KeyAt(ctx, t.Location(), t.Stage)
	if err != nil {
		return "", said, err
	}
	under, _, _, staged := post.StageOf(below)
	if !staged {
		below = "" // the thread of a letter
	}
	switch {
	case a.Short != "":
		said, err = ap.whichFolio(ctx, t, a.Short, c)
		return "", said, err
	case a.Folio != "" && below != "" && under != a.Folio:
		said.Text = t.Texts.Say("typed.two", map[string]string{"folio": string(under), "typed": string(a.Folio)})
		return "", said, nil
	case below != "":
		return below, said, nil
	case a.Folio == "" && c.Rest == "":
		said, err = ap.pending(ctx, t, t.Stage, "")
		return "", said, err
	case a.Folio == "":
		said.Text = t.Texts.Say("typed.where", map[string]string{"word": t.Texts.Command(c.Name)})
		return "", said, nil
	}
	if key, err = ap.Posts.NewestAt(ctx, t.Stage, t.Place(), a.Folio); err == nil && key == "" {
		said.Text = t.Texts.Say("typed.none", map[string]string{"folio": string(a.Folio)})
	}
	return key, said, err
}

// whichFolio replies with the full command for the request that a short number may mean, if its
// card is in this channel.
func (ap *Approvals) whichFolio(ctx context.Context, t turn.Context, short string, c words.Asked) (cards.Message, error) {
	folio := words.FolioIn(short, ap.Now().In(ap.Location))
	key, err := ap.Posts.NewestAt(ctx, t.Stage, t.Place(), folio)
	if err != nil {
		return cards.Message{}, err
	}
	if key == "" {
		return cards.Message{Text: t.Texts.Say("typed.none", map[string]string{"folio": short})}, nil
	}
	d, err := ap.View.Request(ctx, folio)
	return cards.Message{Text: t.Texts.Which(d, t.Texts.Command(c.Name))}, err
}

// decisionProblem returns the reply to a command that is ambiguous or another stage's ("turnar"
// at the last stage, which authorises); "" if there is no problem.
func (ap *Approvals) decisionProblem(ctx context.Context, t turn.Context, d decision, act provisioning.Act) (string, error) {
	if right, err := ap.approvalWord(ctx, t, d, act.Folio); err != nil || right != "" {
		return t.Texts.Say("typed.word", map[string]string{"word": t.Texts.Command(right), "typed": t.Texts.Command(d.word)}), err
	}
	word := t.Texts.Command(d.word)
	if d.Folio != "" {
		word += " " + string(d.Folio)
	}
	if d.unclear != "" {
		return t.Texts.Say(d.unclear, map[string]string{"word": word, "folio": string(act.Folio)}), nil
	}
	if len(d.excluded) == 0 {
		return "", nil
	}
	name, err := ap.View.AlsoNamed(ctx, act)
	if err != nil || name == "" {
		return "", err
	}
	return t.Texts.Say("typed.exclude_named", map[string]string{"name": name, "word": word}), nil
}

// approvalWord returns the command by which the stage approves the request, if the one typed is
// that of another stage: "authorize" at the request's last stage, "turn" at the others.
func (ap *Approvals) approvalWord(ctx context.Context, t turn.Context, d decision, f provisioning.Folio) (string, error) {
	if d.word != "turn" && d.word != "authorize" {
		return "", nil
	}
	view, err := ap.View.Request(ctx, f)
	right := "turn"
	if view.Last(t.Stage) {
		right = "authorize"
	}
	if err != nil || right == d.word {
		return "", err
	}
	return right, nil
}

// actOf returns the act of a decision on the card of a key. It checks first that the person may
// decide.
func (ap *Approvals) actOf(ctx context.Context, t turn.Context, key string, d decision) (provisioning.Act, error) {
	folio, stage, round, _ := post.StageOf(key)
	act := provisioning.Act{Folio: folio, Stage: stage, Round: round, Verdict: d.verdict, Comment: d.comment, Excluded: d.excluded}
	proven, err := ap.Access.Proven(ctx, t.By, t.Stage)
	if err != nil {
		return act, err
	}
	act.Click = proven
	return act, ap.Store.View(ctx, func(tx provisioning.Tx) error {
		auth, err := ap.Access.Authority(tx)
		if err != nil {
			return err
		}
		r, err := tx.Request(folio)
		if err != nil {
			return err
		}
		return auth.MayDecide(r, stage, proven)
	})
}

// rejectAsked is the text that asks for confirmation of a rejection.
func (ap *Approvals) rejectAsked(ctx context.Context, t turn.Context, q confirm.Question) (string, error) {
	folio, stage, round, _ := post.StageOf(q.Post)
	view, err := ap.View.Approval(ctx, folio, stage, round)
	return t.Texts.RejectAsked(view, q.Comment), err
}

// rejectConfirmed applies a confirmed rejection.
func (ap *Approvals) rejectConfirmed(ctx context.Context, t turn.Context, q confirm.Question) (cards.Message, error) {
	act, err := ap.actOf(ctx, t, q.Post, decision{verdict: provisioning.Reject, comment: q.Comment})
	if err != nil {
		return cards.Message{}, err
	}
	return ap.decideNow(ctx, t, act)
}

// decideNow applies the act and replies with the request's new state; for a request that is
// already decided or in another round, with the unchanged one.
func (ap *Approvals) decideNow(ctx context.Context, t turn.Context, act provisioning.Act) (cards.Message, error) {
	err := ap.applyAct(ctx, act)
	late := problem.CodeOf(err) == problem.CodeConflict
	if err != nil && !late {
		return cards.Message{}, err
	}
	view, err := ap.View.Approval(ctx, act.Folio, act.Stage, act.Round)
	if err != nil {
		return cards.Message{}, err
	}
	if late {
		return cards.Message{Text: t.Texts.Unchanged(view)}, nil
	}
	return cards.Message{Text: t.Texts.Decided(view)}, nil
}
