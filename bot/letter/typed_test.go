package letter

import "testing"

// What is typed after the folio does one thing, or nothing: a sentence that only mentions a word of
// these is not an order.
func TestWhatIsTypedAboutALetter(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"enviado": "sent", "ya enviado": "sent", "Ya se envió.": "sent", "entregado": "sent", "sent": "sent",
		"anular el nombre está mal": "annul", "anular": "annul", "Anular: duplicado": "annul", "void wrong name": "annul",
		"número SS/12/2026": "number", "num. 45": "number", "number 45": "number",
		"no enviado": "", "¿enviado?": "", "enviado?": "", "todavía no se ha enviado": "", "hay que anular esto": "", "anularlo": "", "numeroso": "",
		"enviado mañana": "",
	} {
		got := ""
		switch {
		case sentWord.MatchString(typed):
			got = "sent"
		case annulWord.MatchString(typed):
			got = "annul"
		case numberWord.MatchString(typed):
			got = "number"
		}
		if got != want {
			t.Errorf("%q does %q, want %q", typed, got, want)
		}
	}
	for typed, want := range map[string][2]string{
		"rango 181 a 240": {"181", "240"}, "rango de 181 a 240": {"181", "240"}, "rango del 181 al 240.": {"181", "240"},
		"rango: 181-240": {"181", "240"}, "range from 181 to 240": {"181", "240"}, "rango 181–240": {"181", "240"},
		"rango 181": {}, "rango 181 240": {}, "rango de 181 a 240 y 300": {}, "rango -1 a 3": {},
	} {
		var got [2]string
		if found := rangeWord.FindStringSubmatch(typed); found != nil {
			got = [2]string{found[1], found[2]}
		}
		if got != want {
			t.Errorf("%q reserves %v, want %v", typed, got, want)
		}
	}
}
