package bot_test

import (
	"seducoahuila.gob.mx/altas/bot"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/letter"
)

// nobody signs in.
type nobody struct{ bot.SignIn }

// letters numbers its letters by hand, so that nothing is printed.
func (o *office) letters(db provisioning.Store) *letter.Letters {
	return &letter.Letters{Config: letter.Config{
		Store: db, Keys: letter.Keys{make(letter.Key, letter.KeySize)},
		Settings: letter.Settings{Numbering: letter.Numbering{Source: letter.FromOffice}, Stage: provisioning.Subdirector},
		Location: o.zone, Now: o.Now,
	}}
}
