package cards

import (
	"errors"
	"strconv"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// Say returns the text of a key as Markdown for a chat message, with the
// arguments, which people may have typed, escaped. A key that is in no catalogue
// returns "": a test finds it first.
func (t *Texts) Say(key string, args map[string]string) string {
	return t.render(key, escaped(args), nil)
}

// Reason returns the sentence for an error: its own for a *problem.Error,
// the one of an internal fault for everything else.
func (t *Texts) Reason(err error) string { return t.Fault(err, "") }

// Fault is Reason with the reference number under which the log has the cause.
func (t *Texts) Fault(err error, reference string) string {
	var e *problem.Error
	if errors.As(err, &e) && e.Code != problem.CodeInternal {
		if text := t.render("error."+e.Reason, escaped(t.worded(e.Args)), nil); text != "" {
			return text
		}
	}
	if reference == "" {
		return t.fixed["error.internal"]
	}
	return t.render("error.internal_reference", map[string]string{"reference": reference}, nil)
}

// worded puts the catalogue's words in place of the domain's names of states.
func (t *Texts) worded(args map[string]string) map[string]string {
	worded := make(map[string]string, len(args))
	for k, v := range args {
		switch k {
		case "state":
			v = t.RequestState(provisioning.RequestState(v))
		case "from", "to":
			v = t.AccountState(provisioning.AccountState(v))
		}
		worded[k] = v
	}
	return worded
}

// md returns the text of a key for a TextBlock or Fact. args are name, value
// pairs; the values are escaped.
func (t *Texts) md(key string, args ...string) string {
	return t.render(key, escaped(pairs(args)), nil)
}

// plain returns the text of a key where no Markdown is read: titles of buttons,
// labels, summaries.
func (t *Texts) plain(key string, args ...string) string {
	return t.render(key, pairs(args), nil)
}

// count returns the text of a key in the plural form of n, which is also its
// argument "count".
func (t *Texts) count(key string, n int, args ...string) string {
	data := escaped(pairs(args))
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
	text, _ := t.localizer.Localize(&config) // the only errors left are of the catalogue, which is tested
	return text
}

// thousands writes a number as both languages do: 2,950.
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

// sentences joins texts with a space, leaving out empty ones.
func sentences(texts ...string) string { return join(" ", texts...) }

// dotted joins short texts with a middle dot, leaving out empty ones.
func dotted(texts ...string) string { return join(" · ", texts...) }

func join(separator string, texts ...string) string {
	kept := texts[:0:0]
	for _, text := range texts {
		if text != "" {
			kept = append(kept, text)
		}
	}
	return strings.Join(kept, separator)
}
