package pdf_test

import (
	"bytes"
	"compress/zlib"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning/pdf"
)

// sample returns a document with every kind of block, on several pages.
func sample() pdf.Document {
	table := pdf.Table{Header: []string{"No.", "Nombre"}, Widths: []float64{1, 9}}
	for i := range 12 {
		name := fmt.Sprintf("Íñigo Núñez Agüero %d ", i+1)
		table.Rows = append(table.Rows, []string{fmt.Sprint(i + 1), strings.Repeat(name, 40)})
	}
	return pdf.Document{
		Title: "Prueba de impresión", Author: "Altas", Subject: "Prueba", Lang: "es-MX",
		Created: time.Date(2026, time.November, 30, 12, 0, 0, 0, time.UTC),
		Footer:  pdf.Footer{Left: "Folio 1", Right: "Página {page} de {pages}"},
		Blocks: []pdf.Block{
			pdf.Heading{Text: "Título", Level: 1}, pdf.Rule{}, pdf.Rule{Dashed: true},
			pdf.Paragraph{Text: strings.Repeat("Un párrafo que ocupa más de una línea. ", 8), Align: pdf.Justify},
			pdf.Facts{Rows: []pdf.Fact{{Label: "Turnó", Value: "Rosa"}}}, table, pdf.Spacer{Height: 10},
			pdf.Columns{Cells: []pdf.Column{
				{Share: 1, Blocks: []pdf.Block{pdf.Image{PNG: logo(), Alt: "Escudo del estado", MaxWidth: 40, MaxHeight: 40}}},
				{Share: 2, Blocks: []pdf.Block{pdf.QR{Data: "https://example.org/x", Alt: "Código de prueba", Caption: "Leyenda"}}},
			}},
			pdf.Group{Blocks: []pdf.Block{pdf.Signature{Lines: []string{"Nombre", "Cargo"}, Room: 40, Align: pdf.Center}}},
			pdf.PageBreak{}, pdf.Paragraph{Text: "Última página."},
		},
	}
}

func logo() []byte {
	img := image.NewNRGBA(image.Rect(0, 0, 20, 10))
	img.Set(3, 3, color.NRGBA{R: 200, A: 128})
	var b bytes.Buffer
	_ = png.Encode(&b, img)
	return b.Bytes()
}

func render(t testing.TB, d pdf.Document) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := (pdf.Folio{}).Render(&b, d); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// poppler runs one of poppler's programs on a file, and returns what it writes. Without it the test is skipped, but not
// in CI.
func poppler(t testing.TB, file []byte, program string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s is required in CI: poppler-utils", program)
		}
		t.Skipf("%s is not installed", program)
	}
	name := filepath.Join(t.TempDir(), "x.pdf")
	if err := os.WriteFile(name, file, 0o600); err != nil {
		t.Fatal(err)
	}
	args = append(args, name)
	if program == "pdftotext" {
		args = append(args, "-")
	}
	var errs bytes.Buffer
	cmd := exec.CommandContext(context.Background(), program, args...)
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil || errs.Len() > 0 {
		t.Fatalf("%s: %v: %s", program, err, errs.String())
	}
	return string(out)
}

func TestTheSameDocumentGivesTheSameBytes(t *testing.T) {
	t.Parallel()
	first := render(t, sample())
	done := make(chan []byte)
	for range 4 {
		go func() {
			var b bytes.Buffer
			_ = (pdf.Folio{}).Render(&b, sample())
			done <- b.Bytes()
		}()
	}
	for range 4 {
		if again := <-done; !bytes.Equal(first, again) {
			t.Error("the same document gave other bytes")
		}
	}
	other := sample()
	other.Created = other.Created.Add(time.Hour)
	if bytes.Equal(first, render(t, other)) {
		t.Error("another date gave the same bytes")
	}
}

func TestTheFileIsTaggedPDFA(t *testing.T) {
	t.Parallel()
	file := render(t, sample())
	info := poppler(t, file, "pdfinfo")
	for _, want := range []string{`Title:\s+Prueba de impresión\n`, `Author:\s+Altas\n`, `Tagged:\s+yes`, `Page size:\s+612 x 792`, `Pages:\s+4\n`} {
		if !regexp.MustCompile(want).MatchString(info) {
			t.Errorf("pdfinfo does not say %s:\n%s", want, info)
		}
	}
	meta := poppler(t, file, "pdfinfo", "-meta")
	for _, want := range []string{"<pdfaid:part>2</pdfaid:part>", "<pdfaid:conformance>A</pdfaid:conformance>", "es-MX", "2026-11-30T12:00:00"} {
		if !strings.Contains(meta, want) {
			t.Errorf("the metadata has no %s:\n%s", want, meta)
		}
	}
	for line := range strings.Lines(poppler(t, file, "pdffonts")) {
		if strings.Contains(line, "OpenSans") && !regexp.MustCompile(`^[A-Z]{6}\+\S+\s+CID TrueType\s+Identity-H\s+yes yes yes`).MatchString(line) {
			t.Errorf("a font is not embedded, subset and readable: %s", line)
		}
	}
}

// Each tag has its own text, on every page, with the spaces between words.
func TestTagsHoldTheirText(t *testing.T) {
	t.Parallel()
	structure := strings.Join(strings.Fields(poppler(t, render(t, sample()), "pdfinfo", "-struct-text")), " ")
	for _, want := range []string{
		`H1 (block) "Título"`, `TH "No." TH "Nombre"`, `TR "" TD "1" TD "Íñigo Núñez Agüero 1 Íñigo`, `TD "12" TD "Íñigo Núñez Agüero 12 Íñigo`,
		`"Turnó Rosa"`, `P (block) "Última página."`, `Un párrafo que ocupa más de una línea. Un párrafo`,
	} {
		if !strings.Contains(structure, want) {
			t.Errorf("the structure has no %s", want)
		}
	}
	if n := strings.Count(structure, `TH "Nombre"`); n != 2 {
		t.Errorf("the headings of the table are printed %d times, want once on each of 2 pages", n)
	}
	if strings.Contains(structure, "Página 1") {
		t.Error("the footer is in the structure")
	}
}

// Pictures say what they show. (Poppler does not tell, so this looks into the file.)
func TestFiguresHaveAlternativeText(t *testing.T) {
	t.Parallel()
	objects := inflate(t, render(t, sample()))
	for _, want := range []string{"Escudo del estado", "Código de prueba"} {
		utf16 := "\xfe\xff"
		for _, r := range want {
			utf16 += string([]byte{byte(r >> 8), byte(r)})
		}
		if !strings.Contains(objects, "/Alt ("+want+")") && !strings.Contains(objects, utf16) && !strings.Contains(objects, fmt.Sprintf("/Alt <%X>", utf16)) {
			t.Errorf("no figure has the alternative text %q", want)
		}
	}
}

// inflate returns all that is compressed in a file.
func inflate(t *testing.T, file []byte) string {
	t.Helper()
	var all strings.Builder
	for _, part := range bytes.Split(file, []byte("stream\n"))[1:] {
		r, err := zlib.NewReader(bytes.NewReader(part))
		if err != nil {
			continue // not compressed
		}
		_, _ = io.Copy(&all, r) // what follows the stream is no part of it
	}
	return all.String()
}

func TestTheTextCanBeRead(t *testing.T) {
	t.Parallel()
	text := poppler(t, render(t, sample()), "pdftotext", "-layout")
	for _, want := range []string{"Íñigo Núñez Agüero 7", "Página 1 de 4", "Página 4 de 4", "Leyenda", "Folio 1"} {
		if !strings.Contains(text, want) {
			t.Errorf("the text has no %q", want)
		}
	}
}

// What a stranger types cannot break the file, nor reach beyond its cell.
func TestHostileTextStaysInItsPlace(t *testing.T) {
	t.Parallel()
	hostile := []string{
		"", "\x00", "\u202egnp.exe", "👨‍👩‍👧‍👦 👍🏽", "שלום عربي 漢字", "Z\u0336\u0337\u0338", strings.Repeat("W", 400),
		strings.Repeat("a.", 60) + "@" + strings.Repeat("b", 60) + ".mx", ") Tj ET (\\", "<</MCID 7>> BDC", "{counter(page)} {page}", "\xff\xfe", "@", "a@", "@b",
		strings.Repeat("\n", 20), "fi ffi ﬁ", "\u2028\u2029",
	}
	d := sample()
	d.Title, d.Footer.Left = strings.Join(hostile[:5], " "), strings.Join(hostile[:5], " ")
	table := pdf.Table{Header: []string{"a", "b", "c"}}
	for _, h := range hostile {
		d.Blocks = append(d.Blocks, pdf.Paragraph{Text: h, Align: pdf.Justify}, pdf.Heading{Text: h},
			pdf.Facts{Rows: []pdf.Fact{{Label: h, Value: h}}}, pdf.Signature{Lines: []string{h, h}})
		table.Rows = append(table.Rows, []string{h, "x", h})
	}
	d.Blocks = append(d.Blocks, table)
	file := render(t, d)
	poppler(t, file, "pdftotext")
	for _, word := range regexp.MustCompile(`<word xMin="([\d.]+)"[^>]* xMax="([\d.]+)"`).FindAllStringSubmatch(poppler(t, file, "pdftotext", "-bbox"), -1) {
		var left, right float64
		if _, err := fmt.Sscan(word[1], &left); err != nil {
			t.Fatal(err)
		}
		if _, err := fmt.Sscan(word[2], &right); err != nil {
			t.Fatal(err)
		}
		if left < 70 || right > 543 {
			t.Errorf("a word stands from %.1f to %.1f, beyond the margins", left, right)
		}
	}
}

func TestRenderRefuses(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*pdf.Document){
		"no title":         func(d *pdf.Document) { d.Title = "" },
		"no language":      func(d *pdf.Document) { d.Lang = "" },
		"a QR without alt": func(d *pdf.Document) { d.Blocks = []pdf.Block{pdf.QR{Data: "x"}} },
		"a QR too long":    func(d *pdf.Document) { d.Blocks = []pdf.Block{pdf.QR{Data: strings.Repeat("x", 5000), Alt: "x"}} },
		"no PNG":           func(d *pdf.Document) { d.Blocks = []pdf.Block{pdf.Image{PNG: []byte("x"), Alt: "x"}} },
		"a PNG without alt": func(d *pdf.Document) {
			d.Blocks = []pdf.Block{pdf.Group{Blocks: []pdf.Block{pdf.Image{PNG: logo()}}}}
		},
	} {
		d := sample()
		spoil(&d)
		if err := (pdf.Folio{}).Render(&bytes.Buffer{}, d); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestAnEmptyDocumentHasOnePage(t *testing.T) {
	t.Parallel()
	d := sample()
	d.Blocks = nil
	if info := poppler(t, render(t, d), "pdfinfo"); !regexp.MustCompile(`Pages:\s+1\n`).MatchString(info) {
		t.Errorf("pdfinfo says\n%s", info)
	}
}

// BenchmarkFiveHundredSlips prints what is handed out with passwords: a slip with its data for each
// of 500 pupils, to be cut apart.
func BenchmarkFiveHundredSlips(b *testing.B) {
	d := sample()
	d.Blocks = nil
	for i := range 500 {
		d.Blocks = append(d.Blocks, pdf.Group{Blocks: []pdf.Block{
			pdf.Heading{Text: fmt.Sprintf("Íñigo Núñez Agüero %d", i), After: 4},
			pdf.Facts{Label: 120, Rows: []pdf.Fact{{Label: "Cuenta", Value: "inigo.nunez@alumnocoahuila.gob.mx"}, {Label: "Contraseña temporal", Value: "xxxx"}}, After: 8},
			pdf.Rule{Dashed: true, After: 8},
		}})
	}
	for b.Loop() {
		render(b, d)
	}
	runtime.KeepAlive(d)
}
