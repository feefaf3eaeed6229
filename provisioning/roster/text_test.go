package roster

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

func encoded(t *testing.T, e encoding.Encoding, s string) string {
	t.Helper()
	out, err := e.NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func readText(t testing.TB, content string) reading {
	t.Helper()
	path := filepath.Join(t.TempDir(), "lista.csv")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return readFile(path)
}

// The separator is the one with which the heading is found; quotes are respected.
func TestSeparators(t *testing.T) {
	t.Parallel()
	for name, content := range map[string]string{
		"commas in a cell":       "Clave;Nombre;Domicilio\n1;Ana;Calle Hidalgo, Col. Centro, Saltillo, Coah.\n2;Eva;x\n",
		"commas in the title":    "Lista de cuentas, docentes, Saltillo, ciclo 2025-2026\nClave;Nombre\n1;Ana\n2;Eva\n",
		"semicolons in a cell":   "Clave,Nombre,Nota\n1,Ana,\"a;b;c;d;e;f\"\n2,Eva,g;h;i;j\n",
		"tabs":                   "Clave\tNombre\tNota\n1\tAna\ta,b,c;d\n2\tEva\t\n",
		"tabs, an empty cell":    "Nota\tClave\tNombre\n\t1\tAna\n\t2\tEva\n",
		"bars":                   "Clave|Nombre\n1|Ana\n2|Eva\n",
		"Excel's line":           "sep=;\nClave;Nombre\n1;Ana\n2;Eva\n",
		"Excel's line, strange":  "sep=^\r\nClave^Nombre\r\n1^Ana\r\n2^Eva\r\n",
		"quotes in the heading":  "\"Clave\";\"Nombre\"\n\"1\";\"Ana\"\n2;Eva\n",
		"a blank before a quote": "Clave, Nombre\n1, \"Ana\"\n2, Eva\n",
		"a title in quotes":      "\"Lista; de, todos\"\nClave,Nombre\n1,Ana\n2,Eva\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := readText(t, content)
			if diff := cmp.Diff([]string{"1 Ana", "2 Eva"}, got.keys()); diff != "" || got.err != nil {
				t.Errorf("%v (-want +got):\n%s", got.err, diff)
			}
		})
	}
}

// Rows are numbered as in a spreadsheet.
func TestNumbersOfTextRows(t *testing.T) {
	t.Parallel()
	for name, content := range map[string]string{
		"sep=":        "sep=,\n\n\"Clave\",Nombre\n\n1,\"dos\nrenglones\"\n2,\n",
		"CR":          "Lista\r\r\"Clave\",Nombre\r\r1,\"dos\rrenglones\"\r2,\r",
		"CRLF":        "Lista\r\n\r\n\"Clave\",Nombre\r\n\r\n1,\"dos\r\nrenglones\"\r\n2,\r\n",
		"no line end": "Lista\n\nClave,Nombre\n\n1,x\n2,",
	} {
		got := readText(t, content)
		if len(got.lines) != 2 || got.lines[0].Number != 5 || got.lines[1].Number != 6 {
			t.Errorf("%s: %v, %+v, want lines 5 and 6", name, got.err, got.lines)
		}
	}
}

// Each common encoding is decoded if it is certain, with a warning if it is not.
func TestEncodings(t *testing.T) {
	t.Parallel()
	const list = "Clave;Nombre\n1;Begoña Muñoz Ibáñez\n2;Íñigo Gómez Güemes\n3;ÑÁÑEZ PEÑA JOSÉ RAÚL\n"
	want := []string{"1 Begoña Muñoz Ibáñez", "2 Íñigo Gómez Güemes", "3 ÑÁÑEZ PEÑA JOSÉ RAÚL"}
	for name, c := range map[string]struct{ content, told string }{
		"UTF-8":                {list, ""},
		"UTF-8, marked":        {"\ufeff" + list, ""},
		"UTF-16 LE, marked":    {encoded(t, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), list), ""},
		"UTF-16 BE, marked":    {encoded(t, unicode.UTF16(unicode.BigEndian, unicode.UseBOM), list), ""},
		"UTF-16 LE":            {encoded(t, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), list), ""},
		"UTF-16 BE":            {encoded(t, unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), list), ""},
		"Windows-1252":         {encoded(t, charmap.Windows1252, list), ""},
		"MacRoman":             {encoded(t, charmap.Macintosh, list), "MacRoman"},
		"MacRoman, CR":         {strings.ReplaceAll(encoded(t, charmap.Macintosh, list), "\n", "\r"), "MacRoman"},
		"CP850":                {encoded(t, charmap.CodePage850, list), "CP850"},
		"UTF-8 twice":          {twice(list), ""},
		"UTF-16 LE, CR":        {encoded(t, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), strings.ReplaceAll(list, "\n", "\r")), ""},
		"UTF-8 lines and 1252": {"Clave;Nombre\n1;Begoña Muñoz Ibáñez\n" + encoded(t, charmap.Windows1252, strings.Join(strings.Split(list, "\n")[2:], "\n")), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := readText(t, c.content)
			if diff := cmp.Diff(want, got.keys()); diff != "" || got.err != nil {
				t.Errorf("%v (-want +got):\n%s", got.err, diff)
			}
			if (c.told == "") != (got.told == "") || !strings.Contains(got.told, c.told) {
				t.Errorf("told %q, want %q", got.told, c.told)
			}
		})
	}
}

// twice is UTF-8 that a program took for Windows-1252 and saved as UTF-8 again.
func twice(s string) string {
	var out strings.Builder
	for _, b := range []byte(s) {
		r := charmap.Windows1252.DecodeByte(b)
		if r == '\ufffd' {
			r = rune(b)
		}
		out.WriteRune(r)
	}
	return out.String()
}

// Windows-1252 with other than Spanish letters is not taken for another encoding.
func TestWindowsTextsThatAreSuch(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"D’Angelo", "López–Portillo", "PÉREZ–CANO", "François Müller", "“El Güero”", "d’angelo", "Özil", "Zoë", "O’Farrill–Peña", "5.º grado", "Juan\u00a0Peña"} {
		got := readText(t, encoded(t, charmap.Windows1252, "Clave;Nombre\n1;"+name+"\n"))
		if len(got.lines) != 1 || got.lines[0].Cells["name"] != name || got.told != "" || got.remarks() != "" {
			t.Errorf("%q: %+v", name, got)
		}
	}
}

// Lost letters get a warning, at their line.
func TestLostLetters(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"Mu–oz", "Mu¤oz", "Mu?oz", "Mu\ufffdoz"} {
		got := readText(t, "Clave,Nombre\n1,"+name+"\n2,Peña\n")
		if got.err != nil || len(got.lines[0].Remarks) != 1 || !strings.Contains(got.lines[0].Remarks[0], "lost letters") || len(got.lines[1].Remarks) > 0 {
			t.Errorf("%q: %+v", name, got)
		}
	}
	mixed := "Clave,Nombre\n1,Pe" + encoded(t, charmap.Macintosh, "ñ") + "a\n2,Mu" + encoded(t, charmap.Windows1252, "ñ") + "oz\n"
	if got := readText(t, mixed); !strings.Contains(got.told, "another encoding") || !strings.Contains(got.remarks(), "lost letters") || got.lines[1].Cells["name"] != "Muñoz" {
		t.Errorf("a list of both: %+v", got)
	}
	for _, name := range []string{"¿Quién?", "López–Portillo", "D'Angelo", "Ana (Anita)", "20–30", "Peña · Ruiz"} {
		if got := readText(t, "Clave,Nombre\n1,"+name+"\n"); got.remarks() != "" {
			t.Errorf("%q: %s", name, got.remarks())
		}
	}
}

// Formatting of a cell's text by a spreadsheet.
func TestTextCells(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		`="00123"`: "00123", `="a""b"`: `a"b`, "'00789": "00789", "'Ana": "Ana", "'Ana'": "Ana", "'t Hooft": "'t Hooft", "'": "'", "=1+1": "=1+1",
		"104523.0": "104523", "104523.00": "104523", "1.5": "1.5", "00.0": "00", "1.0452312E7": "10452312", "1.0452312E+07": "10452312", "1E2": "1E2", "1.5E0": "1.5E0",
		" \u00a0x\u200b ": "x", "S/N": "S/N", "#5": "#5", "# 12": "# 12", "#hola": "#hola", "Nº #3!": "Nº #3!", "O'Farrill": "O'Farrill",
	} {
		if got := textCell(typed); got.text != want || got.remark != "" {
			t.Errorf("%q is %+v, want %q", typed, got, want)
		}
	}
	for _, typed := range []string{"1.23E+05", "1,23E+05", "8.44E+14", "1E+05", "#N/A", "#N/D", "#REF!", "#¡REF!", "#DIV/0!", "#¡DIV/0!", "#VALUE!", "#¡VALOR!", "#NAME?", "#¿NOMBRE?",
		"#NULL!", "#¡NULO!", "#NUM!", "#¡NUM!", "#SPILL!", "#¡DESBORDAMIENTO!", "####", "Err:502", "#GETTING_DATA"} {
		if got := textCell(typed); got.text != "" || got.remark == "" {
			t.Errorf("%q is %+v, want nothing and a remark", typed, got)
		}
	}
}

// A missing column is reported once, with the accepted headings and those of the list.
func TestMissingColumns(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "lista.csv")
	if err := os.WriteFile(path, []byte("Padrón\nClave;Domicilio;Turno\n"+strings.Repeat("1;x;y\n", 3000)), 0o600); err != nil {
		t.Fatal(err)
	}
	s := shape()
	s.Needed = []string{"name"}
	n := 0
	var fault error
	for _, err := range Read(path, s) {
		n++
		fault = err
	}
	if n != 1 || fault == nil || !strings.Contains(fault.Error(), `no column is the name; any of these would do: nombre; line 2 has: "Clave", "Domicilio", "Turno"`) {
		t.Errorf("%d: %v", n, fault)
	}
	if got := readText(t, "Padrón\nRFC;Domicilio\n1;x\n"); !errors.Is(got.err, errOther) || !strings.Contains(got.err.Error(), `any of these would do: clave, clavecct; line 2 has: "RFC", "Domicilio"`) {
		t.Errorf("without the required one: %v", got.err)
	}
}

// A list without lines is an error.
func TestListsWithoutLines(t *testing.T) {
	t.Parallel()
	for _, content := range []string{"Clave,Nombre", "Clave,Nombre\r\n\r\n,\r\n", "Título\rClave;Nombre\r"} {
		if got := readText(t, content); !errors.Is(got.err, ErrNoLines) {
			t.Errorf("%q: %v", content, got.err)
		}
	}
	if got := readFile(newBook(head).save(t)); !errors.Is(got.err, ErrNoLines) {
		t.Errorf("a workbook: %v", got.err)
	}
	for _, content := range []string{"", "\n\n", "\ufeff", ",,,\n,,,\n"} {
		if got := readText(t, content); !errors.Is(got.err, errEmpty) || !errors.Is(got.err, errOther) {
			t.Errorf("%q: %v", content, got.err)
		}
	}
}

// Headings of two rows, as exports make of merged cells, are joined.
func TestHeadingsInTwoLines(t *testing.T) {
	t.Parallel()
	got := readText(t, "Clave;Persona\n;Nombre\n1;Ana\n")
	if diff := cmp.Diff([]string{"1 Ana"}, got.keys()); diff != "" || got.err != nil {
		t.Errorf("%v (-want +got):\n%s", got.err, diff)
	}
}

// Columns without a heading, or with a second one of the same meaning, get a remark.
func TestWhatIsPassedOverIsTold(t *testing.T) {
	t.Parallel()
	got := readText(t, "Clave CCT,Nombre,,Nombre\n1,Ana,x,Eva\n2,Luz,,Sol\n")
	if diff := cmp.Diff([]string{"1 Ana", "2 Luz"}, got.keys()); diff != "" {
		t.Error(diff)
	}
	for _, want := range []string{`two columns could be the name: "Nombre" is used`, "no heading: columns C"} {
		if !strings.Contains(got.told, want) {
			t.Errorf("told %q, want %q", got.told, want)
		}
	}
}

// Files that are not lists are recognised by their content, and the error says what to do.
func TestFilesThatAreNoLists(t *testing.T) {
	t.Parallel()
	ole := "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 600)
	wide := func(s string) string { return strings.Join(strings.Split(s, ""), "\x00") }
	for name, c := range map[string]struct{ content, want string }{
		"html.xlsx":    {"<html><table><tr><td>Clave</td></tr></table></html>", "a web page"},
		"tabla.xls":    {"\ufeff\r\n <TABLE border=1><tr><td>Clave", "a web page"},
		"html.csv":     {"<!DOCTYPE html><html>", "a web page"},
		"vacio.xlsx":   {"", "it is empty"},
		"blanco.xls":   {" \r\n ", "it is empty"},
		"viejo.xls":    {ole, "an old Excel workbook"},
		"viejo.xlsx":   {ole + wide("Workbook"), "an old Excel workbook"},
		"secreto.xlsx": {ole + wide("EncryptedPackage"), "a workbook with a password"},
		"carta.doc":    {ole + wide("WordDocument"), "a Word document"},
		"lista.pdf":    {"%PDF-1.7\n", "a PDF"},
		"pdf.xlsx":     {"%PDF-1.7\n", "a PDF"},
		"texto.xlsx":   {"Clave,Nombre\n1,Ana\n", "a text, such as a CSV"},
		"xml.xls":      {`<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">`, "an XML spreadsheet"},
		"foto.xlsx":    {"\x89PNG\r\n", "a picture"},
		"cortado.xlsx": {"PK\x03\x04 cut", "damaged, or did not arrive whole"},
		"datos.csv":    {"\x01\x02\x00\x03abc", "no text"},
		"web.xls":      {"MIME-Version: 1.0\r\nContent-Type: multipart/related", "a web page saved whole"},
		"lista.doc":    {"Clave,Nombre\n1,Ana\n", `".doc" is no list`},
		"lista.csv.gz": {"\x1f\x8b\x08", "a compressed file"},
	} {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(c.content), 0o600); err != nil {
			t.Fatal(err)
		}
		got := readFile(path)
		if got.err == nil || !strings.Contains(got.err.Error(), c.want) || !strings.Contains(got.err.Error(), name) || strings.Contains(got.err.Error(), "zip:") {
			t.Errorf("%s: %v, want %q", name, got.err, c.want)
		}
	}
	for want, parts := range map[string]book{
		"a LibreOffice file":  {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<x/>"},
		"a binary workbook":   {"xl/workbook.bin": "x", "[Content_Types].xml": "<x/>"},
		"a Word document":     {"word/document.xml": "<x/>", "[Content_Types].xml": "<x/>"},
		"Apple Numbers":       {"Index/Document.iwa": "x"},
		"a compressed folder": {"lista.csv": "Clave\n1\n"},
	} {
		if got := readFile(parts.save(t)); got.err == nil || !strings.Contains(got.err.Error(), want) {
			t.Errorf("%v, want %q", got.err, want)
		}
	}
	renamed := filepath.Join(t.TempDir(), "lista.csv")
	if err := os.Rename(newBook(head, text("1")).save(t), renamed); err != nil {
		t.Fatal(err)
	}
	if got := readFile(renamed); got.err != nil || len(got.lines) != 1 {
		t.Errorf("a workbook named .csv: %+v", got)
	}
}

// Any file is read or refused: no panic, and no line that is not in it.
func FuzzRead(f *testing.F) {
	for _, s := range []string{"Clave,Nombre\n1,Ana\n", "sep=;\nClave;Nombre\r1;\"Ana", "\xff\xfeC\x00l\x00", "Clave\tNombre\n1\tPe\x96a", "<html>", "\"", "PK\x03\x04"} {
		f.Add([]byte(s), false)
	}
	for _, s := range []string{`<row><c><v>1.0E5</v></c></row>`, `<row r="2" hidden="1"><c r="B2" t="s"><v>0</v></c></row>`, `<row><c t="e"/></row></sheetData><mergeCells><mergeCell ref="A1:A3"/>`, `<row`} {
		f.Add([]byte(s), true)
	}
	f.Fuzz(func(t *testing.T, content []byte, sheet bool) {
		if sheet {
			b := newBook(head, string(content))
			b["xl/worksheets/sheet1.xml"] = `<worksheet><sheetData><row>` + head + `</row>` + string(content) + `</sheetData></worksheet>`
			b["xl/sharedStrings.xml"] = `<sst><si><t>uno</t></si></sst>`
			check(t, readFile(b.save(t)))
			return
		}
		check(t, readText(t, string(content)))
	})
}

func check(t *testing.T, got reading) {
	t.Helper()
	for _, l := range got.lines {
		if l.Number < 1 || len(l.Cells)+len(l.Remarks) == 0 {
			t.Errorf("line %+v", l)
		}
		for name, cell := range l.Cells {
			if cell == "" || name != "key" && name != "name" {
				t.Errorf("cell %q: %q", name, cell)
			}
		}
	}
}
