package privacy

import "time"

// Notice is the short privacy notice in force. People are asked again when its Version changes.
type Notice struct {
	Version string
	Date    time.Time       // of the version, midnight UTC; zero if it is not said
	Texts   map[string]Text // by locale, "es-MX" or "en"; the catalogue has the texts that are missing
}

// BuiltInVersion is the version of the notice that consists of the catalogue's texts only.
const BuiltInVersion = "1"

// BuiltIn returns the notice used if the configuration has none.
func BuiltIn() Notice { return Notice{Version: BuiltInVersion} }

// Text is the notice in one language, as the organisation wrote it: plain text, "" for what it did
// not write.
type Text struct {
	Responsible string // who is responsible for the data
	Address     string // of the responsible
	Data        string // which data are taken
	Purposes    string // what they serve for
	Transfers   string // to whom they are passed, and whether that needs consent
	Refuse      string // how a person refuses, or exercises their rights
	Contact     string // whom to ask
	URL         string // https address of the full notice
}

// In returns the notice in a locale: what is not written in it is taken from fallback, the locale in
// which the notice is binding.
func (n Notice) In(locale, fallback string) Text {
	t, other := n.Texts[locale], n.Texts[fallback]
	for _, part := range []struct{ into, from *string }{
		{&t.Responsible, &other.Responsible}, {&t.Address, &other.Address}, {&t.Data, &other.Data}, {&t.Purposes, &other.Purposes},
		{&t.Transfers, &other.Transfers}, {&t.Refuse, &other.Refuse}, {&t.Contact, &other.Contact}, {&t.URL, &other.URL},
	} {
		if *part.into == "" {
			*part.into = *part.from
		}
	}
	return t
}
