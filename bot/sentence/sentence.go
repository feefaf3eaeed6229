package sentence

import (
	"context"

	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/bot/words"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
)

// Config holds the dependencies of Sentences.
type Config struct {
	Store provisioning.Store
	Rules *provisioning.Rules
	Guide string // URL of the page about the form; "" for none
	Now   Clock
}

// Sentences answers what sentences ask for. It is safe for concurrent use.
type Sentences struct {
	Config
	usual usual
}

// New returns Sentences.
func New(cfg Config) *Sentences { return &Sentences{Config: cfg} }

// privately are the intents whose buttons work in a personal chat only.
var privately = map[words.Intent]bool{
	words.Account: true, words.Needs: true, words.Exists: true, words.Handover: true, words.Recover: true, words.Correct: true, words.Topic: true,
}

// Answer returns what is true of an intent that no command answers.
func (ss *Sentences) Answer(ctx context.Context, t turn.Context, intent words.Intent) (cards.Message, error) {
	if privately[intent] && !t.Personal() {
		return cards.Message{Text: t.Texts.Say("command.personal_only", nil)}, nil
	}
	s := cards.Sentence{Intent: string(intent), Personal: t.Personal(), Stage: t.Stage, Guide: ss.Guide}
	if intent != words.Wait {
		return cards.Message{Card: t.Texts.Sentence(s)}, nil
	}
	var err error
	s.ExpiresIn = ss.days(ss.Rules.Deadlines.Expire)
	s.Days, err = ss.usualDays(ctx)
	return cards.Message{Card: t.Texts.Sentence(s)}, err
}
