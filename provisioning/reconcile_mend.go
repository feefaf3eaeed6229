package provisioning

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// Mender mends the differences that need no judgement: the receipts are made to
// say what is true. What concerns accounts stays for the head of department.
type Mender struct {
	Row      func(context.Context, Stamp) error       // ensures the row of a line: Provisioner.Receipt
	Sighted  func(context.Context, Stamp, bool) error // notes whether the holder may sign in: Provisioner.Sighted
	Receipts Receipts
}

// Mend reports whether the difference is mended. Doing it twice equals once.
func (m Mender) Mend(ctx context.Context, d Difference) (bool, error) {
	switch {
	case d.Kind == RowMissing, d.Kind == AddressDiffers && d.Line == d.User && d.Row != "":
		return true, m.Row(ctx, d.Stamp)
	case d.Kind == StateDiffers:
		return m.setState(ctx, d)
	}
	return false, nil
}

func (m Mender) setState(ctx context.Context, d Difference) (bool, error) {
	rows, err := m.Receipts.Find(ctx, ReceiptQuery{Address: d.Row})
	if err != nil {
		return false, fmt.Errorf("find the row of %s: %w", d.Stamp, err)
	}
	for _, row := range rows {
		if row.Stamp != d.Stamp {
			continue
		}
		if err := m.Sighted(ctx, d.Stamp, d.State != ReceiptDisabled); err != nil {
			return false, fmt.Errorf("note the state of %s: %w", d.Stamp, err)
		}
		row.State = d.State
		if err := m.Receipts.Put(ctx, row); err != nil {
			return false, fmt.Errorf("write the row of %s: %w", d.Stamp, err)
		}
		return true, nil
	}
	return false, nil
}

// DifferenceWriter writes differences as CSV, the heading with the first.
type DifferenceWriter struct {
	out   *csv.Writer
	begun bool
}

// NewDifferenceWriter returns a writer to w, in UTF-8.
func NewDifferenceWriter(w io.Writer) *DifferenceWriter {
	return &DifferenceWriter{out: csv.NewWriter(w)}
}

// Write writes one line, and through.
func (w *DifferenceWriter) Write(d Difference, mended bool) error {
	if !w.begun {
		w.begun = true
		if err := w.out.Write([]string{"kind", "stamp", "altas_address", "receipts_address", "directory_address", "object_id", "mended"}); err != nil {
			return fmt.Errorf("write difference: %w", err)
		}
	}
	cells := []string{string(d.Kind), string(d.Stamp), string(d.Line), string(d.Row), string(d.User), d.ObjectID, strconv.FormatBool(mended)}
	for i := range cells {
		cells[i] = Harmless(cells[i])
	}
	if err := w.out.Write(cells); err != nil {
		return fmt.Errorf("write difference: %w", err)
	}
	w.out.Flush()
	return w.out.Error()
}

// Harmless keeps a spreadsheet from taking a cell for a formula: the directory's
// values are anybody's.
func Harmless(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}
