package roster

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// fileKind is what a file is, by what it holds rather than by its name.
type fileKind int

const (
	textFile fileKind = iota
	workbookFile
)

// errEmpty is what a file gives in which nothing stands.
var errEmpty = errors.New("it is empty: nothing stands in it")

// look is how much of a file's beginning tells what it is.
const look = 4 << 10

// saveAs is what helps with what is no .xlsx, for whoever is to send the file again.
const saveAs = `open it in Excel and save it as .xlsx («guárdelo como .xlsx»: Archivo, Guardar como, Libro de Excel)`

func looksLike(what, then string) error { return fmt.Errorf("it looks like %s; %s", what, then) }

// recognize returns what the file is, and what to do about one that cannot be read.
func recognize(f *os.File, ext string) (fileKind, error) {
	head := make([]byte, look)
	n, err := f.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return textFile, err
	}
	head = head[:n]
	text := slices.Contains([]string{".csv", ".txt", ".tsv", ".tab"}, ext)
	switch {
	case len(bytes.TrimSpace(head)) == 0 && n < look && text:
		return textFile, nil // for want of a heading it is refused
	case len(bytes.TrimSpace(head)) == 0 && n < look:
		return textFile, fmt.Errorf("%w. Ask for it again: as .xlsx («guárdelo como .xlsx»)", errEmpty)
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return recognizeZip(f)
	}
	if what, then := foreign(f, head); what != "" {
		return textFile, looksLike(what, then)
	}
	switch {
	case text:
		return textFile, nil
	case slices.Contains([]string{".xlsx", ".xlsm", ".xls"}, ext):
		return textFile, looksLike("a text, such as a CSV, under a spreadsheet's name", saveAs+", or name it .csv")
	}
	return textFile, fmt.Errorf("%q is no list: want .xlsx or .csv; %s", ext, saveAs)
}

// foreign knows files that are no list, by how they begin.
func foreign(f *os.File, head []byte) (what, then string) {
	begin := strings.ToLower(string(bytes.TrimSpace(bytes.TrimPrefix(head, []byte("\ufeff")))))
	starts := func(marks ...string) bool {
		return slices.ContainsFunc(marks, func(m string) bool { return strings.HasPrefix(begin, m) })
	}
	switch {
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return recognizeOLE(f)
	case bytes.HasPrefix(head, []byte("\x09\x08")), bytes.HasPrefix(head, []byte("\x09\x04\x06\x00")):
		return "an old Excel workbook (.xls)", saveAs
	case strings.Contains(begin, "urn:schemas-microsoft-com:office:spreadsheet"):
		return "an XML spreadsheet of 2003", saveAs
	case starts("<!doctype html", "<html", "<table", "<head", "<body", "<meta", "<div"), strings.Contains(begin, "<table"), strings.Contains(begin, "<html"):
		return "a web page (HTML) under another name", saveAs
	case starts("mime-version:", "from: <saved by"):
		return "a web page saved whole (MHTML)", saveAs
	case starts("<?xml"):
		return "XML", saveAs
	case starts("%pdf-"):
		return "a PDF", "ask for the list itself, as .xlsx"
	case starts(`{\rtf`):
		return "a document (RTF)", "copy its table into Excel and save it as .xlsx"
	case bytes.HasPrefix(head, []byte("\x89PNG")), bytes.HasPrefix(head, []byte("\xff\xd8\xff")), bytes.HasPrefix(head, []byte("GIF8")):
		return "a picture", "ask for the list itself, as .xlsx"
	case bytes.HasPrefix(head, []byte("\x1f\x8b")), bytes.HasPrefix(head, []byte("Rar!")), bytes.HasPrefix(head, []byte("7z\xbc\xaf")):
		return "a compressed file", "take the list out of it first"
	}
	return "", ""
}

// recognizeOLE tells the container of old Office files from an .xlsx with a password,
// which lies in the same container.
func recognizeOLE(f *os.File) (what, then string) {
	const most = 8 << 20
	all, err := io.ReadAll(io.NewSectionReader(f, 0, most))
	wide := func(s string) []byte { return []byte(strings.Join(strings.Split(s, ""), "\x00")) }
	switch {
	case err != nil:
	case bytes.Contains(all, wide("EncryptedPackage")):
		return "a workbook with a password", "open it in Excel, take the password off and save it as .xlsx"
	case bytes.Contains(all, wide("WordDocument")):
		return "a Word document (.doc)", "copy its table into Excel and save it as .xlsx"
	}
	return "an old Excel workbook (.xls)", saveAs
}

// recognizeZip knows what lies in a zip: a workbook, or what only looks like one.
func recognizeZip(f *os.File) (fileKind, error) {
	archive, err := openZip(f)
	if err != nil {
		return workbookFile, err
	}
	has := func(names ...string) bool {
		return slices.ContainsFunc(archive.File, func(z *zip.File) bool {
			return slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(strings.TrimPrefix(z.Name, "/"), n) })
		})
	}
	switch {
	case has("xl/workbook.bin"):
		return workbookFile, looksLike("a binary workbook (.xlsb)", saveAs)
	case has("word/document.xml"):
		return workbookFile, looksLike("a Word document (.docx)", "copy its table into Excel and save it as .xlsx")
	case has("mimetype", "content.xml"):
		return workbookFile, looksLike("a LibreOffice file (.ods)", "save it there as .xlsx («guárdelo como .xlsx»)")
	case has("Index/Document.iwa", "Index.zip"):
		return workbookFile, looksLike("a file of Apple Numbers", "export it there as .xlsx («guárdelo como .xlsx»)")
	case !has("[Content_Types].xml", "xl/workbook.xml", "_rels/.rels"):
		return workbookFile, looksLike("a compressed folder (zip)", "take the list out of it first")
	}
	return workbookFile, nil
}

func openZip(f *os.File) (*zip.Reader, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	archive, err := zip.NewReader(f, info.Size())
	if err != nil {
		return nil, fmt.Errorf("%w: download it again, or %s", errDamaged, saveAs)
	}
	return archive, nil
}

// errDamaged is a workbook that breaks off, or of which a part is missing.
var errDamaged = errors.New("the workbook is damaged, or did not arrive whole")
