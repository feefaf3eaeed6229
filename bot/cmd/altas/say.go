package main

import (
	"fmt"
	"strings"
)

// say prints a line of the result.
func (c call) say(format string, args ...any) error {
	_, err := fmt.Fprintln(c.out, c.texts.Sprintf(format, args...))
	return err
}

// note is say, for what comes before the last line.
func (c call) note(format string, args ...any) { _ = c.say(format, args...) }

// warn prints a line beside the result.
func (c call) warn(format string, args ...any) {
	fmt.Fprintln(c.errOut, c.texts.Sprintf(format, args...))
}

// flagWords are the parts of what package flag prints by itself, in English.
var flagWords = []string{
	" (default ", "flag provided but not defined: ", "flag needs an argument: ", "invalid boolean value ", "invalid value ", " for flag ", ": parse error",
}

// flagWriter passes on what package flag prints, in the language of the call.
type flagWriter struct{ call }

func (w flagWriter) Write(text []byte) (int, error) {
	said := string(text)
	for _, part := range flagWords {
		said = strings.ReplaceAll(said, part, w.texts.Text(part))
	}
	if _, err := fmt.Fprint(w.errOut, said); err != nil {
		return 0, err
	}
	return len(text), nil
}
