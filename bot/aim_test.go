package bot

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/provisioning"
)

func TestAimOf(t *testing.T) {
	t.Parallel()
	for rest, want := range map[string]aim{
		"":                                        {},
		"2026-000123":                             {folio: "2026-000123"},
		"la solicitud 2026-000123, por favor":     {folio: "2026-000123", rest: "por favor"},
		"folio 2026-000123: Falta la CURP":        {folio: "2026-000123", rest: "Falta la CURP"},
		"#2026-000123 2 y 4 no laboran":           {folio: "2026-000123", rest: "2 y 4 no laboran"},
		"2026-000123-0002":                        {folio: "2026-000123", line: 2},
		"2026-000123 línea 2 ya no labora":        {folio: "2026-000123", line: 2, rest: "ya no labora"},
		"2026-000123-0003 línea 2":                {folio: "2026-000123", line: 3},
		"123":                                     {short: "123"},
		"la 123.":                                 {short: "123"},
		"2026-123 falta la CURP":                  {short: "2026-123"},
		"2026-0001234 falta la CURP":              {short: "2026-0001234"},
		"2026-000123x":                            {rest: "2026-000123x"},
		"la CURP no corresponde":                  {rest: "la CURP no corresponde"},
		"porque se repite en la 2026-000120":      {rest: "porque se repite en la 2026-000120"},
		"2 personas ya no laboran":                {rest: "2 personas ya no laboran"},
		"la de 2026-000123, que va antes de esta": {folio: "2026-000123", rest: "que va antes de esta"},
	} {
		if diff := cmp.Diff(want, aimOf(rest), cmp.AllowUnexported(aim{})); diff != "" {
			t.Errorf("aimOf(%q) (-want +got):\n%s", rest, diff)
		}
	}
}

func TestLinesOf(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]struct {
		numbers []int
		why     string
	}{
		"2 ya no labora ahí":           {[]int{2}, "ya no labora ahí"},
		"2: ya no labora ahí":          {[]int{2}, "ya no labora ahí"},
		"2, 4 y 7 ya no laboran":       {[]int{2, 4, 7}, "ya no laboran"},
		"7,4 , y 2 ya no laboran":      {[]int{2, 4, 7}, "ya no laboran"},
		"2-4 están de permiso":         {[]int{2, 3, 4}, "están de permiso"},
		"2 – 4, 9 están de permiso":    {[]int{2, 3, 4, 9}, "están de permiso"},
		"2 a 4 están de permiso":       {[]int{2, 3, 4}, "están de permiso"},
		"del":                          {},
		"a la 2 por estar de permiso":  {[]int{2}, "por estar de permiso"},
		"los números 2 y 2, repetidos": {[]int{2}, "repetidos"},
		"2 a petición de la escuela":   {[]int{2}, "a petición de la escuela"},
		"2 and 3 no longer work there": {[]int{2, 3}, "no longer work there"},
		"lines 2 to 3 no longer work":  {[]int{2, 3}, "no longer work"},
		"2":                            {[]int{2}, ""},
		"2 4 ya no laboran":            {}, // is the 4 left out?
		"2 y Luis Ibarra no laboran":   {}, // is Luis?
		"2, 4 5 no laboran":            {},
		"4-2 no laboran":               {},
		"0 no labora":                  {},
		"20261 no labora":              {},
		"1-9999, 1-9999 no laboran":    {}, // more than a request has
		"a Luis Ibarra":                {},
		"":                             {},
	} {
		numbers, why, ok := linesOf(text)
		if diff := cmp.Diff(want.numbers, numbers); diff != "" || why != want.why || ok != (want.numbers != nil) {
			t.Errorf("linesOf(%q) = %v, %q, %v; want %v, %q", text, numbers, why, ok, want.numbers, want.why)
		}
	}
}

func TestReasonOf(t *testing.T) {
	t.Parallel()
	for rest, want := range map[string]string{
		"":                              "",
		": falta la CURP":               "falta la CURP",
		"hable con <at>Ana Ruiz</at>.":  "hable con Ana Ruiz.",
		"<at id=\"0\">Ana</at> lo sabe": "Ana lo sabe",
		"2 < 3":                         "2 < 3",
	} {
		if got := reasonOf(rest); got != want {
			t.Errorf("reasonOf(%q) = %q, want %q", rest, got, want)
		}
	}
}

// No words leave out somebody without it being beyond doubt who: what is read has each
// number in it that was typed before the reason.
func FuzzLinesOf(f *testing.F) {
	for _, seed := range []string{"2 ya no labora", "2, 4 y 7 x", "2-4 x", "2 4 x", "1-9999 x", "2 a 4"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		numbers, why, ok := linesOf(text)
		if !ok && (numbers != nil || why != "") {
			t.Fatalf("%q: %v, %q and not ok", text, numbers, why)
		}
		for i, n := range numbers {
			if n < 1 || n > provisioning.MaxLines || i > 0 && n <= numbers[i-1] {
				t.Fatalf("%q: %v", text, numbers)
			}
		}
		if unclearBehind.MatchString(why) {
			t.Fatalf("%q: %v with the reason %q", text, numbers, why)
		}
	})
}
