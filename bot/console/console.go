package console

import (
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"
)

//go:embed texts.yaml
var file []byte

// spanish returns the Spanish texts by their English ones.
var spanish = sync.OnceValues(func() (map[string]string, error) {
	var pairs []struct{ En, Es string }
	if err := yaml.Unmarshal(file, &pairs); err != nil {
		return nil, err
	}
	texts := make(map[string]string, len(pairs))
	for _, p := range pairs {
		texts[p.En] = p.Es
	}
	return texts, nil
})

// Texts are the texts of one language.
type Texts struct{ texts map[string]string } // none: English

// In returns the texts of a BCP-47 locale: English for "en" and its regions, Spanish for all others.
func In(locale string) Texts {
	if strings.HasPrefix(strings.ToLower(strings.TrimSpace(locale)), "en") {
		return Texts{}
	}
	texts, _ := spanish() // embedded; a test checks that it parses
	return Texts{texts}
}

// Text returns an English text in the language; unchanged if there is none.
func (t Texts) Text(english string) string {
	if text, ok := t.texts[english]; ok {
		return text
	}
	return english
}

// Phrase is a part of a sentence, in English; Errorf and Sprintf translate it.
type Phrase string

// Sprintf is fmt.Sprintf in the language; format is English.
func (t Texts) Sprintf(format string, args ...any) string {
	said := make([]any, len(args))
	for i, arg := range args {
		switch arg := arg.(type) {
		case Phrase:
			said[i] = t.Text(string(arg))
		case error:
			said[i] = t.Error(arg)
		default:
			said[i] = arg
		}
	}
	return fmt.Sprintf(strings.ReplaceAll(t.Text(format), "%w", "%s"), said...)
}

// fault is an error that can be told in each language.
type fault struct {
	error
	format string
	args   []any
}

func (f *fault) Unwrap() error { return f.error }

// Errorf is fmt.Errorf, for an error that Texts.Error can tell in each language. format is English.
func Errorf(format string, args ...any) error {
	return &fault{fmt.Errorf(format, args...), format, args}
}

// Error returns the text of an error in the language. Of an error that Errorf did not make, what it wraps
// is told in the language, and its own text if it has one.
func (t Texts) Error(err error) string {
	if t.texts == nil {
		return err.Error()
	}
	switch e := err.(type) { //nolint:errorlint // each layer by itself
	case *fault:
		return t.Sprintf(e.format, e.args...)
	case *fs.PathError:
		return e.Path + ": " + t.Error(portable(e.Err))
	}
	text := err.Error()
	for _, inner := range wrapped(err) {
		text = strings.Replace(text, inner.Error(), t.Error(inner), 1)
	}
	return t.Text(text)
}

// portable returns Go's error for one of the system, whose text differs from system to system.
func portable(err error) error {
	for _, known := range []error{fs.ErrNotExist, fs.ErrPermission} {
		if errors.Is(err, known) {
			return known
		}
	}
	return err
}

// wrapped returns the errors that an error wraps or joins.
func wrapped(err error) []error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		return joined.Unwrap()
	}
	if inner := errors.Unwrap(err); inner != nil {
		return []error{inner}
	}
	return nil
}
