package roster

import (
	"archive/zip"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// book is the parts of an .xlsx, by their names, as any program may write them.
type book map[string]string

const (
	rootRels = `<Relationships><Relationship Id="r" Type="http://x/officeDocument" Target="xl/workbook.xml"/></Relationships>`
	oneSheet = `<workbook><sheets><sheet name="Lista" sheetId="1" r:id="rId1"/></sheets></workbook>`
	bookRels = `<Relationships>` +
		`<Relationship Id="rId1" Type="http://x/worksheet" Target="worksheets/sheet1.xml"/>` +
		`<Relationship Id="rId2" Type="http://x/worksheet" Target="/xl/worksheets/sheet2.xml"/>` +
		`<Relationship Id="rId3" Type="http://x/chartsheet" Target="chartsheets/sheet1.xml"/>` +
		`<Relationship Id="rId4" Type="http://x/sharedStrings" Target="sharedStrings.xml"/>` +
		`<Relationship Id="rId5" Type="http://x/styles" Target="styles.xml"/></Relationships>`
)

// newBook is one sheet of rows, each given as the XML of its cells.
func newBook(rows ...string) book {
	var data strings.Builder
	for i, r := range rows {
		if !strings.HasPrefix(r, "<row") {
			r = fmt.Sprintf(`<row r="%d">%s</row>`, i+1, r)
		}
		data.WriteString(r)
	}
	return book{
		"_rels/.rels": rootRels, "xl/workbook.xml": oneSheet, "xl/_rels/workbook.xml.rels": bookRels,
		"xl/worksheets/sheet1.xml": `<?xml version="1.0"?><worksheet><sheetData>` + data.String() + `</sheetData></worksheet>`,
	}
}

func (b book) save(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "lista.xlsx")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(f)
	var names []string
	for name := range b {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(b[name])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// reading is the result of reading a list.
type reading struct {
	lines []Line
	told  string
	err   error
}

func readFile(path string) reading {
	var r reading
	s := shape()
	s.Tell = func(sentence string) { r.told += sentence + "\n" }
	for l, err := range Read(path, s) {
		if err != nil {
			r.err = err
			break
		}
		r.lines = append(r.lines, l)
	}
	return r
}

// keys are the key and the name of each line.
func (r reading) keys() []string {
	var all []string
	for _, l := range r.lines {
		all = append(all, strings.TrimRight(l.Cells["key"]+" "+l.Cells["name"], " "))
	}
	return all
}

func (r reading) remarks() string {
	var all []string
	for _, l := range r.lines {
		all = append(all, l.Remarks...)
	}
	return strings.Join(all, "\n")
}

func text(s string) string { return `<c t="inlineStr"><is><t>` + s + `</t></is></c>` }

var head = text("Clave") + text("Nombre")

// Cells as spreadsheets and other programs write them.
func TestCellsOfAWorkbook(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ cells, want, remark string }{
		"a whole number of Java":   {`<c><v>104523.0</v></c>`, "104523", ""},
		"with an exponent":         {`<c><v>1.0452312E7</v></c>`, "10452312", ""},
		"a small one, so":          {`<c><v>1.2E5</v></c>`, "120000", ""},
		"noise of the arithmetic":  {`<c><v>104522.99999999999</v></c>`, "104523", ""},
		"a fraction":               {`<c><v>12.5</v></c>`, "12.5", ""},
		"of sixteen digits":        {`<c><v>1234567890123456</v></c>`, "", "more than 15 digits"},
		"a text that looks so":     {text("00123"), "00123", ""},
		"Spanish error":            {text("#¡REF!"), "", "error of the spreadsheet"},
		"another":                  {`<c t="e"><v>#DIV/0!</v></c>`, "", "error of the spreadsheet"},
		"an error without value":   {`<c t="e"/>`, "", "error of the spreadsheet"},
		"not calculated":           {`<c><f>A1</f></c>`, "", "no value saved"},
		"calculated":               {`<c t="str"><f>A1</f><v>x1</v></c>`, "x1", ""},
		"calculated to nothing":    {`<c t="str"><f>A1</f><v></v></c>`, "", ""},
		"runs of text":             {`<c t="inlineStr"><is><r><t>Mu</t></r><r><rPr/><t xml:space="preserve">ñoz </t></r><rPh><t>no</t></rPh></is></c>`, "Muñoz", ""},
		"a shared text":            {`<c t="s"><v>1</v></c>`, "dos renglones", ""},
		"a date of Excel's own":    {`<c s="1"><v>46054</v></c>`, "", `"2026-02-01" is a date`},
		"a date of one's own":      {`<c s="2"><v>46054</v></c>`, "", "is a date"},
		"a number with a word":     {`<c s="3"><v>7</v></c>`, "7", ""},
		"with zeros before it":     {`<c s="4"><v>123</v></c>`, "00123", ""},
		"a date by name":           {`<c t="d"><v>2026-02-01</v></c>`, "", "is a date"},
		"an escaped character":     {text("a_x000D_b_x0041_"), "abA", ""},
		"a prefix of a namespace":  {`<x:c t="inlineStr"><x:is><x:t>a</x:t></x:is></x:c>`, "a", ""},
		"yes":                      {`<c t="b"><v>1</v></c>`, "TRUE", ""},
		"an apostrophe":            {text("'00789"), "00789", ""},
		"of Windows, read as such": {text("MuÃ±oz"), "Muñoz", "was read as"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBook(head, c.cells+text("Ana"))
			b["xl/sharedStrings.xml"] = `<sst><si><t>uno</t></si><si><r><t>dos </t></r><r><t>renglones</t></r></si></sst>`
			b["xl/styles.xml"] = `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="[$-80A]d/mm/yyyy"/><numFmt numFmtId="166" formatCode="00000"/><numFmt numFmtId="165" formatCode="0 &quot;días&quot;"/></numFmts>` +
				`<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="166"/></cellXfs></styleSheet>`
			got := readFile(b.save(t))
			if got.err != nil || len(got.lines) != 1 || got.lines[0].Cells["key"] != c.want || got.lines[0].Cells["name"] != "Ana" {
				t.Fatalf("%+v, want %q", got, c.want)
			}
			if remark := got.remarks(); (c.remark == "") != (remark == "") || !strings.Contains(remark, c.remark) {
				t.Errorf("said %q, want %q", remark, c.remark)
			}
		})
	}
}

// The first visible sheet is read, and there is a remark about the others.
func TestSheetsThatPeopleSee(t *testing.T) {
	t.Parallel()
	sheets := func(attributes ...string) string {
		var all strings.Builder
		for i, a := range attributes {
			fmt.Fprintf(&all, `<sheet name="H%d" %s/>`, i+1, a)
		}
		return "<workbook><sheets>" + all.String() + "</sheets></workbook>"
	}
	for name, c := range map[string]struct{ list, want, told string }{
		"the first":           {sheets(`r:id="rId1"`, `r:id="rId2"`), "1", `the sheet "H1" is read, the first that can be seen; not read: H2`},
		"the first is hidden": {sheets(`r:id="rId1" state="hidden"`, `r:id="rId2"`), "2", `the sheet "H2" is read, the first that can be seen; hidden, and not read: H1`},
		"hidden very much":    {sheets(`r:id="rId1" state="veryHidden"`, `r:id="rId2" state="visible"`), "2", `hidden, and not read: H1`},
		"a chart before it":   {sheets(`r:id="rId3"`, `r:id="rId2"`), "2", `the sheet "H2" is read` + "\n"},
		"all are hidden":      {sheets(`r:id="rId1" state="hidden"`), "no sheet of it can be seen", ""},
		"none":                {sheets(), "it has no sheet with cells", ""},
	} {
		b := newBook(head, `<c><v>1</v></c>`)
		b["xl/worksheets/sheet2.xml"] = strings.ReplaceAll(b["xl/worksheets/sheet1.xml"], "<v>1</v>", "<v>2</v>")
		b["xl/workbook.xml"] = c.list
		got := readFile(b.save(t))
		said := strings.Join(got.keys(), "")
		if got.err != nil {
			said = got.err.Error()
		}
		if !strings.Contains(said, c.want) || !strings.Contains(got.told, c.told) {
			t.Errorf("%s: %q, told %q; want %q, %q", name, said, got.told, c.want, c.told)
		}
	}
}

// Rows hidden by a filter and hidden columns are read, with a remark.
func TestHiddenRowsAndColumns(t *testing.T) {
	t.Parallel()
	b := newBook(head, `<c><v>1</v></c>`, `<row r="3" hidden="1"><c><v>2</v></c></row>`, `<row r="9" hidden="true"><c><v>3</v></c></row>`)
	b["xl/worksheets/sheet1.xml"] = strings.Replace(b["xl/worksheets/sheet1.xml"], "<sheetData>", `<cols><col min="2" max="9" hidden="1"/></cols><sheetData>`, 1)
	got := readFile(b.save(t))
	if diff := cmp.Diff([]string{"1", "2", "3"}, got.keys()); diff != "" || got.err != nil {
		t.Errorf("%v (-want +got):\n%s", got.err, diff)
	}
	if got.lines[2].Number != 9 || len(got.lines[0].Remarks) > 0 || !strings.Contains(got.lines[1].Remarks[0], "hidden") ||
		!strings.Contains(got.told, "hidden rows, as by a filter: 2") || !strings.Contains(got.told, `the column "Nombre" is hidden`) {
		t.Errorf("%+v, told %q", got.lines, got.told)
	}
}

// A merged cell counts for all its rows; headings may have two rows.
func TestMergedCells(t *testing.T) {
	t.Parallel()
	b := newBook(text("Datos")+text("Nombre"), text("Clave"), text("1")+text("Ana"), text("2"), text("3"), text("4")+text("Eva"))
	b["xl/worksheets/sheet1.xml"] = strings.Replace(b["xl/worksheets/sheet1.xml"], "</sheetData>",
		`</sheetData><mergeCells count="3"><mergeCell ref="B1:B2"/><mergeCell ref="B3:B5"/><mergeCell ref="A6:B6"/></mergeCells>`, 1)
	got := readFile(b.save(t))
	if diff := cmp.Diff([]string{"1 Ana", "2 Ana", "3 Ana", "4 Eva"}, got.keys()); diff != "" || got.err != nil {
		t.Errorf("%v (-want +got):\n%s", got.err, diff)
	}
}

// A damaged workbook is an error, never a shorter list.
func TestDamagedWorkbooks(t *testing.T) {
	t.Parallel()
	whole := newBook(head, text("1"), text("2"))
	sheet := whole["xl/worksheets/sheet1.xml"]
	for name, change := range map[string]func(book){
		"breaks off between rows": func(b book) { b["xl/worksheets/sheet1.xml"], _, _ = strings.Cut(sheet, `<row r="3"`) },
		"breaks off in a tag":     func(b book) { b["xl/worksheets/sheet1.xml"] = sheet[:len(sheet)-5] + "<" },
		"breaks off in a cell":    func(b book) { b["xl/worksheets/sheet1.xml"] = sheet[:strings.LastIndex(sheet, "</t>")] },
		"no sheet":                func(b book) { delete(b, "xl/worksheets/sheet1.xml") },
		"no workbook":             func(b book) { delete(b, "xl/workbook.xml") },
		"a text that is not there": func(b book) {
			b["xl/worksheets/sheet1.xml"] = strings.Replace(sheet, text("2"), `<c t="s"><v>7</v></c>`, 1)
		},
	} {
		b := book{}
		maps.Copy(b, whole)
		change(b)
		got := readFile(b.save(t))
		if name == "breaks off in a tag" && got.err == nil {
			continue // after the rows: nothing of the list is lost
		}
		if got.err == nil || !strings.Contains(got.err.Error(), "damaged") {
			t.Errorf("%s: %v, lines %v", name, got.err, got.keys())
		}
	}
}

// A workbook that would fill the memory or the disk is refused early.
func TestWorkbooksThatAreTooBig(t *testing.T) {
	t.Parallel()
	for name, cells := range map[string]string{
		"one text":  text(strings.Repeat("a", 3*maxToken)),
		"many runs": `<c t="inlineStr"><is>` + strings.Repeat(`<t>`+strings.Repeat("a", 1000)+`</t>`, 3000) + `</is></c>`,
		"one tag":   `<c r="` + strings.Repeat("A", 3*maxToken) + `"/>`,
	} {
		got := readFile(newBook(head, text("1"), cells).save(t))
		for _, l := range got.lines {
			if len(l.Cells["key"]) > 2*maxToken {
				t.Errorf("%s: a cell of %d bytes was read", name, len(l.Cells["key"]))
			}
		}
		if name != "many runs" && got.err == nil {
			t.Errorf("%s: was read", name)
		}
	}
}

// Many different texts are stored in a temporary file, which is deleted.
func TestTextsBeyondMemory(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	t.Setenv("TMP", dir)
	var shared, rows strings.Builder
	const n = 2000
	for i := range n {
		fmt.Fprintf(&shared, "<si><t>k%d%s</t></si>", i, strings.Repeat("x", maxInMemory/n+10))
		fmt.Fprintf(&rows, `<row><c t="s"><v>%d</v></c></row>`, n-1-i)
	}
	b := newBook(head, rows.String())
	b["xl/worksheets/sheet1.xml"] = `<worksheet><sheetData><row>` + head + `</row>` + rows.String() + `</sheetData></worksheet>`
	b["xl/sharedStrings.xml"] = "<sst>" + shared.String() + "</sst>"
	got := readFile(b.save(t))
	if got.err != nil || len(got.lines) != n || !strings.HasPrefix(got.lines[0].Cells["key"], fmt.Sprintf("k%dx", n-1)) || got.lines[n-1].Number != n+1 {
		t.Errorf("%d lines, %v", len(got.lines), got.err)
	}
	if left, err := filepath.Glob(filepath.Join(dir, "altas-list-*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
