package letter

import (
	"testing"

	"seducoahuila.gob.mx/altas/cards"
)

// What is typed after the folio does one thing, or nothing: a sentence that only mentions a word of
// these is not an order.
func TestWhatIsTypedAboutALetter(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"enviado": cards.LetterSent, "ya enviado": cards.LetterSent, "Ya se envió.": cards.LetterSent, "entregado": cards.LetterSent, "sent": cards.LetterSent,
		"anular el nombre está mal": cards.LetterAnnul, "anular": cards.LetterAnnul, "Anular: duplicado": cards.LetterAnnul, "void wrong name": cards.LetterAnnul,
		"número SS/12/2026": cards.LetterNumber, "num. 45": cards.LetterNumber, "number 45": cards.LetterNumber,
		"no enviado": "", "¿enviado?": "", "enviado?": "", "todavía no se ha enviado": "", "hay que anular esto": "", "anularlo": "", "numeroso": "",
		"enviado mañana": "", "anular no, mejor no": "",
	} {
		got, _ := typedAct(typed)
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
