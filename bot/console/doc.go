// Package console says things to those who run the program, in the language of ALTAS_LOCALE: faults of the
// configuration, results, and the help of each command.
//
//	err := console.Errorf("%s: %q is no domain", key, value)
//	fmt.Fprintln(os.Stderr, console.In("es-MX").Error(err))
//
// An English text is the key of its Spanish one, in texts.yaml. The text of an error is English, and so
// are the log and whatever has no Spanish text: what a database, Microsoft or the system answers.
package console
