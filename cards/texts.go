package cards

import (
	"errors"
	"strconv"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// Say returns the text of a key as Markdown for a chat message. The arguments, which people may
// have typed, are escaped. For a key that is in no catalogue it returns ""; a test finds such keys.
func (t *Texts) Say(key string, args map[string]string) string {
	return t.render(key, escaped(t.reaching(key, args)), nil)
}

// Reason returns the sentence for an error: that of a *problem.Error's reason, or the one for an
// internal error.
func (t *Texts) Reason(err error) string { return t.Fault(err, "") }

// Fault is Reason with the reference under which the cause is logged.
func (t *Texts) Fault(err error, reference string) string {
	var e *problem.Error
	if errors.As(err, &e) && e.Code != problem.CodeInternal {
		if text := t.Say("error."+e.Reason, t.withStateNames(e.Args)); text != "" {
			return text
		}
	}
	if reference == "" {
		return t.fixed["error.internal"]
	}
	return t.Say("error.internal_reference", map[string]string{"reference": reference})
}

// withStateNames replaces the states in the arguments by their names in the catalogue.
func (t *Texts) withStateNames(args map[string]string) map[string]string {
	named := make(map[string]string, len(args))
	for k, v := range args {
		switch k {
		case "state":
			v = t.inSentence(provisioning.RequestState(v))
		case "from", "to":
			v = t.AccountState(provisioning.AccountState(v))
		}
		named[k] = v
	}
	return named
}

// md returns the text of a key as Markdown, for a TextBlock or Fact. args are name, value pairs;
// the values are escaped.
func (t *Texts) md(key string, args ...string) string {
	return t.render(key, escaped(t.reaching(key, pairs(args))), nil)
}

// plain returns the text of a key as plain text: titles of buttons, labels, summaries.
func (t *Texts) plain(key string, args ...string) string {
	return t.render(key, t.reaching(key, pairs(args)), nil)
}

// count returns the text of a key in the plural form of n, which is also the argument "count".
func (t *Texts) count(key string, n int, args ...string) string {
	data := escaped(t.reaching(key, pairs(args)))
	if data == nil {
		data = make(map[string]string, 1)
	}
	data["count"] = thousands(n)
	return t.render(key, data, n)
}

func (t *Texts) render(key string, args map[string]string, count any) string {
	if text, ok := t.fixed[key]; ok {
		return text
	}
	config := i18n.LocalizeConfig{MessageID: t.key(key), TemplateData: args, PluralCount: count}
	text, _ := t.localizer.Localize(&config) // a test checks the catalogue
	return text
}

// thousands formats a number as in both languages: 2,950.
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func pairs(args []string) map[string]string {
	if len(args) == 0 {
		return nil
	}
	m := make(map[string]string, len(args)/2)
	for i := 0; i+1 < len(args); i += 2 {
		m[args[i]] = args[i+1]
	}
	return m
}

// sentences joins the texts that are not empty with spaces.
func sentences(texts ...string) string { return join(" ", texts...) }

// dotted joins the texts that are not empty with middle dots.
func dotted(texts ...string) string { return join(" · ", texts...) }

func join(separator string, texts ...string) string {
	present := texts[:0:0]
	for _, text := range texts {
		if text != "" {
			present = append(present, text)
		}
	}
	return strings.Join(present, separator)
}
