package letter

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
)

// placeholder is a name in braces, or what was meant to be one.
var placeholder = regexp.MustCompile(`\{([^{}]*)\}`)

// Validate returns all faults of the template, joined: parts that are unknown or repeated, unknown
// keys of texts, placeholders that the text does not have, legends whose dates are no dates, and
// a logo without its description.
func (t Template) Validate() error {
	faults := t.partFaults()
	for _, key := range slices.Sorted(maps.Keys(t.Texts)) {
		faults = append(faults, textFaults(key, t.Texts[key])...)
	}
	for _, l := range t.Legends {
		faults = append(faults, l.faults()...)
	}
	if len(t.Logo) > 0 && t.LogoAlt == "" {
		faults = append(faults, errors.New("logo: a text that says what it shows is required"))
	}
	return errors.Join(faults...)
}

func (t Template) partFaults() []error {
	var faults []error
	for i, p := range t.Parts {
		switch {
		case !p.known():
			faults = append(faults, fmt.Errorf("parts: there is no part %q", p))
		case slices.Contains(t.Parts[:i], p):
			faults = append(faults, fmt.Errorf("parts: %q is named twice", p))
		}
	}
	return faults
}

func textFaults(key, value string) []error {
	known, ok := texts[key]
	if !ok {
		// "key@kind" may be new: it has the placeholders of its key.
		base, _, _ := strings.Cut(key, "@")
		if known, ok = texts[base]; !ok {
			return []error{fmt.Errorf("texts: there is no text %q", key)}
		}
	}
	var faults []error
	for _, found := range placeholder.FindAllStringSubmatch(value, -1) {
		if name := found[1]; !slices.Contains(known.names, name) && !slices.Contains(everywhere, name) {
			faults = append(faults, fmt.Errorf("texts: %s has no placeholder {%s}", key, name))
		}
	}
	return faults
}

func (l Legend) faults() []error {
	var faults []error
	for _, day := range []string{l.From, l.To} {
		if _, err := time.Parse(time.DateOnly, day); day != "" && err != nil {
			faults = append(faults, fmt.Errorf("legends: %q: %q is not a date as 2026-01-31", l.Text, day))
		}
	}
	return faults
}
