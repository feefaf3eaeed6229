package identity

import "strings"

// Generic reports whether the CURP is a generic one such as XEXX010101HNEXXXA4, which payrolls
// write for people without a CURP: its letters match no name. It identifies no person, so it does
// not relate two records, and gives no age.
func (c CURP) Generic() bool {
	return len(c) == curpLength && c[0] == 'X' && strings.IndexByte("AEX", c[1]) >= 0 && c[2:4] == "XX" && c[13:16] == "XXX"
}

// Identifies reports whether the CURP identifies a person. One that was masked does not.
func (c CURP) Identifies() bool { return c != "" && !c.Generic() && !c.masked() }
