package input

import (
	"strings"
	"testing"
	"time"
)

// check compares a parser's result with the expected one; a refusal is "field reason".
func check(t *testing.T, in, got string, err error, want, reason string) {
	t.Helper()
	if got != want || (reason != "" || err != nil) && reasonAt(err) != reason {
		t.Errorf("%q → %q, %v, want %q %s", in, got, err, want, reason)
	}
}

func TestParseMedium(t *testing.T) {
	t.Parallel()
	for _, m := range Media() {
		got, err := ParseMedium(" " + strings.ToUpper(string(m)))
		check(t, string(m), string(got), err, string(m), "")
	}
	got, err := ParseMedium("fax")
	check(t, "fax", string(got), err, "", "medium medium.unknown")
}

func TestParseOficio(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ in, want, reason string }{
		{"SEDU/DTI/045/2025", "SEDU/DTI/045/2025", ""},
		{"  SEDU / DTI \n 045 ", "SEDU / DTI 045", ""},
		{"123/2024-2025", "123/2024-2025", ""},
		{"s/n", "s/n", ""},
		{"Núm. 12–B", "Núm. 12-B", ""},
		{"", "", "oficio oficio.empty"},
		{" -/- ", "", "oficio oficio.empty"},
		{strings.Repeat("1", 61), "", "oficio text.length"},
		{"12\x0045", "", "oficio text.character"},
		{"12\u202e45", "", "oficio text.character"},
	} {
		got, err := ParseOficio(tt.in)
		check(t, tt.in, got, err, tt.want, tt.reason)
	}
}

func TestParseOficioDate(t *testing.T) {
	t.Parallel()
	monterrey := time.FixedZone("CST", -6*60*60)
	now := time.Date(2026, 8, 20, 23, 30, 0, 0, monterrey) // the 21st in UTC
	for _, tt := range []struct{ in, want, reason string }{
		{"2026-08-20", "2026-08-20", ""},
		{" 2026-08-21 ", "2026-08-21", ""},
		{"2026-08-22", "0001-01-01", "oficioDate date.future"},
		{"2024-08-20", "2024-08-20", ""},
		{"2024-08-19", "0001-01-01", "oficioDate date.old"},
		{"", "0001-01-01", ""},
		{"20/08/2026", "0001-01-01", "oficioDate date.format"},
		{"2026-02-30", "0001-01-01", "oficioDate date.format"},
		{"9999-99-99", "0001-01-01", "oficioDate date.format"},
	} {
		got, err := ParseOficioDate(tt.in, now)
		check(t, tt.in, got.Format(time.DateOnly), err, tt.want, tt.reason)
	}
}

func TestParsePhone(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ in, want, reason string }{
		{"8441234567", "8441234567", ""},
		{"(844) 123-45-67", "8441234567", ""},
		{"+52 844 123 4567", "8441234567", ""},
		{"+52 1 844 123 4567", "8441234567", ""},
		{"52 844 123 4567", "8441234567", ""},
		{"01 844 123 4567", "8441234567", ""},
		{"044 844 123 4567", "8441234567", ""},
		{"８４４ 123 4567", "8441234567", ""},
		{"844 123 4567 ext. 3210", "8441234567 ext. 3210", ""},
		{"844 123 4567, Extensión 12", "8441234567 ext. 12", ""},
		{"844 123 4567 x7", "8441234567 ext. 7", ""},
		{"", "", ""},
		{"12345", "", "phone phone.length"},
		{"844 123 45678", "", "phone phone.length"},
		{"+1 212 555 0100", "", "phone phone.format"},
		{"pregunte por Ana", "", "phone phone.format"},
		{"844 123 4567 ext.", "", "phone phone.format"},
	} {
		got, err := ParsePhone(tt.in)
		check(t, tt.in, got, err, tt.want, tt.reason)
	}
}

func TestParseEmployeeNumber(t *testing.T) {
	t.Parallel()
	const refused = "employeeNumber employee_number.format"
	for _, tt := range []struct{ in, want, reason string }{
		{"", "", ""}, {" 00 12345 ", "0012345", ""}, {"ab-12/3", "AB-12/3", ""},
		{"-12", "", refused}, {"12--3", "", refused}, {"Ñ12", "", refused}, {strings.Repeat("1", 21), "", refused},
	} {
		got, err := ParseEmployeeNumber(tt.in)
		check(t, tt.in, got, err, tt.want, tt.reason)
	}
}

func TestParseDetailAndArea(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ in, want, reason string }{
		{"", "", ""}, {" 3º  “A” ", "3º “A”", ""}, {"Secundaria", "Secundaria", ""},
		{strings.Repeat("a", 31), "", "grade text.length"}, {"3\u200f", "", "grade text.character"},
	} {
		got, err := ParseDetail("grade", tt.in)
		check(t, tt.in, got, err, tt.want, tt.reason)
	}
	got, err := ParseArea("Dirección  de\tPrimarias")
	check(t, "area", got, err, "Dirección de Primarias", "")
}

func TestParseNotes(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		in, want, reason string
		required         bool
	}{
		{"", "", "", false},
		{" \n\t\x00", "", "notes text.empty", true},
		{"uno\r\ndos\n\n\r\u2028tres  ", "uno\ndos\n\ntres", "", true},
		{"a\x07b\u202ec\u200bd\xff", "abcd", "", false},
		{"familia 👩\u200d👧", "familia 👩\u200d👧", "", false},
		{strings.Repeat("ñ", 1000), strings.Repeat("ñ", 1000), "", false},
		{strings.Repeat("ñ", 1001), "", "notes text.length", false},
	} {
		got, err := ParseNotes("notes", tt.in, tt.required)
		check(t, tt.in, got, err, tt.want, tt.reason)
	}
}
