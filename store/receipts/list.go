package receipts

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"unicode"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/unicode/norm"
)

// ListLine is one line of a list of addresses: its number in the file, the
// heading being 1, and its cells by our names of the fields.
type ListLine struct {
	Number int
	Cells  map[string]string
}

// headings are the columns that a list may have, as people head them: folded
// by heading. README.md has them for people.
func headings() map[string]string {
	known := map[string]string{}
	for name, words := range map[string]string{
		"address":         "correo|correoelectronico|correoinstitucional|email|mail|cuenta|cuentadecorreo|usuario|userprincipalname|direccion",
		"type":            "tipo|tipodecuenta|tipocuenta|perfil|type",
		"given_names":     "nombre|nombres|givenname",
		"first_surname":   "apellidopaterno|primerapellido|paterno|apellido1|appaterno",
		"second_surname":  "apellidomaterno|segundoapellido|materno|apellido2|apmaterno",
		"curp":            "curp",
		"cct":             "cct|clave|clavecct|clavedecentrodetrabajo|clavedelcentrodetrabajo|centrodetrabajocct",
		"centre_name":     "centro|centrodetrabajo|nombredelcentro|nombredelcentrodetrabajo|escuela|plantel|nombredelplantel",
		"responsible":     "responsable|director|directora|titular",
		"employee_number": "numerodeempleado|numempleado|noempleado|numempl|empleado|nomina",
		"level":           "nivel|niveleducativo",
		"grade":           "grado",
		"class_group":     "grupo",
	} {
		for word := range strings.SplitSeq(words, "|") {
			known[word] = name
		}
	}
	return known
}

// heading folds what people write above a column: "Correo Electrónico" is
// "correoelectronico", "No. empleado" is "noempleado".
func heading(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, norm.NFD.String(s))
}

// ErrNoHeading is what a list without a column for the address gives.
var ErrNoHeading = errors.New("receipts: no line has the heading of a column with the address (correo, cuenta, usuario …)")

// headingLines is how far down a list's heading may stand, below a title.
const headingLines = 20

// ReadList yields the lines of an .xlsx, .csv or .txt file, however long, in
// constant memory. It ends at the first error. Columns that it does not know are passed over.
func ReadList(path string) iter.Seq2[ListLine, error] {
	return func(yield func(ListLine, error) bool) {
		rows, done, err := openRows(path)
		if err == nil {
			err = eachLine(rows, yield)
			err = errors.Join(err, done())
		}
		if err != nil && !errors.Is(err, errStopped) {
			yield(ListLine{}, fmt.Errorf("read %s: %w", filepath.Base(path), err))
		}
	}
}

var errStopped = errors.New("no more wanted")

// rowReader gives the cells of the next row, io.EOF after the last.
type rowReader func() ([]string, error)

func openRows(path string) (rowReader, func() error, error) {
	switch ext := strings.ToLower(filepath.Ext(path)); ext {
	case ".xlsx", ".xlsm":
		return openSheet(path)
	case ".csv", ".txt":
		return openCSV(path)
	default:
		return nil, nil, fmt.Errorf("%q is no list: want .xlsx or .csv", ext)
	}
}

// eachLine finds the heading, then yields what is below it.
func eachLine(next rowReader, yield func(ListLine, error) bool) error {
	var names []string
	for number := 1; ; number++ {
		cells, err := next()
		switch {
		case errors.Is(err, io.EOF) && names == nil:
			return ErrNoHeading
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("line %d: %w", number, err)
		case names == nil && number > headingLines:
			return ErrNoHeading
		case names == nil:
			names = headingOf(cells)
		default:
			if l := line(number, names, cells); len(l.Cells) > 0 && !yield(l, nil) {
				return errStopped
			}
		}
	}
}

// headingOf returns the field of each column, nil where none is the address.
func headingOf(cells []string) []string {
	known, names, found := headings(), make([]string, len(cells)), false
	for i, cell := range cells {
		names[i] = known[heading(cell)]
		found = found || names[i] == "address"
	}
	if !found {
		return nil
	}
	return names
}

// line leaves out cells that are empty, so that an empty line has none.
func line(number int, names, cells []string) ListLine {
	l := ListLine{Number: number, Cells: map[string]string{}}
	for i, cell := range cells {
		if cell = strings.TrimSpace(cell); cell != "" && i < len(names) && names[i] != "" && l.Cells[names[i]] == "" {
			l.Cells[names[i]] = cell
		}
	}
	return l
}

// Limits of a spreadsheet: what it may unpack to, and what of that is kept in
// memory rather than in a temporary file.
const (
	maxUnpacked = 2 << 30
	maxInMemory = 8 << 20
)

// openSheet reads the first sheet, as its cells are stored rather than shown.
func openSheet(path string) (rowReader, func() error, error) {
	book, err := excelize.OpenFile(path, excelize.Options{RawCellValue: true, UnzipSizeLimit: maxUnpacked, UnzipXMLSizeLimit: maxInMemory})
	if err != nil {
		return nil, nil, err
	}
	rows, err := book.Rows(book.GetSheetName(0))
	if err != nil {
		return nil, nil, errors.Join(err, book.Close())
	}
	next := func() ([]string, error) {
		if !rows.Next() {
			if err := rows.Error(); err != nil {
				return nil, err
			}
			return nil, io.EOF
		}
		return rows.Columns()
	}
	return next, func() error { return errors.Join(rows.Close(), book.Close()) }, nil
}

// openCSV reads what spreadsheets and editors in Mexico save: parted by commas,
// semicolons or tabs, in UTF-8 with or without its mark, UTF-16 or Windows-1252.
func openCSV(path string) (rowReader, func() error, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	next, err := csvRows(f)
	if err != nil {
		return nil, nil, errors.Join(err, f.Close())
	}
	return next, f.Close, nil
}
