package pdf

import (
	"fmt"
	"strings"
)

// Text returns what the document says, block by block, in Markdown's manner and without layout: to
// read, and to compare in tests.
func (d Document) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "title: %s\nauthor: %s\nsubject: %s\n\n", d.Title, d.Author, d.Subject)
	writeBlocks(&b, d.Blocks)
	fmt.Fprintf(&b, "footer: %s | %s\n", d.Footer.Left, d.Footer.Right)
	return b.String()
}

func writeBlocks(b *strings.Builder, blocks []Block) {
	for _, block := range blocks {
		writeBlock(b, block)
	}
}

func writeBlock(b *strings.Builder, block Block) {
	switch v := block.(type) {
	case Paragraph:
		fmt.Fprintf(b, "%s\n\n", v.Text)
	case Heading:
		fmt.Fprintf(b, "%s %s\n\n", strings.Repeat("#", v.Level), v.Text)
	case Facts:
		for _, row := range v.Rows {
			fmt.Fprintf(b, "- %s: %s\n", row.Label, row.Value)
		}
		b.WriteByte('\n')
	case Table:
		for _, row := range append([][]string{v.Header}, v.Rows...) {
			fmt.Fprintf(b, "| %s |\n", strings.Join(row, " | "))
		}
		b.WriteByte('\n')
	case Signature:
		fmt.Fprintf(b, "________\n%s\n\n", strings.Join(v.Lines, "\n"))
	case QR:
		fmt.Fprintf(b, "[QR %s: %s]\n%s\n\n", v.Data, v.Alt, v.Caption)
	case Image:
		fmt.Fprintf(b, "[image: %s]\n\n", v.Alt)
	case Rule:
		b.WriteString("---\n\n")
	case Columns:
		for _, cell := range v.Cells {
			writeBlocks(b, cell.Blocks)
		}
	case Group:
		writeBlocks(b, v.Blocks)
	case PageBreak:
		b.WriteString("\f\n")
	}
}
