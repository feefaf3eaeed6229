// Package typeface contains the fonts that letters and diagrams are set in: Open Sans 1.10 of
// Debian's fonts-open-sans, licensed as LICENSE.txt says. Regular and Bold return the files.
package typeface

import _ "embed"

//go:embed OpenSans-Regular.ttf
var regular []byte

//go:embed OpenSans-Bold.ttf
var bold []byte

// Regular returns the TrueType file of Open Sans Regular; it must not be changed.
func Regular() []byte { return regular }

// Bold returns the TrueType file of Open Sans Bold; it must not be changed.
func Bold() []byte { return bold }
