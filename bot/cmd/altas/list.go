package main

import (
	"fmt"
	"strings"
	"unicode"

	"seducoahuila.gob.mx/altas/provisioning/roster"
)

// printRemark prints a remark on a list.
func (c call) printRemark(sentence string) { fmt.Fprintln(c.out, strings.Map(visible, sentence)) }

// printColumns prints which columns of a list are used, and which are not.
func (c call) printColumns(h roster.Heading) {
	var used []string
	for _, column := range h.Used {
		used = append(used, fmt.Sprintf("%s (%s)", column.Heading, column.Name))
	}
	c.printRemark(c.texts.Sprintf("columns, by the heading on line %d: %s", h.Number, strings.Join(used, ", ")))
	c.printIgnoredColumns(h)
}

func (c call) printIgnoredColumns(h roster.Heading) {
	if len(h.PassedOver) > 0 {
		c.printRemark(c.texts.Sprintf("columns passed over: %s", strings.Join(h.PassedOver, ", ")))
	}
}

// visible replaces control characters, so that untrusted text cannot send escape sequences to the
// terminal.
func visible(r rune) rune {
	if unicode.IsPrint(r) {
		return r
	}
	return unicode.ReplacementChar
}
