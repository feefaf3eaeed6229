package words

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/input"
)

func TestAimOf(t *testing.T) {
	t.Parallel()
	for rest, want := range map[string]Aim{
		"":                                        {},
		"2026-000123":                             {Folio: "2026-000123"},
		"la solicitud 2026-000123, por favor":     {Folio: "2026-000123", Rest: "por favor", After: ", por favor"},
		"folio 2026-000123: Falta la CURP":        {Folio: "2026-000123", Rest: "Falta la CURP", After: ": Falta la CURP"},
		"#2026-000123 2 y 4 no laboran":           {Folio: "2026-000123", Rest: "2 y 4 no laboran", After: " 2 y 4 no laboran"},
		"2026-000123-0002":                        {Folio: "2026-000123", Line: 2, After: "-0002"},
		"2026-000123 línea 2 ya no labora":        {Folio: "2026-000123", Line: 2, Rest: "ya no labora", After: " línea 2 ya no labora"},
		"2026-000123-0003 línea 2":                {Folio: "2026-000123", Line: -1, After: "-0003 línea 2"}, // which of the two?
		"2026-000123-0003 línea 3":                {Folio: "2026-000123", Line: 3, After: "-0003 línea 3"},
		"2026-000123-0000":                        {Folio: "2026-000123", Line: -1, After: "-0000"},
		"no. 2026-000123":                         {Folio: "2026-000123"},
		"el folio nº 2026-000123":                 {Folio: "2026-000123"},
		"núm. 123":                                {Short: "123"},
		"no 2026-000123":                          {Rest: "no 2026-000123"},
		"por favor no la 2026-000123":             {Rest: "por favor no la 2026-000123"},
		"con 2026-000123":                         {Rest: "con 2026-000123"},
		"no 123":                                  {Rest: "no 123"},
		"123":                                     {Short: "123"},
		"la 123.":                                 {Short: "123"},
		"2026-123 falta la CURP":                  {Short: "2026-123"},
		"2026-0001234 falta la CURP":              {Short: "2026-0001234"},
		"2026-000123x":                            {Rest: "2026-000123x"},
		"la CURP no corresponde":                  {Rest: "la CURP no corresponde"},
		"porque se repite en la 2026-000120":      {Rest: "porque se repite en la 2026-000120"},
		"2 personas ya no laboran":                {Rest: "2 personas ya no laboran"},
		"la de 2026-000123, que va antes de esta": {Folio: "2026-000123", Rest: "que va antes de esta", After: ", que va antes de esta"},
	} {
		if diff := cmp.Diff(want, AimOf(rest), cmp.AllowUnexported(Aim{})); diff != "" {
			t.Errorf("AimOf(%q) (-want +got):\n%s", rest, diff)
		}
	}
}

func TestLines(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]struct {
		numbers []int
		why     string
	}{
		"2 ya no labora ahí":           {[]int{2}, "ya no labora ahí"},
		"2: ya no labora ahí":          {[]int{2}, "ya no labora ahí"},
		"2, 4 y 7 ya no laboran":       {[]int{2, 4, 7}, "ya no laboran"},
		"2, 4 y 7: ya no laboran":      {[]int{2, 4, 7}, "ya no laboran"},
		"2, 4: ya no laboran":          {[]int{2, 4}, "ya no laboran"},
		"2-4: ya no laboran":           {[]int{2, 3, 4}, "ya no laboran"},
		"2: faltó 3 veces":             {[]int{2}, "faltó 3 veces"},
		"2: no labora ahí":             {[]int{2}, "no labora ahí"},
		"2 No labora ahí":              {[]int{2}, "No labora ahí"},
		"2 no es él":                   {},
		"2 porque no labora ahí":       {[]int{2}, "porque no labora ahí"},
		"2, motivo: con licencia":      {[]int{2}, "motivo: con licencia"},
		"2, por favor: ya no labora":   {[]int{2}, "ya no labora"},
		"no. 2: ya no labora":          {[]int{2}, "ya no labora"},
		"2 Luis Ibarra ya no labora":   {[]int{2}, "Luis Ibarra ya no labora"},
		"2 está con una licencia":      {[]int{2}, "está con una licencia"},
		"7,4 , y 2 ya no laboran":      {[]int{2, 4, 7}, "ya no laboran"},
		"2-4 están de permiso":         {[]int{2, 3, 4}, "están de permiso"},
		"2 – 4, 9: están de permiso":   {[]int{2, 3, 4, 9}, "están de permiso"},
		"2 – 4 y 9 están de permiso":   {[]int{2, 3, 4, 9}, "están de permiso"},
		"2 a 4 están de permiso":       {[]int{2, 3, 4}, "están de permiso"},
		"del":                          {},
		"a la 2 por estar de permiso":  {[]int{2}, "por estar de permiso"},
		"los números 2 y 2, repetidos": {[]int{2}, "repetidos"},
		"2 a petición de la escuela":   {[]int{2}, "a petición de la escuela"},
		"2 and 3 no longer work there": {[]int{2, 3}, "no longer work there"},
		"lines 2 to 3 no longer work":  {[]int{2, 3}, "no longer work"},
		"2":                            {[]int{2}, ""},
		"2 4 ya no laboran":            {}, // is the 4 left out?
		"2, 3 faltas sin justificar":   {}, // is the 3?
		"2; 3 ya no laboran":           {},
		"2 (Luis) y 3 (Ana): faltaron": {},
		"2 Luis y 3 Ana, faltaron":     {},
		"2 + 3 ya no laboran":          {},
		"2 / 3 ya no laboran":          {},
		"2/3 ya no laboran":            {},
		"2, también 3, ya no laboran":  {},
		"2, tres: ya no laboran":       {},
		"2: tres ya no labora":         {},
		"2: 3 ya no labora":            {},
		"2: también la otra":           {},
		"2: ¿y Ana?":                   {},
		"2 por 3 faltas":               {},
		"2 no, es correcto":            {},
		"2 ¿o 3?":                      {},
		"2; la 3 también, no laboran":  {},
		"2 y la tercera no laboran":    {},
		"2 en adelante no laboran":     {},
		"2 personas ya no laboran":     {},
		"2 de ellos ya no laboran":     {},
		"2 ambos ya no laboran":        {},
		"2... ya no labora":            {},
		"2 … ya no labora":             {},
		"no 2: es correcto":            {},
		"2: no":                        {},
		"2: mejor no, espera":          {},
		"2 y Luis Ibarra no laboran":   {}, // is Luis?
		"2, 4 5 no laboran":            {},
		"4-2 no laboran":               {},
		"0 no labora":                  {},
		"20261 no labora":              {},
		"1-9999, 1-9999 no laboran":    {}, // more than a request has
		"a Luis Ibarra":                {},
		"":                             {},
	} {
		numbers, why, ok := Lines(text)
		if diff := cmp.Diff(want.numbers, numbers); diff != "" || why != want.why || ok != (want.numbers != nil) {
			t.Errorf("Lines(%q) = %v, %q, %v; want %v, %q", text, numbers, why, ok, want.numbers, want.why)
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
		if got := ReasonOf(rest); got != want {
			t.Errorf("ReasonOf(%q) = %q, want %q", rest, got, want)
		}
	}
}

// Lines excludes only what is unambiguous: valid, sorted numbers, and a reason that does not
// begin with what could be another number.
func FuzzLines(f *testing.F) {
	for _, seed := range []string{"2 ya no labora", "2, 4 y 7 x", "2-4 x", "2 4 x", "1-9999 x", "2 a 4"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		numbers, why, ok := Lines(text)
		if !ok && (numbers != nil || why != "") {
			t.Fatalf("%q: %v, %q and not ok", text, numbers, why)
		}
		for i, n := range numbers {
			if n < 1 || n > provisioning.MaxLines || i > 0 && n <= numbers[i-1] {
				t.Fatalf("%q: %v", text, numbers)
			}
		}
		if unclearStart.MatchString(input.Fold(why)) {
			t.Fatalf("%q: %v with the reason %q", text, numbers, why)
		}
	})
}

func TestPolite(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"": true, "por favor": true, ", gracias.": true, "ya, muchas gracias": true, "ok ya": true, "Sí, por favor!": true, "please, thank you": true,
		"la solicitud": true, "la cuenta, por favor": true, "todo 👍": true, "de nuevo": true, "this request, please": true, "✅": true, "saludos": true,
		"la solicitud no": false, "las cuentas": false, "a la cuenta": false,
		"no": false, "¡no!": false, "ya no": false, "->no": false, "(no)": false, "…": false, "...": false, ". . .": false, "ok?": false, "¿ya?": false,
		"👎": false, "❌": false, "hoy": false, "favor": false, "gracias a nadie": false, "№": false, "2": false, "؟": false, "%": false,
	} {
		if got := Polite(text); got != want {
			t.Errorf("Polite(%q) = %v", text, got)
		}
	}
}

func TestOtherFolio(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ said, text, about, want string }{
		{"devolver: ", "ya se pidió en 2026-000002", "2026-000001", ""},
		{"", "", "2026-000001", ""},
		{"", "la CURP", "2026-000001", ""},
		{"", "2026-000001-0002: la CURP", "2026-000001", ""},
		{"", "la de 2026-000002-0001", "2026-000001", "2026-000002-0001"},
		{"", "2026-000001 y 2026-000002", "2026-000001", "2026-000002"},
		{"", "2026-000001: ya se pidió en 2026-000002", "2026-000001", ""},
		{"", "2: ya va en 2026-000002", "2026-000001", ""},
		{"", "con indicaciones, junto con 2026-000002", "2026-000001", ""},
		{"", "la 2 de 2026-000002: ya no labora", "2026-000001", "2026-000002"},
		{"", "folio: 2026-000002, falta la CURP", "2026-000001", "2026-000002"},
		{"", "2026-000002: falta la CURP", "2026-000001", "2026-000002"},
		{"", "la 2026-000001", "2026-000001-0002", ""},
		{"", "la 2026-000001-0002", "2026-000001-0002", ""},
		{"", "la 2026-000001-0001", "2026-000001-0002", "2026-000001-0001"},
	} {
		if got := OtherFolio(AimedAt(c.said+c.text, c.text), c.about); got != c.want {
			t.Errorf("OtherFolio(%q, %s) = %q, want %q", c.text, c.about, got, c.want)
		}
	}
}
