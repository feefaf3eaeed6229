package cards

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

func TestIn(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"": Spanish, "es": Spanish, "es-MX": Spanish, "es-ES": Spanish, "en": English, "en-US": English, "EN-gb": English, "fr-FR": Spanish, "../x": Spanish,
	} {
		if got := In(given).Locale(); got != want {
			t.Errorf("In(%q).Locale() = %s, want %s", given, got, want)
		}
	}
}

func TestSay(t *testing.T) {
	t.Parallel()
	got := In(Spanish).Say("notice.excluded", map[string]string{"name": "*Ana* [x](http://y)", "folio": "2026-000001"})
	want := `La cuenta de \*Ana\* \[x\](http://y) quedó fuera de la solicitud 2026-000001.`
	if got != want {
		t.Errorf("Say = %s, want %s", got, want)
	}
	if got := In(English).Say("no.such.key", nil); got != "" {
		t.Errorf("Say of an unknown key = %q", got)
	}
}

func TestReason(t *testing.T) {
	t.Parallel()
	texts := In(Spanish)
	for _, c := range []struct {
		name string
		err  error
		want string
	}{
		{"its own sentence", problem.Invalid("curp", "curp.length", "got", "17", "want", "18"), "La CURP lleva 18 caracteres y escribió 17. Cópiela de la constancia."},
		{"wrapped", fmt.Errorf("submit: %w", problem.Refuse(problem.CodeForbidden, "authority.own")), "Usted envió esta solicitud, así que la decide otra persona."},
		{"a state by its word", problem.Refuse(problem.CodeConflict, "state.request", "folio", "2026-000001", "state", "rejected"), "La solicitud 2026-000001 ya está rechazada."},
		{"a stage that nobody named", problem.Refuse(problem.CodeConflict, "state.request", "folio", "2026-000001", "state", "contraloría"), "La solicitud 2026-000001 ya está en la etapa «contraloría»."},
		{"ours", errors.New("bbolt: out of pages"), "Altas no pudo terminar lo que pidió. No se perdió nada; intente de nuevo en unos minutos."},
		{"a reason without a sentence", problem.Refuse(problem.CodeConflict, "no.such"), "Altas no pudo terminar lo que pidió. No se perdió nada; intente de nuevo en unos minutos."},
	} {
		if got := texts.Reason(c.err); got != c.want {
			t.Errorf("%s: Reason = %s, want %s", c.name, got, c.want)
		}
	}
	if got := texts.Fault(errors.New("x"), "7K3F-Q2MD"); !strings.Contains(got, "7K3F-Q2MD") {
		t.Errorf("Fault = %s, want the reference", got)
	}
}

func TestWhen(t *testing.T) {
	t.Parallel()
	zone := tuesday.Location()
	at := func(y int, m time.Month, d, hour, minute int) time.Time {
		return time.Date(y, m, d, hour, minute, 0, 0, zone).UTC()
	}
	for _, c := range []struct {
		at     time.Time
		es, en string
	}{
		{at(2026, 7, 14, 0, 5), "hoy, 00:05", "today, 00:05"},
		{at(2026, 7, 14, 23, 59), "hoy, 23:59", "today, 23:59"},
		{at(2026, 7, 13, 23, 59), "ayer, 23:59", "yesterday, 23:59"},
		{at(2026, 7, 15, 0, 0), "mañana, 00:00", "tomorrow, 00:00"},
		{at(2026, 7, 7, 9, 30), "martes 7 de julio, 09:30", "Tuesday 7 July, 09:30"},
		{at(2025, 12, 31, 9, 30), "31 de diciembre de 2025, 09:30", "31 December 2025, 09:30"},
		{time.Time{}, "", ""},
	} {
		if got := unbroken(In(Spanish).At(tuesday).Moment(c.at)); got != c.es {
			t.Errorf("Moment = %s, want %s", got, c.es)
		}
		if got := unbroken(In(English).At(tuesday).Moment(c.at)); got != c.en {
			t.Errorf("Moment = %s, want %s", got, c.en)
		}
	}
}

func TestSince(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		texts *Texts
		at    time.Time
		want  string
	}{
		{In(Spanish), tuesday, "desde hoy, 10:32"},
		{In(Spanish), tuesday.AddDate(0, 0, -1), "desde ayer, 10:32"},
		{In(Spanish), tuesday.AddDate(0, 0, -7), "desde el martes 7 de julio, 10:32"},
		{In(Spanish), tuesday.AddDate(-1, 0, 0), "desde el 14 de julio de 2025, 10:32"},
		{In(English), tuesday.AddDate(0, 0, -7), "since Tuesday 7 July, 10:32"},
	} {
		if got := unbroken(c.texts.At(tuesday).sinceWorked(c.at, 0)); got != c.want {
			t.Errorf("since = %s, want %s", got, c.want)
		}
	}
}

// On a card of the last days the weekday is enough; on one that stands for weeks it is not.
func TestSinceLine(t *testing.T) {
	t.Parallel()
	spanish, english := In(Spanish).At(tuesday), In(English).At(tuesday)
	for _, c := range []struct {
		texts  *Texts
		ago    int
		worked time.Duration
		want   string
	}{
		{spanish, 0, 0, "desde hoy, 10:32"},
		{spanish, 1, 2 * time.Hour, "desde ayer, 10:32 · 2 horas hábiles"},
		{spanish, 2, time.Hour, "desde el domingo, 10:32 · 1 hora hábil"},
		{spanish, 6, 5 * time.Hour, "desde el miércoles, 10:32 · 5 horas hábiles"},
		{spanish, 7, 5 * time.Hour, "desde el martes 7 de julio, 10:32 · 5 horas hábiles"},
		{spanish.withAbsoluteDates(), 3, 5 * time.Hour, "desde el sábado 11 de julio, 10:32 · 5 horas hábiles"},
		{english, 3, 5 * time.Hour, "since Saturday, 10:32 · 5 working hours"},
	} {
		if got := unbroken(c.texts.sinceLine(tuesday.AddDate(0, 0, -c.ago), c.worked)); got != c.want {
			t.Errorf("%d days ago: %q, want %q", c.ago, got, c.want)
		}
	}
	if got := spanish.sinceLine(time.Time{}, time.Hour); got != "" {
		t.Errorf("since the zero time: %q", got)
	}
}

// unbroken replaces non-breaking spaces by plain ones.
func unbroken(s string) string { return strings.ReplaceAll(s, "\u00a0", " ") }

func TestDateOfADocumentIsTheOneWritten(t *testing.T) {
	t.Parallel()
	written := time.Date(2026, 7, 7, 0, 0, 0, 0, time.UTC) // the evening before, in Saltillo
	if got := In(Spanish).At(tuesday).Date(written); got != "martes 7 de julio" {
		t.Errorf("Date = %s", got)
	}
}

func TestEscape(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"Lucía Ñáñez":               "Lucía Ñáñez",
		"O'Farrill-Peña":            "O'Farrill-Peña",
		"SEDU/DTI/045/2026":         "SEDU/DTI/045/2026",
		"**urgente**":               `\*\*urgente\*\*`,
		"[aquí](http://mal)":        `\[aquí\](http://mal)`,
		"# Título":                  `\# Título`,
		"- uno":                     `\- uno`,
		"1. uno":                    `1\. uno`,
		"12) dos":                   `12\) dos`,
		"3.º B":                     `3\.º B`,
		"{{DATE(2026-01-01)}}":      `\{\{DATE(2026-01-01)}}`,
		"a\nb\r\n\tc":               "a b c",
		"<at>Altas</at> &amp; `x`":  "\\<at\\>Altas\\</at\\> \\&amp; \\`x\\`",
		"al rev\u202eés\u2066\x00.": "al revés.",
		"Ro\u200bsa\u00ad \ufeffCár\u2060denas\U000E0041 👩\u200d🏫": "Rosa Cárdenas 👩\u200d🏫",
		`C:\x_y~z`: `C:\\x\_y\~z`,
	} {
		if got := escape(given); got != want {
			t.Errorf("escape(%q) = %q, want %q", given, got, want)
		}
	}
}

func TestThousands(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 2950: "2,950", 1234567: "1,234,567"} {
		if got := thousands(n); got != want {
			t.Errorf("thousands(%d) = %s, want %s", n, got, want)
		}
	}
}

func TestPhone(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{"8444118800": "844 411 8800", "5512345678 ext. 12": "55 1234 5678 ext. 12", "": "", "raro": "raro"} {
		if got := phone(given); got != want {
			t.Errorf("phone(%q) = %q, want %q", given, got, want)
		}
	}
}

var noticeConstants = regexp.MustCompile(`(?m)^\s+Notice\w+\s+NoticeKind = "([a-z_]+)"`)

// noticeKinds returns all kinds of notice declared in provisioning.
func noticeKinds(t *testing.T) (kinds []provisioning.NoticeKind) {
	t.Helper()
	source, err := os.ReadFile("../provisioning/notice.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, found := range noticeConstants.FindAllStringSubmatch(string(source), -1) {
		kinds = append(kinds, provisioning.NoticeKind(found[1]))
	}
	if !slices.Contains(kinds, provisioning.NoticeReceived) || !slices.Contains(kinds, provisioning.NoticeEscalated) {
		t.Fatalf("the source declares %v", kinds)
	}
	return kinds
}

func TestNotices(t *testing.T) {
	t.Parallel()
	for _, locale := range Locales {
		t.Run(locale, func(t *testing.T) {
			t.Parallel()
			var all strings.Builder
			for _, kind := range noticeKinds(t) {
				m := In(locale).At(tuesday).Notice(news(kind))
				if m.Text == "" && m.Card.None() {
					t.Errorf("%s says nothing", kind)
				}
				fmt.Fprintf(&all, "%s\n  %s%s\n", kind, m.Text, m.Card.Summary)
				for _, fault := range faultsOfTone(locale, string(kind), m.Text) {
					t.Error(fault)
				}
			}
			golden(t, locale+"/notices.txt", []byte(all.String()))
		})
	}
}

func news(kind provisioning.NoticeKind) News {
	g := gallery{s: sample{tuesday}}
	n := News{Notice: provisioning.Notice{Kind: kind, Folio: "2026-000123"}, Account: g.s.account(1, teacher(0), provisioning.AccountExists)}
	n.View = g.s.requestView(g.s.holders(3), provisioning.StateSubdirector, provisioning.AccountPending)
	switch kind {
	case provisioning.NoticeTurned: // that stage has decided too, before the notice is sent
		n.Notice.Args = map[string]string{"stage": "subdirector"}
		n.View.Request.State = provisioning.StateProvisioning
	case provisioning.NoticeReturned:
		n.View = g.s.requestView(g.s.holders(1), provisioning.StateReturned, provisioning.AccountPending)
	case provisioning.NoticeRejected:
		n.View = g.s.requestView(g.s.holders(1), provisioning.StateRejected, provisioning.AccountPending)
	case provisioning.NoticeReady:
		n.Delivery = g.delivery()
	case provisioning.NoticeExcluded:
		n.Account.Note = "Ya no trabaja en la escuela."
	case provisioning.NoticeWaiting:
		n.View.Place = 14
	case provisioning.NoticeShortage:
		n.Notice.Args = map[string]string{"type": "docente"}
	case provisioning.NoticeUnreachable:
		n.Notice.Args = map[string]string{"stage": "director"}
	case provisioning.NoticeUndelivered:
		n.Notice.Args = map[string]string{"kind": "ready", "name": "Silvia Treviño"}
	case provisioning.NoticeAuditHead:
		n.Notice.Args = map[string]string{"entries": "1523", "head": "1523:" + strings.Repeat("4f0c9a1b", 8)}
	case provisioning.NoticeStockUnread:
		n.Notice.Args = map[string]string{"ref": "7K3F-Q2MD"}
	case provisioning.NoticeDigest:
		n.Notice.Args = map[string]string{"stage": "director", "waiting": "3", "since": tuesday.AddDate(0, 0, -4).Format(time.RFC3339)}
	case provisioning.NoticeInquiries:
		n.Notice.Args = map[string]string{"name": "Óscar Villarreal", "most": "500"}
	case provisioning.NoticeUnrecorded:
		n.Notice.Args = map[string]string{"address": "lucia.nanez@docentecoahuila.gob.mx", "name": "Lucía Ñáñez Garza"}
	case provisioning.NoticeLowStock:
		n.Notice.Args = map[string]string{"sku": "STANDARDWOFFPACK_FACULTY", "free": "12"}
	case provisioning.NoticeEscalated:
		n.View.Worked, n.Substitutes = 24*time.Hour, g.substitutes()
	case provisioning.NoticeUncorrected:
		n.Notice.Args = map[string]string{"ends": tuesday.AddDate(0, 0, 14).Format(time.RFC3339)}
	case provisioning.NoticeCompleted:
		n.View = g.s.requestView(g.s.holders(3), provisioning.StateCompleted, provisioning.AccountAnnounced)
		n.View.Accounts[1].State, n.View.Accounts[2].State = provisioning.AccountExists, provisioning.AccountExcluded
		n.View.Accounts[2].Note = "Ya no labora en el plantel."
		n.View.Tally = provisioning.Tally{provisioning.AccountAnnounced: 1, provisioning.AccountExists: 1, provisioning.AccountExcluded: 1}
	}
	return n
}
