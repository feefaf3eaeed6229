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
)

// Question is an act that somebody typed and that cannot be undone, until they say once
// more that they mean it, as its button asks too.
type Question struct {
	Post    string               `json:"post"` // key of the card that it is about
	Verb    string               `json:"verb"` // of the button that would do it
	Comment string               `json:"comment,omitempty"`
	Address provisioning.Address `json:"address,omitempty"` // of the account to be made; "" for the next of the patterns
	At      time.Time            `json:"at"`
}

// asked are kept by questionKey: stage and Entra object id.
var asked = provisioning.Document[Question]{Kind: "question"}

// questionStands is how long "sí, rechazar" is taken for the answer.
const questionStands = 15 * time.Minute

// questionKey is that of the one question that stands for a person at a stage.
func questionKey(t turn.Context) string { return string(t.Stage) + "/" + t.By.ID }

// Ask keeps the question, and puts it. The reason must be there: nobody is asked for it
// once they have said yes.
func (qs *Questions) Ask(ctx context.Context, t turn.Context, q Question, text string) (cards.Message, error) {
	if _, err := provisioning.ParseNotes("comment", q.Comment, false); err != nil {
		return cards.Message{}, err
	}
	if q.Comment == "" && (q.Verb == cards.ApprovalReject || q.Verb == cards.AttentionDrop) {
		return cards.Message{}, provisioning.Invalid("comment", "comment.required")
	}
	q.At = qs.Now()
	err := qs.Store.Update(ctx, func(tx provisioning.Tx) error {
		return errors.Join(qs.dropOldQuestions(tx), asked.Put(tx, questionKey(t), q))
	})
	return cards.Message{Text: text}, err
}

// dropOldQuestions forgets those that nobody answered in time.
func (qs *Questions) dropOldQuestions(tx provisioning.Tx) error {
	var failed []error
	for key, err := range asked.Keys(tx, "") {
		if err != nil {
			return err
		}
		failed = append(failed, qs.tidyQuestion(tx, key))
	}
	return errors.Join(failed...)
}

// Tidy forgets what nobody answered in time.
func (qs *Questions) Tidy(ctx context.Context) error {
	return asked.Each(ctx, qs.Store, qs.tidyQuestion)
}

// tidyQuestion forgets a question that nobody answered in time.
func (qs *Questions) tidyQuestion(tx provisioning.Tx, key string) error {
	q, _, err := asked.Get(tx, key)
	if err != nil || qs.stands(q) {
		return err
	}
	return asked.Drop(tx, key)
}

// stands reports whether a question can be answered still.
func (qs *Questions) stands(q Question) bool { return qs.Now().Sub(q.At) < questionStands }

// Confirm does what somebody was asked about, now that they say it once more: below its
// card, or anywhere in the channel. Where more is said than that, they are asked again.
func (qs *Questions) Confirm(ctx context.Context, t turn.Context, verb, rest string) (cards.Message, error) {
	below, err := qs.Posts.KeyAt(ctx, t.Location(), t.Stage)
	if err != nil {
		return cards.Message{}, err
	}
	q, err := asked.Read(ctx, qs.Store, questionKey(t))
	if err != nil {
		return cards.Message{}, err
	}
	minutes := strconv.Itoa(int(questionStands.Minutes()))
	nothing := cards.Message{Text: t.Texts.Say("typed.nothing", map[string]string{"minutes": minutes})}
	switch {
	case q.Verb != "" && !qs.stands(q):
		return nothing, qs.dropQuestion(ctx, t)
	case q.Verb != verb || below != "" && below != q.Post:
		return nothing, nil
	case words.Hesitant(t.Said) || !q.meant(rest):
		text, err := qs.askedAgain(ctx, t, q)
		return cards.Message{Text: text}, err
	}
	said, err := qs.confirmed(ctx, t, q)
	if err != nil {
		return said, err
	}
	return said, qs.dropQuestion(ctx, t)
}

// A question is answered with less than it asks for, in words as wordsOf has them.
var (
	affirmed = regexp.MustCompile(`^(?:si|yes|confirm\w*|ok|okay|claro|correcto|de acuerdo|adelante|procede)(?: |$)`)
	declined = regexp.MustCompile(`^(?:(?:mejor|siempre|ya|pues|better) )*(?:no|not|cancelar|cancela|cancelo|cancel|olvidalo|dejalo)` +
		`(?: (?:no|la|lo|las|los|se|ya|mejor|siempre|por|favor|gracias|please|thanks|it|recha[zc]\w*|reject|quit\w*|inhabilit\w*|disable|confirm\w*|otra|direccion|cuenta|another|address))*$`)
)

// Answered reads a plain yes or no to the question that stands for whoever wrote it: a yes
// has it put again, since the act is done by its full words alone; a no ends it. ok is false
// for all else, and where none stands here.
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
	q, err := asked.Read(ctx, qs.Store, questionKey(t))
	if err != nil || q.Verb == "" || !qs.stands(q) || below != "" && below != q.Post {
		return said, false, err
	}
	if no && !words.Hesitant(t.Said) {
		return cards.Message{Text: t.Texts.Say("typed.declined", nil)}, true, qs.dropQuestion(ctx, t)
	}
	said.Text, err = qs.askedAgain(ctx, t, q)
	return said, true, err
}

func (qs *Questions) dropQuestion(ctx context.Context, t turn.Context) error {
	return qs.Store.Update(ctx, func(tx provisioning.Tx) error { return asked.Drop(tx, questionKey(t)) })
}

// meant reports whether what follows a yes is of the question: nothing but courtesies, or
// what it is about.
func (q Question) meant(rest string) bool {
	a := words.AimOf(rest)
	folio, _, _, staged := post.StageOf(q.Post)
	line := 0
	if !staged {
		folio, line = post.LineOf(q.Post).Folio(), post.LineOf(q.Post).Number()
	}
	return a.Short == "" && words.Polite(a.Rest) && (a.Folio == "" || a.Folio == folio && (a.Line == 0 || a.Line == line))
}

// askedAgain puts the question once more.
func (qs *Questions) askedAgain(ctx context.Context, t turn.Context, q Question) (text string, err error) {
	asked, err := qs.acts[q.Verb].Asked(ctx, t, q)
	return t.Texts.AskedAgain(asked), err
}

// confirmed does what the question was about.
func (qs *Questions) confirmed(ctx context.Context, t turn.Context, q Question) (cards.Message, error) {
	return qs.acts[q.Verb].Do(ctx, t, q)
}
