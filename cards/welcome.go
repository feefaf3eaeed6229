package cards

import "seducoahuila.gob.mx/altas/provisioning"

// Welcome greets a person who is new to Altas.
func (t *Texts) Welcome() Card {
	return Card{
		Summary: t.fixed["welcome.summary"],
		body: []any{
			heading(t.fixed["welcome.title"]),
			paragraph(t.fixed["welcome.what"]),
			paragraph(t.fixed["welcome.how1"]), next(t.fixed["welcome.how2"]), next(t.fixed["welcome.how3"]),
			quiet(t.fixed["welcome.privacy"]),
		},
		actions: []action{
			execute(t.fixed["button.begin"], Data{Verb: RequestBegin}).usual(),
			execute(t.fixed["button.mine"], Data{Verb: RequestMine}),
			execute(t.fixed["button.help"], Data{Verb: HelpShow}),
			t.otherLanguage(),
		},
	}
}

// Help lists what may be typed in the personal chat. guide is the address of the
// page about the form, "" where there is none.
func (t *Texts) Help(guide string) Card {
	actions := []action{
		execute(t.fixed["button.begin"], Data{Verb: RequestBegin}).usual(),
		execute(t.fixed["button.mine"], Data{Verb: RequestMine}),
	}
	if guide != "" {
		actions = append(actions, open(t.fixed["button.guide"], guide))
	}
	return Card{
		Summary: t.fixed["help.summary"],
		body: append([]any{heading(t.fixed["help.title"]), paragraph(t.fixed["help.type"])},
			t.commands("begin", "status", "mine", "find", "cancel", "language")...),
		actions: append(actions, t.otherLanguage()),
	}
}

// HelpChannel lists what may be typed in a channel. stage is the one that is bound
// to it, "" where none is.
func (t *Texts) HelpChannel(stage provisioning.StageName) Card {
	said := t.fixed["help.channel.unbound"]
	if stage != "" {
		said = t.md("help.channel.bound", "stage", t.the(stage))
	}
	return Card{
		Summary: t.fixed["help.channel.summary"],
		body: append([]any{heading(t.fixed["help.channel.title"]), paragraph(said)},
			t.commands("pending", "substitute", "substitutes", "register", "help")...),
	}
}

// commands lists commands with what each does.
func (t *Texts) commands(names ...string) []any {
	var pairs []string
	for _, name := range names {
		pairs = append(pairs, t.fixed["command."+name], t.fixed["command."+name+".does"])
	}
	return facts(pairs...)
}

// Language offers the languages, each in its own words.
func (t *Texts) Language() Card {
	var actions []action
	for _, locale := range Locales {
		a := execute(In(locale).fixed["language.name"], Data{Verb: LanguageSet, Locale: locale})
		if locale == t.locale {
			a = a.usual()
		}
		actions = append(actions, a)
	}
	return Card{
		Summary: t.fixed["language.title"],
		body:    []any{heading(t.fixed["language.title"]), small(t.fixed["language.present"])},
		actions: actions,
	}
}

// otherLanguage offers, in its own words, the language that the texts are not in.
func (t *Texts) otherLanguage() action {
	other := English
	if t.locale == English {
		other = Spanish
	}
	return execute(In(other).fixed["language.name"], Data{Verb: LanguageSet, Locale: other})
}
