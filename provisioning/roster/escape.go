package roster

import "strings"

// EscapeFormula returns a cell as it is to be written to a .csv file. Names and comments are typed by
// people, and a spreadsheet would evaluate a cell that begins like a formula; after an apostrophe it
// shows the text.
func EscapeFormula(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}
