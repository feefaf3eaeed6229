package service

import (
	"errors"
	"net/mail"
	"strings"
	"unicode"
	"unicode/utf8"

	"seducoahuila.gob.mx/altas/bot/console"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning/input"
)

// ContactRules is who helps people with what Altas does not do.
type ContactRules struct {
	Name  string `koanf:"name"`
	Phone string `koanf:"phone"` // Mexican, with its extension
	Mail  string `koanf:"mail"`
	Chat  string `koanf:"chat"` // user principal name of who answers in Teams; "" for no button
}

// maxContactName is the most characters of the contact's name.
const maxContactName = 80

func (r *ContactRules) validate() error {
	if r == nil {
		return nil
	}
	var faults []error
	if strings.TrimSpace(r.Phone)+strings.TrimSpace(r.Mail) == "" {
		faults = append(faults, console.Errorf("contact: write phone or mail, or remove the section"))
	}
	if n := utf8.RuneCountInString(r.Name); n > maxContactName || strings.ContainsFunc(r.Name, unicode.IsControl) {
		faults = append(faults, console.Errorf("contact.name: one line of at most %d characters", maxContactName))
	}
	if _, err := input.ParsePhone(r.Phone); err != nil {
		faults = append(faults, console.Errorf("contact.phone: %q is not ten digits, with its extension if it has one: 844 411 8800 ext. 12", r.Phone))
	}
	return errors.Join(append(faults, validMail("contact.mail", r.Mail), validMail("contact.chat", r.Chat))...)
}

// validMail returns an error unless an address is empty or one bare address: name@domain.
func validMail(where, address string) error {
	address = strings.TrimSpace(address)
	if address == "" {
		return nil
	}
	if parsed, err := mail.ParseAddress(address); err != nil || parsed.Address != address {
		return console.Errorf("%s: %q is no address, such as nombre@seducoahuila.gob.mx", where, address)
	}
	return nil
}

// warnings says that people are sent to nobody in particular.
func (r *ContactRules) warnings() []string {
	if r != nil {
		return nil
	}
	return []string{"contact: missing, so that people are sent to the platform without a telephone or an address; write who answers them"}
}

// domain returns the contact; the zero one without the section.
func (r *ContactRules) domain() cards.Contact {
	if r == nil {
		return cards.Contact{}
	}
	number, _ := input.ParsePhone(r.Phone) // validated
	return cards.Contact{Name: strings.TrimSpace(r.Name), Phone: number, Mail: strings.TrimSpace(r.Mail), Chat: strings.TrimSpace(r.Chat)}
}
