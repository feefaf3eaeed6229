package recipient

import (
	"cmp"

	"seducoahuila.gob.mx/altas/cards"
)

// Texts returns the texts in the person's language and with their buttons, as of now.
func (reg *Registry) Texts(c Person) *cards.Texts {
	return reg.TextsIn(c.Language(reg.Locale)).With(cmp.Or(c.Buttons, reg.Buttons))
}

// TextsIn returns the texts of a language with the organisation's buttons, as of now.
func (reg *Registry) TextsIn(locale string) *cards.Texts {
	return cards.In(locale).At(reg.Now().In(reg.Location)).With(reg.Buttons).WithContact(reg.Contact)
}
