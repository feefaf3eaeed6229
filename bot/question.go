package bot

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

// question is an act that somebody typed and that cannot be undone, until they say once
// more that they mean it, as its button asks too.
type question struct {
	Post    string               `json:"post"` // key of the card that it is about
	Verb    string               `json:"verb"` // of the button that would do it
	Comment string               `json:"comment,omitempty"`
	Address provisioning.Address `json:"address,omitempty"` // of the account to be made; "" for the next of the patterns
	At      time.Time            `json:"at"`
}

// questions are kept by questionKey: stage and Entra object id.
var questions = provisioning.Document[question]{Kind: "question"}

// confirmWords are the commands that say yes, with the verb of what was asked.
var confirmWords = map[string]string{
	"yes reject": cards.ApprovalReject,
	"yes drop":   cards.AttentionDrop, "yes disable": cards.AttentionDisable, "yes rename": cards.AttentionRename,
}

// questionStands is how long "sí, rechazar" is taken for the answer.
const questionStands = 15 * time.Minute

// questionKey is that of the one question that stands for a person at a stage.
func questionKey(t turn.Context) string { return string(t.Stage) + "/" + t.By.ID }

// ask keeps the question, and puts it. The reason must be there: nobody is asked for it
// once they have said yes.
func (b *Bot) ask(ctx context.Context, t turn.Context, q question, text string) (cards.Message, error) {
	if _, err := provisioning.ParseNotes("comment", q.Comment, false); err != nil {
		return cards.Message{}, err
	}
	if q.Comment == "" && (q.Verb == cards.ApprovalReject || q.Verb == cards.AttentionDrop) {
		return cards.Message{}, provisioning.Invalid("comment", "comment.required")
	}
	q.At = b.Now()
	err := b.Store.Update(ctx, func(tx provisioning.Tx) error {
		return errors.Join(b.dropOldQuestions(tx), questions.Put(tx, questionKey(t), q))
	})
	return cards.Message{Text: text}, err
}

// dropOldQuestions forgets those that nobody answered in time.
func (b *Bot) dropOldQuestions(tx provisioning.Tx) error {
	var failed []error
	for key, err := range questions.Keys(tx, "") {
		if err != nil {
			return err
		}
		failed = append(failed, b.tidyQuestion(tx, key))
	}
	return errors.Join(failed...)
}

// tidyQuestions forgets what nobody answered in time.
func (b *Bot) tidyQuestions(ctx context.Context) error {
	return questions.Each(ctx, b.Store, b.tidyQuestion)
}

// tidyQuestion forgets a question that nobody answered in time.
func (b *Bot) tidyQuestion(tx provisioning.Tx, key string) error {
	q, _, err := questions.Get(tx, key)
	if err != nil || b.stands(q) {
		return err
	}
	return questions.Drop(tx, key)
}

// stands reports whether a question can be answered still.
func (b *Bot) stands(q question) bool { return b.Now().Sub(q.At) < questionStands }

// confirm does what somebody was asked about, now that they say it once more: below its
// card, or anywhere in the channel. Where more is said than that, they are asked again.
func (b *Bot) confirm(ctx context.Context, t turn.Context, verb, rest string) (cards.Message, error) {
	below, err := b.posts.KeyAt(ctx, t.Spot(), t.Stage)
	if err != nil {
		return cards.Message{}, err
	}
	q, err := questions.Read(ctx, b.Store, questionKey(t))
	if err != nil {
		return cards.Message{}, err
	}
	minutes := strconv.Itoa(int(questionStands.Minutes()))
	nothing := cards.Message{Text: t.Texts.Say("typed.nothing", map[string]string{"minutes": minutes})}
	switch {
	case q.Verb != "" && !b.stands(q):
		return nothing, b.dropQuestion(ctx, t)
	case q.Verb != verb || below != "" && below != q.Post:
		return nothing, nil
	case words.Hesitant(t.Said) || !q.meant(rest):
		text, err := b.askedAgain(ctx, t, q)
		return cards.Message{Text: text}, err
	}
	said, err := b.confirmed(ctx, t, q)
	if err != nil {
		return said, err
	}
	return said, b.dropQuestion(ctx, t)
}

// A question is answered with less than it asks for, in words as wordsOf has them.
var (
	affirmed = regexp.MustCompile(`^(?:si|yes|confirm\w*|ok|okay|claro|correcto|de acuerdo|adelante|procede)(?: |$)`)
	declined = regexp.MustCompile(`^(?:(?:mejor|siempre|ya|pues|better) )*(?:no|not|cancelar|cancela|cancelo|cancel|olvidalo|dejalo)` +
		`(?: (?:no|la|lo|las|los|se|ya|mejor|siempre|por|favor|gracias|please|thanks|it|recha[zc]\w*|reject|quit\w*|inhabilit\w*|disable|confirm\w*|otra|direccion|cuenta|another|address))*$`)
)

// answered reads a plain yes or no to the question that stands for whoever wrote it: a yes
// has it put again, since the act is done by its full words alone; a no ends it. ok is false
// for all else, and where none stands here.
func (b *Bot) answered(ctx context.Context, t turn.Context) (said cards.Message, ok bool, err error) {
	folded := words.Of(t.Said)
	yes, no := affirmed.MatchString(folded), declined.MatchString(folded)
	if !yes && !no {
		return said, false, nil
	}
	below, err := b.posts.KeyAt(ctx, t.Spot(), t.Stage)
	if err != nil {
		return said, false, err
	}
	q, err := questions.Read(ctx, b.Store, questionKey(t))
	if err != nil || q.Verb == "" || !b.stands(q) || below != "" && below != q.Post {
		return said, false, err
	}
	if no && !words.Hesitant(t.Said) {
		return cards.Message{Text: t.Texts.Say("typed.declined", nil)}, true, b.dropQuestion(ctx, t)
	}
	said.Text, err = b.askedAgain(ctx, t, q)
	return said, true, err
}

func (b *Bot) dropQuestion(ctx context.Context, t turn.Context) error {
	return b.Store.Update(ctx, func(tx provisioning.Tx) error { return questions.Drop(tx, questionKey(t)) })
}

// meant reports whether what follows a yes is of the question: nothing but courtesies, or
// what it is about.
func (q question) meant(rest string) bool {
	a := words.AimOf(rest)
	folio, _, _, staged := post.StageOf(q.Post)
	line := 0
	if !staged {
		folio, line = post.LineOf(q.Post).Folio(), post.LineOf(q.Post).Number()
	}
	return a.Short == "" && words.Polite(a.Rest) && (a.Folio == "" || a.Folio == folio && (a.Line == 0 || a.Line == line))
}

// askedAgain puts the question once more.
func (b *Bot) askedAgain(ctx context.Context, t turn.Context, q question) (text string, err error) {
	asked, err := b.acts[q.Verb].Asked(ctx, t, q)
	return t.Texts.AskedAgain(asked), err
}

// confirmed does what the question was about.
func (b *Bot) confirmed(ctx context.Context, t turn.Context, q question) (cards.Message, error) {
	return b.acts[q.Verb].Do(ctx, t, q)
}

// act is what is done once somebody says that they mean it.
type act struct {
	Asked func(context.Context, turn.Context, question) (text string, err error) // the question in words
	Do    func(context.Context, turn.Context, question) (cards.Message, error)
}

// register has an act done by the verb of the button that does the same.
func (b *Bot) registerAct(verb string, a act) {
	if b.acts == nil {
		b.acts = make(map[string]act)
	}
	b.acts[verb] = a
}
