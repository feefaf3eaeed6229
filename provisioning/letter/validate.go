package letter

import (
	"bytes"
	"errors"
	"fmt"
	"image/png"
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
	for i, l := range t.Legends {
		faults = append(faults, l.faults(fmt.Sprintf("legends[%d]", i))...)
	}
	faults = append(faults, t.logoFaults()...)
	return errors.Join(faults...)
}

// required are the parts without which there is no letter.
var required = []Part{PartNumber, PartBody}

func (t Template) partFaults() []error {
	var faults []error
	for _, p := range required {
		if !slices.Contains(t.Parts, p) {
			faults = append(faults, fmt.Errorf("parts: %q is required", p))
		}
	}
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
	if strings.ContainsAny(placeholder.ReplaceAllString(value, ""), "{}") {
		faults = append(faults, fmt.Errorf("texts: %s has a brace that is not closed, or not opened", key))
	}
	for _, found := range placeholder.FindAllStringSubmatch(value, -1) {
		if name := found[1]; !slices.Contains(known.names, name) && !slices.Contains(everywhere, name) {
			faults = append(faults, fmt.Errorf("texts: %s has no placeholder {%s}", key, name))
		}
	}
	return faults
}

// faults returns those of a legend; where is its key.
func (l Legend) faults(where string) []error {
	var faults []error
	for name, day := range map[string]string{"from": l.From, "to": l.To} {
		if _, err := time.Parse(time.DateOnly, day); day != "" && err != nil {
			faults = append(faults, fmt.Errorf("%s.%s: %q is not a date as 2026-01-31", where, name, day))
		}
	}
	if l.From != "" && l.To != "" && l.To < l.From {
		faults = append(faults, fmt.Errorf("%s: ends before it begins", where))
	}
	if strings.TrimSpace(l.Text) == "" {
		faults = append(faults, fmt.Errorf("%s.text: empty", where))
	}
	return faults
}

func (t Template) logoFaults() []error {
	if len(t.Logo) == 0 {
		return nil
	}
	var faults []error
	if _, err := png.Decode(bytes.NewReader(t.Logo)); err != nil {
		faults = append(faults, fmt.Errorf("logo: is no PNG; save it as PNG: %w", err))
	}
	if t.LogoAlt == "" {
		faults = append(faults, errors.New("logoAlt: missing; write what the logo shows"))
	}
	return faults
}
