package cards

import (
	"slices"

	"seducoahuila.gob.mx/altas/provisioning"
)

// Sentence is the answer to what a sentence asks for, by the name of its words.Intent.
type Sentence struct {
	Intent    string
	Personal  bool                   // in a personal chat
	Stage     provisioning.StageName // of the channel; "" elsewhere
	Guide     string                 // URL of the user guide; "" for none
	Days      int                    // working days that requests usually take; 0 if not known
	ExpiresIn int                    // working days after which an undecided request expires; 0 for never
}

// Sentence answers a sentence: one text, and first the button that leads on.
func (t *Texts) Sentence(s Sentence) Card {
	text := t.sentenceText(s)
	body := []any{paragraph(text)}
	actions := t.sentenceActions(s)
	if slices.Contains(sentOn, s.Intent) {
		body = append(body, t.contactBlock()...)
		actions = append(actions, t.contactActions()...)
	}
	if s.Intent == "needs" && s.Guide != "" {
		actions = append(actions, openURL(t.fixed["button.guide"], s.Guide))
	}
	return Card{lang: t.locale, Summary: text, body: body, actions: actions}
}

// sentOn are the intents that Altas cannot, or cannot always, satisfy: the answer sends people on.
var sentOn = []string{"close", "reactivate", "naming", "recovery", "code", "person", "hours", "complaint", "topic"}

func (t *Texts) sentenceText(s Sentence) string {
	switch {
	case s.Intent == "wait" && s.Days > 0:
		return t.count("sentence.wait", s.Days)
	case s.Intent == "wait" && s.ExpiresIn > 0:
		return t.count("sentence.wait_unknown", s.ExpiresIn)
	case s.Intent == "wait":
		return t.fixed["sentence.wait_never"]
	case s.Intent == "deciders":
		return t.md("sentence.deciders", "first", t.theStage(provisioning.Director), "second", t.theStage(provisioning.Subdirector))
	}
	if words := StageCommands(s.Stage); len(words) > 0 && s.Intent == "decide" {
		return t.md("sentence.decide_here", "word", t.Command(words[0]))
	}
	return t.md("sentence." + s.Intent)
}

// sentenceActions are the buttons that lead on, the likeliest first. In a channel only those about
// what waits there work.
func (t *Texts) sentenceActions(s Sentence) []action {
	begin := t.execute(t.fixed["button.begin"], Data{Verb: RequestBegin})
	renew := t.execute(t.fixed["button.recover"], Data{Verb: RequestBegin, Kind: "recovery"})
	mine := t.execute(t.fixed["button.mine"], Data{Verb: RequestMine})
	actions := map[string][]action{
		"account": {begin}, "needs": {begin}, "exists": {begin}, "recovery": {renew}, "handover": {mine, renew},
		"wait": {mine}, "correct": {mine}, "complaint": {mine}, "deciders": {mine}, "topic": {begin, renew, mine},
	}[s.Intent]
	switch {
	case !s.Personal && s.Stage != "" && slices.Contains([]string{"turned", "decide", "returned"}, s.Intent):
		return []action{t.execute(t.fixed["button.pending"], Data{Verb: RequestPending}).primary()}
	case !s.Personal || len(actions) == 0:
		return nil
	}
	actions[0] = actions[0].primary()
	return actions
}

// guessActions is the button that does what was guessed; none if it needs more than the word.
func (t *Texts) guessActions(guess string) []action {
	switch guess {
	case t.Command("recover"):
		return []action{t.execute(t.fixed["button.recover"], Data{Verb: RequestBegin, Kind: "recovery"}).primary()}
	case t.Command("mine"):
		return []action{t.execute(t.fixed["button.mine"], Data{Verb: RequestMine}).primary()}
	case t.Command("status"):
		return []action{t.execute(t.fixed["button.status"], Data{Verb: RequestStatus}).primary()}
	}
	return nil
}
