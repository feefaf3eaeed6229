package bot

import (
	"errors"
	"fmt"

	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/cards"
)

// join joins the routes of the rooms, and adds their commands to the lexicon. It returns an
// error if two of them have the same verb, command or word.
func (b *Bot) join(rooms ...turn.Routes) error {
	b.verbs = turn.Routes{Personal: make(map[string]turn.Verb), Channel: make(map[string]turn.Verb)}
	b.commands = make(map[string]turn.Command)
	var twice []error
	for _, r := range rooms {
		twice = append(twice, b.addVerbs(b.verbs.Personal, r.Personal), b.addVerbs(b.verbs.Channel, r.Channel))
		for _, c := range r.Commands {
			if _, known := b.commands[c.Name]; known {
				twice = append(twice, fmt.Errorf("bot: two rooms answer %s", c.Name))
			}
			b.commands[c.Name] = c
			twice = append(twice, b.lexicon.Add(c.Name, c.Words, c.Hints))
		}
	}
	return errors.Join(twice...)
}

// addVerbs adds the verbs of a room to known.
func (b *Bot) addVerbs(known, verbs map[string]turn.Verb) error {
	var twice []error
	for verb, do := range verbs {
		if b.verbs.Personal[verb] != nil || b.verbs.Channel[verb] != nil {
			twice = append(twice, fmt.Errorf("bot: two rooms answer %s", verb))
		}
		known[verb] = do
	}
	return errors.Join(twice...)
}

// routes are those that belong to no room.
func (b *Bot) routes() turn.Routes {
	return turn.Routes{
		Personal: map[string]turn.Verb{cards.HelpShow: b.helpClick},
		Commands: b.ownCommands(),
	}
}
