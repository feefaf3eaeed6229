package cards

import (
	"strings"

	"seducoahuila.gob.mx/altas/provisioning"
)

// Welcome is the greeting of a new person.
func (t *Texts) Welcome() Card {
	return Card{
		lang:    t.locale,
		Summary: t.fixed["welcome.summary"],
		body: append([]any{
			band(styleEmphasis, heading(t.fixed["welcome.title"])),
			paragraph(t.fixed["welcome.what"]),
			paragraph(t.fixed["welcome.how1"]), next(t.fixed["welcome.how2"]), next(t.fixed["welcome.how3"]),
			subtle(t.fixed["welcome.privacy"]),
		}, t.contactBlock()...),
		actions: append([]action{
			t.execute(t.fixed["button.begin"], Data{Verb: RequestBegin}).primary(),
			t.execute(t.fixed["button.mine"], Data{Verb: RequestMine}),
			t.execute(t.fixed["button.help"], Data{Verb: HelpShow}),
			t.otherLanguage(),
		}, t.contactActions()...),
	}
}

// Unread is a text that is not a command, and the command that it may mean. The zero Unread is a
// request for help.
type Unread struct {
	Said  string
	Guess string // as it is typed: "solicitar"; "" if none is similar
}

// Help lists the commands of the personal chat. guide is the URL of the user guide; "" if there is
// none.
func (t *Texts) Help(guide string, u Unread) Card {
	begin := t.execute(t.fixed["button.begin"], Data{Verb: RequestBegin})
	actions := t.guessActions(u.Guess)
	if len(actions) == 0 {
		begin = begin.primary()
	}
	actions = append(actions, begin)
	if u.Guess != t.Command("mine") {
		actions = append(actions, t.execute(t.fixed["button.mine"], Data{Verb: RequestMine}))
	}
	if guide != "" {
		actions = append(actions, openURL(t.fixed["button.guide"], guide))
	}
	body := append(t.helpHead("help.title", u), paragraph(t.fixed["help.type"]))
	return Card{
		lang:    t.locale,
		Summary: sentences(t.unreadSummary(u), t.fixed["help.summary"]),
		body:    append(append(body, t.commands("begin", "status", "mine", "find", "pending", "recover", "cancel", "language", "buttons", "flow", "privacy")...), t.contactBlock()...),
		actions: append(append(actions, t.otherLanguage()), t.contactActions()...),
	}
}

// HelpChannel lists the commands of a channel. stage is the one bound to it; "" if none is.
func (t *Texts) HelpChannel(stage provisioning.StageName, u Unread) Card {
	text := t.fixed["help.channel.unbound"]
	if stage != "" {
		text = t.md("help.channel.bound", "stage", t.theStage(stage))
	}
	body := append(t.helpHead("help.channel.title", u), paragraph(text))
	body = append(body, t.commands("pending", "status", "find", "substitute", "substitutes", "register", "flow", "help")...)
	if stage == provisioning.Platform {
		body = append(body, t.commands("report")...)
	}
	words := StageCommands(stage)
	if len(words) > 0 {
		body = append(body, subheading(t.fixed["help.decide"]), small(t.howToDecide(stage, words[0])))
		body = append(body, t.commands(words...)...)
	}
	return Card{
		lang:    t.locale,
		Summary: sentences(t.unreadSummary(u), t.fixed["help.channel.summary"], t.decideSummary(words)),
		body:    append(body, t.contactBlock()...), actions: t.contactActions(),
	}
}

// howToDecide says how one of a stage's commands is typed: the platform's also need the line.
func (t *Texts) howToDecide(stage provisioning.StageName, name string) string {
	key := "help.decide.how"
	if stage == provisioning.Platform {
		key = "help.decide.how_line"
	}
	return t.md(key, "word", t.Command(name))
}

// decideSummary lists the commands by which a stage decides; "" if there are none.
func (t *Texts) decideSummary(names []string) string {
	if len(names) == 0 {
		return ""
	}
	words := make([]string, len(names))
	for i, name := range names {
		words[i] = t.Command(name)
	}
	return t.plain("help.decide.summary", "words", strings.Join(words, ", "))
}

// StageCommands returns the commands of a stage, which do what its cards' buttons do.
func StageCommands(stage provisioning.StageName) []string {
	switch stage {
	case provisioning.Director:
		return []string{"turn", "return", "reject", "exclude"}
	case provisioning.Subdirector:
		return []string{"authorize", "return", "reject", "exclude"}
	case provisioning.Platform:
		return []string{"retry", "adopt", "rename", "restore", "disable", "drop"}
	}
	return nil
}

// helpHead is the title of the help or, for an unknown command, what was not understood.
func (t *Texts) helpHead(title string, u Unread) []any {
	if u.Said == "" {
		return []any{band(styleEmphasis, heading(t.fixed[title]))}
	}
	head := []any{band(styleEmphasis, heading(t.md("help.unread", "said", clip(flat(u.Said), 60))))}
	if u.Guess != "" {
		head = append(head, paragraph(t.md("help.guess", "command", u.Guess)))
	}
	return head
}

// unreadSummary is helpHead for a summary.
func (t *Texts) unreadSummary(u Unread) string {
	switch {
	case u.Said == "":
		return ""
	case u.Guess != "":
		return t.plain("help.guess", "command", u.Guess)
	}
	return t.fixed["help.unread_summary"]
}

// Command returns the words of a command; "" if there is no such command.
func (t *Texts) Command(name string) string { return t.fixed["command."+name] }

// commands lists commands and what each does.
func (t *Texts) commands(names ...string) []any {
	var pairs []string
	for _, name := range names {
		pairs = append(pairs, t.fixed["command."+name], t.fixed["command."+name+".does"])
	}
	return facts(pairs...)
}

// Language offers the languages, each in its own name.
func (t *Texts) Language() Card {
	var actions []action
	for _, locale := range Locales {
		a := t.execute(In(locale).fixed["language.name"], Data{Verb: LanguageSet, Locale: locale})
		if locale == t.locale {
			a = a.primary()
		}
		actions = append(actions, a)
	}
	return Card{
		lang:    t.locale,
		Summary: t.fixed["language.title"],
		body:    []any{band(styleEmphasis, heading(t.fixed["language.title"]), small(t.fixed["language.present"]))},
		actions: actions,
	}
}

// otherLanguage is the button for the other language, in its own name.
func (t *Texts) otherLanguage() action {
	other := English
	if t.locale == English {
		other = Spanish
	}
	return t.execute(In(other).fixed["language.name"], Data{Verb: LanguageSet, Locale: other})
}
