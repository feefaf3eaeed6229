package cards

import (
	"embed"
	"errors"
	"io/fs"
	"strings"
	"sync"
	"time"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"go.yaml.in/yaml/v3"
	"golang.org/x/text/language"

	"seducoahuila.gob.mx/altas/provisioning"
)

// The locales that there are texts for.
const (
	Spanish = "es-MX"
	English = "en"
)

// Locales lists them, the default first.
var Locales = [...]string{Spanish, English}

//go:embed texts/*.yaml
var files embed.FS

// Texts are the texts of one locale, as told at one moment. In makes them; they
// are safe for concurrent use.
type Texts struct {
	locale    string
	localizer *i18n.Localizer
	fixed     map[string]string // the texts that take no arguments
	kinds     map[provisioning.RequestKind]*kindTexts
	kind      *kindTexts // set by about; the usual texts are of kind ""
	months    []string
	weekdays  []string
	now       time.Time
	stands    bool // for a card that is read on other days too
	buttons   Buttons
}

// In returns the texts of a BCP-47 locale: English for any of English's, Spanish
// for everything else.
func In(locale string) *Texts {
	all, _ := catalogues() // embedded: a test holds that they parse
	if strings.HasPrefix(strings.ToLower(locale), English) {
		return all[English]
	}
	return all[Spanish]
}

// At returns the texts as told at an instant: "today" is now's date in now's
// location, and every time is told in that location.
func (t *Texts) At(now time.Time) *Texts {
	told := *t
	told.now = now
	return &told
}

// With returns the texts for cards whose buttons are drawn in that way.
func (t *Texts) With(b Buttons) *Texts {
	told := *t
	told.buttons = b
	return &told
}

// standing returns the texts for a card that stands for weeks and is redrawn only when
// something happens: "today" would soon be wrong on it.
func (t *Texts) standing() *Texts {
	told := *t
	told.stands = true
	return &told
}

// Locale returns the locale of the texts, one of Locales.
func (t *Texts) Locale() string { return t.locale }

var catalogues = sync.OnceValues(func() (map[string]*Texts, error) { return load(files) })

// load reads the catalogues of every locale.
func load(fsys fs.FS) (map[string]*Texts, error) {
	bundle := i18n.NewBundle(language.MustParse(Spanish))
	bundle.RegisterUnmarshalFunc("yaml", yaml.Unmarshal)
	all := make(map[string]*Texts)
	for _, locale := range Locales {
		all[locale] = &Texts{locale: locale, fixed: make(map[string]string), kinds: make(map[provisioning.RequestKind]*kindTexts)}
	}
	paths, err := fs.Glob(fsys, "texts/*.yaml")
	if err != nil {
		return all, err
	}
	var faults []error
	for _, path := range paths {
		file, err := bundle.LoadMessageFileFS(fsys, path)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		all[file.Tag.String()].keep(file.Messages)
	}
	for _, t := range all {
		t.mergeKinds()
		t.localizer = i18n.NewLocalizer(bundle, t.locale)
		t.months = strings.Fields(t.fixed["when.months"])
		t.weekdays = strings.Fields(t.fixed["when.weekdays"])
	}
	return all, errors.Join(faults...)
}

// keep sets aside the messages that are the same whatever the arguments: a card
// is mostly made of them, and go-i18n matches the language anew for each.
func (t *Texts) keep(messages []*i18n.Message) {
	for _, m := range messages {
		if base, kind, ok := strings.Cut(m.ID, "@"); ok {
			t.ofKind(provisioning.RequestKind(kind)).own[base] = true
		}
		if m.One == "" && !strings.Contains(m.Other, "{{") {
			t.fixed[m.ID] = m.Other
		}
	}
}
