package bot

import (
	"errors"
	"fmt"

	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/cards"
)

// join puts the routes of the rooms together. It is an error where two answer one verb.
func join(rooms ...turn.Routes) (turn.Routes, error) {
	all := turn.Routes{Personal: make(map[string]turn.Verb), Channel: make(map[string]turn.Verb)}
	var twice []error
	for _, r := range rooms {
		for into, verbs := range map[*map[string]turn.Verb]map[string]turn.Verb{&all.Personal: r.Personal, &all.Channel: r.Channel} {
			for verb, do := range verbs {
				if all.Personal[verb] != nil || all.Channel[verb] != nil {
					twice = append(twice, fmt.Errorf("bot: two rooms answer %s", verb))
				}
				(*into)[verb] = do
			}
		}
		all.Commands = append(all.Commands, r.Commands...)
	}
	return all, errors.Join(twice...)
}

// learn makes the words of the commands known. It is an error where two have one word, or one
// name.
func (b *Bot) learnCommands(commands []turn.Command) error {
	b.commandsByName = make(map[string]turn.Command, len(commands))
	var twice []error
	for _, c := range commands {
		if _, known := b.commandsByName[c.Name]; known {
			twice = append(twice, fmt.Errorf("bot: two rooms answer %s", c.Name))
		}
		b.commandsByName[c.Name] = c
		twice = append(twice, b.lexicon.Add(c.Name, c.Words, c.Hints))
	}
	return errors.Join(twice...)
}

// routes are those of no room.
func (b *Bot) routes() turn.Routes {
	return turn.Routes{
		Personal: map[string]turn.Verb{cards.HelpShow: b.helpClick},
		Commands: b.commands(),
	}
}
