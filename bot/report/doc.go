// Package report answers the command for the figures of a period with a card, and writes them as a
// workbook.
package report
