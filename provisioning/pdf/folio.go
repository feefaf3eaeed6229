package pdf

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"github.com/carlos7ags/folio/document"
	"github.com/carlos7ags/folio/layout"
)

// Folio is the Engine made with github.com/carlos7ags/folio: its fonts, line breaking, images, QR
// codes and file format. The division into pages and the structure of tables are ours, because
// folio 0.11.0 lays one long table out in quadratic time and tags its rows but not its cells. The
// zero value works, and is safe for concurrent use.
type Folio struct{}

var _ Engine = Folio{}

// The page: letter size, 2.5 cm of margin at the sides, 2.1 cm above and below, and the footer within
// the lower one.
const (
	margin     = 71
	marginTop  = 60
	pageWidth  = 612
	pageHeight = 792
	textWidth  = pageWidth - 2*margin
	textHeight = pageHeight - 2*marginTop
	footerDrop = 20 // from the text to the footer
)

// Render implements Engine. It claims PDF/A-2a (ISO 19005-2); nobody held the files to it with a
// validator, and they are not PDF/UA: table headings have no scope.
func (Folio) Render(w io.Writer, d Document) error {
	if d.Title == "" || d.Lang == "" {
		return errors.New("render: a document needs a title and a language")
	}
	face, err := newTypeface()
	if err != nil {
		return err
	}
	parts, err := builder{face}.parts(d.Blocks, textWidth)
	if err != nil {
		return err
	}
	flow := newFlow(textHeight)
	flow.add(parts)
	out := newFile(d)
	for i, blocks := range flow.pages {
		if i > 0 {
			out.Add(layout.NewAreaBreak())
		}
		out.Add(sheet(append(blocks, footer(face, d.Footer, i+1, len(flow.pages)))))
	}
	_, err = out.WriteToWithOptions(w, document.WriteOptions{Deterministic: true, UseXRefStream: true, UseObjectStreams: true})
	if err != nil {
		return fmt.Errorf("write pdf: %w", err)
	}
	return nil
}

func newFile(d Document) *document.Document {
	out := document.NewDocument(document.PageSizeLetter)
	out.SetMargins(layout.Margins{Top: marginTop, Right: margin, Bottom: marginTop, Left: margin})
	out.SetPdfA(document.PdfAConfig{Level: document.PdfA2A})
	out.SetFooter(numberMarks)
	out.Info = document.Info{
		Title: Clean(d.Title), Author: Clean(d.Author), Subject: Clean(d.Subject), Creator: "Altas", Producer: "folio",
		Language: d.Lang, CreationDate: d.Created, ModDate: d.Created,
	}
	return out
}

// sheet is the content of one page.
type sheet []layout.PlacedBlock

// PlanLayout implements layout.Element. The empty block keeps folio from moving the first one, and
// all others, to the top of the page.
func (s sheet) PlanLayout(layout.LayoutArea) layout.LayoutPlan {
	return layout.LayoutPlan{Status: layout.LayoutFull, Consumed: textHeight, Blocks: append([]layout.PlacedBlock{{}}, s...)}
}

// footer is the foot of one page, outside the document's structure.
func footer(face typeface, f Footer, page, pages int) layout.PlacedBlock {
	fill := strings.NewReplacer("{page}", strconv.Itoa(page), "{pages}", strconv.Itoa(pages))
	small := style{size: 7.5, leading: lineHeight}
	left, _ := face.lines(fill.Replace(f.Left), textWidth*0.75, small)
	small.align = Right
	right, _ := face.lines(fill.Replace(f.Right), textWidth, small)
	return artifact(layout.PlacedBlock{Y: textHeight + footerDrop, Children: append(left, right...)})
}

// markedID is the number of a marked-content sequence, as folio writes it. Text is written in
// hexadecimal digits, so it cannot match.
var markedID = regexp.MustCompile(`<</MCID \d+>>`)

// numberMarks numbers the page's marked content from 0. Folio 0.11.0 numbers it through the whole
// document, but its structure tree by the page (document/structtree.go, allocMCID), so that from the
// second page on no tag would find its content.
func numberMarks(_ document.PageContext, page *document.Page) {
	stream, next := page.ContentStream(), 0
	if stream == nil {
		return
	}
	old := string(stream.Bytes())
	stream.ReplaceInBytes(old, markedID.ReplaceAllStringFunc(old, func(string) string {
		next++
		return fmt.Sprintf("<</MCID %d>>", next-1)
	}))
}
