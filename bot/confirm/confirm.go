package confirm

import (
	"context"
	"errors"
	"regexp"
	"strconv"
	"time"

	"seducoahuila.gob.mx/altas/bot/post"
	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/bot/words"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/input"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// Question is a typed act that cannot be undone and waits for its confirmation; the button for
// the same act asks for one too.
type Question struct {
	Post    string           `json:"post"` // key of the card's post
	Verb    string           `json:"verb"` // of the equivalent button
	Comment string           `json:"comment,omitempty"`
	Address identity.Address `json:"address,omitempty"` // of the account to be created; "" for the next by the patterns
	At      time.Time        `json:"at"`
}

// questions are kept by questionKey: stage and Entra object id.
var questions = provisioning.Document[Question]{Kind: "question"}

// answerWithin is how long a question can be answered.
const answerWithin = 15 * time.Minute

// questionKey is the key of a person's one open question at a stage.
func questionKey(t turn.Context) string { return string(t.Stage) + "/" + t.By.ID }

// Ask stores the question and returns its text. A required comment must be given now: it is not
// asked for after the confirmation.
func (qs *Questions) Ask(ctx context.Context, t turn.Context, q Question, text string) (cards.Message, error) {
	if _, err := input.ParseNotes("comment", q.Comment, false); err != nil {
		return cards.Message{}, err
	}
	if q.Comment == "" && (q.Verb == cards.ApprovalReject || q.Verb == cards.AttentionDrop) {
		return cards.Message{}, problem.Invalid("comment", "comment.required")
	}
	q.At = qs.Now()
	err := qs.Store.Update(ctx, func(tx provisioning.Tx) error {
		return errors.Join(qs.dropOldQuestions(tx), questions.Put(tx, questionKey(t), q))
	})
	return cards.Message{Text: text}, err
}

// dropOldQuestions drops the expired questions.
func (qs *Questions) dropOldQuestions(tx provisioning.Tx) error {
	var failed []error
	for key, err := range questions.Keys(tx, "") {
		if err != nil {
			return err
		}
		failed = append(failed, qs.tidyQuestion(tx, key))
	}
	return errors.Join(failed...)
}

// Tidy drops the expired questions.
func (qs *Questions) Tidy(ctx context.Context) error {
	return questions.Each(ctx, qs.Store, qs.tidyQuestion)
}

// tidyQuestion drops a question if it expired.
func (qs *Questions) tidyQuestion(tx provisioning.Tx, key string) error {
	q, _, err := questions.Get(tx, key)
	if err != nil || qs.open(q) {
		return err
	}
	return questions.Drop(tx, key)
}

// open reports whether a question can still be answered: one of a version that had other acts
// cannot.
func (qs *Questions) open(q Question) bool {
	_, known := qs.acts[q.Verb]
	return known && qs.Now().Sub(q.At) < answerWithin
}

// Confirm carries out the question's act, after its full words ("sí, rechazar") in the thread of
// its card or anywhere in the channel. If anything else follows them, the question is repeated.
func (qs *Questions) Confirm(ctx context.Context, t turn.Context, verb, rest string) (cards.Message, error) {
	below, err := qs.Posts.KeyAt(ctx, t.Location(), t.Stage)
	if err != nil {
		return cards.Message{}, err
	}
	q, err := questions.Read(ctx, qs.Store, questionKey(t))
	if err != nil {
		return cards.Message{}, err
	}
	minutes := strconv.Itoa(int(answerWithin.Minutes()))
	nothing := cards.Message{Text: t.Texts.Say("typed.nothing", map[string]string{"minutes": minutes})}
	switch {
	case q.Verb != "" && !qs.open(q):
		return nothing, qs.dropQuestion(ctx, t)
	case q.Verb != verb || below != "" && below != q.Post:
		return nothing, nil
	case words.Hesitant(t.Said) || !q.matches(rest):
		text, err := qs.askAgain(ctx, t, q)
		return cards.Message{Text: text}, err
	}
	said, err := qs.do(ctx, t, q)
	if err != nil {
		return said, err
	}
	return said, qs.dropQuestion(ctx, t)
}

// Answers without the full words, in a text folded by words.Of.
var (
	affirmed = regexp.MustCompile(`^(?:si|yes|confirm\w*|ok|okay|claro|correcto|de acuerdo|adelante|procede)(?: |$)`)
	declined = regexp.MustCompile(`^(?:(?:mejor|siempre|ya|pues|better) )*(?:no|not|cancelar|cancela|cancelo|cancel|olvidalo|dejalo)` +
		`(?: (?:no|la|lo|las|los|se|ya|mejor|siempre|por|favor|gracias|please|thanks|it|recha[zc]\w*|reject|quit\w*|inhabilit\w*|disable|confirm\w*|otra|direccion|cuenta|another|address))*$`)
)

// Answered handles a plain yes or no to the person's open question: a yes repeats it, since only
// the full words carry out the act; a no ends it. ok is false for any other text, and if no
// question is open here.
func (qs *Questions) Answered(ctx context.Context, t turn.Context) (said cards.Message, ok bool, err error) {
	folded := words.Of(t.Said)
	yes, no := affirmed.MatchString(folded), declined.MatchString(folded)
	if !yes && !no {
		return said, false, nil
	}
	below, err := qs.Posts.KeyAt(ctx, t.Location(), t.Stage)
	if err != nil {
		return said, false, err
	}
	q, err := questions.Read(ctx, qs.Store, questionKey(t))
	if err != nil || q.Verb == "" || !qs.open(q) || below != "" && below != q.Post {
		return said, false, err
	}
	if no && !words.Hesitant(t.Said) {
		return cards.Message{Text: t.Texts.Say("typed.declined", nil)}, true, qs.dropQuestion(ctx, t)
	}
	said.Text, err = qs.askAgain(ctx, t, q)
	return said, true, err
}

func (qs *Questions) dropQuestion(ctx context.Context, t turn.Context) error {
	return qs.Store.Update(ctx, func(tx provisioning.Tx) error { return questions.Drop(tx, questionKey(t)) })
}

// matches reports whether what follows a yes is about the question: only courtesies, or its
// folio and line.
func (q Question) matches(rest string) bool {
	a := words.AimOf(rest)
	folio, line := q.about()
	return a.Short == "" && words.Polite(a.Rest) && (a.Folio == "" || a.Folio == folio && (a.Line == 0 || a.Line == line))
}

// about returns the request, and the line in attention, whose card the question is about.
func (q Question) about() (f provisioning.Folio, line int) {
	if folio, _, _, staged := post.StageOf(q.Post); staged {
		return folio, 0
	}
	if folio, _, letter := post.LetterOf(q.Post); letter {
		return folio, 0
	}
	return post.LineOf(q.Post).Folio(), post.LineOf(q.Post).Number()
}

// askAgain returns the text that repeats the question.
func (qs *Questions) askAgain(ctx context.Context, t turn.Context, q Question) (text string, err error) {
	asked, err := qs.acts[q.Verb].Asked(ctx, t, q)
	return t.Texts.AskedAgain(asked), err
}

// do carries out the question's act.
func (qs *Questions) do(ctx context.Context, t turn.Context, q Question) (cards.Message, error) {
	return qs.acts[q.Verb].Do(ctx, t, q)
}
