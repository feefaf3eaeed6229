package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"seducoahuila.gob.mx/altas/bot/console"
)

// command is a subcommand of the program, with flags of its own. Exit status: 2 for wrong flags
// and configuration errors, 3 for differences that were not repaired and letters that are not valid, 1 for any other error.
type command struct {
	name  string
	brief string
	run   func(ctx context.Context, c call) error
}

// call is the arguments and the output of a command, and the language it is in.
type call struct {
	args        []string
	out, errOut io.Writer
	texts       console.Texts
}

// flags returns an empty flag set for a command.
func (c call) flags(name, usage string) *flag.FlagSet {
	f := flag.NewFlagSet("altas "+name, flag.ContinueOnError)
	f.SetOutput(flagWriter{c})
	f.Usage = func() {
		c.warn("usage: altas %s", console.Phrase(usage))
		f.VisitAll(func(each *flag.Flag) { each.Usage = c.texts.Text(each.Usage) })
		f.PrintDefaults()
	}
	return f
}

// parse parses the flags of a command that takes no other arguments.
func parse(c call, f *flag.FlagSet) error {
	if err := f.Parse(c.args); err != nil {
		return usageError(err)
	}
	if f.NArg() > 0 {
		c.warn("%q is not expected here", f.Arg(0))
		f.Usage()
		return errUsage
	}
	return nil
}

// action is one of the things that a command does.
type action func(ctx context.Context, c call) error

// choose runs the action that the first argument names, with the arguments after it.
func (c call) choose(ctx context.Context, name, usage string, actions map[string]action) error {
	f := c.flags(name, usage)
	if err := f.Parse(c.args); err != nil {
		return usageError(err)
	}
	do, known := actions[f.Arg(0)]
	if !known {
		f.Usage()
		return errUsage
	}
	return do(ctx, call{f.Args()[1:], c.out, c.errOut, c.texts})
}

// operands parses flags before, between and after the other arguments, and returns the other
// arguments.
func operands(f *flag.FlagSet, args []string) ([]string, error) {
	var others []string
	for {
		if err := f.Parse(args); err != nil {
			return nil, usageError(err)
		}
		if f.NArg() == 0 {
			return others, nil
		}
		others, args = append(others, f.Arg(0)), f.Args()[1:]
	}
}

// usageError returns errUsage for an error of the flags, which package flag has printed already; a
// request for help is returned unchanged.
func usageError(err error) error {
	if errors.Is(err, flag.ErrHelp) {
		return err
	}
	return errUsage
}

func commands() []command {
	return []command{
		{"serve", "run the bot; reads the environment and altas.yaml", serve},
		{"sandbox", "run it against a stand-in tenant, in Microsoft's local Teams client", runSandbox},
		{"demo", "play the whole job in seconds and print what people see", runDemo},
		{"manifest", "make the Teams app package", makeManifest},
		{"cards", "write every card in every state as JSON", writeCards},
		{"flow", "draw the flow chart of the procedure (F-007), by the rules", drawFlow},
		{"centres", "import the catalogue of work centres that the form searches", importCentres},
		{"receipts", "migrate, look at, import into, or reconcile the receipts database", runReceipts},
		{"letter", "verify a letter by its code or its file, or print a sample of the organisation's", letters},
		{"report", "write the figures of a period as an Excel workbook", writeReport},
		{"check-store", "hold the store to its invariants", checkStore},
		{"audit", "verify the chain of the audit trail, or export its entries", runAudit},
		{"expediente", "export the file of a request that has ended, for its transfer to the archive", runExpediente},
		{"person", "show, or erase, what is kept about a person (ARCO rights)", runPerson},
		{"undelivered", "list the notices that Teams refused for good, and have them sent again", undelivered},
		{"version", "print the version", printVersion},
	}
}

// errUsage is a usage error that was printed already.
var errUsage = errors.New("usage")

// errDiffer says that differences remain; they were printed already.
var errDiffer = errors.New("differences remain")

// configError is a configuration error.
type configError struct{ err error }

func (e configError) Error() string { return e.err.Error() }
func (e configError) Unwrap() error { return e.err }

// run runs the command that args name and returns the exit status.
func run(ctx context.Context, args []string, out, errOut io.Writer) int {
	c := call{args, out, errOut, console.In(os.Getenv("ALTAS_LOCALE"))}
	if len(args) == 0 {
		c.usage(errOut)
		return 2
	}
	name := args[0]
	switch name {
	case "-h", "-help", "--help", "help":
		if name != "help" || len(args) == 1 {
			c.usage(out)
			return 0
		}
		name, args = args[1], []string{args[1], "-h"}
	case "-version", "--version":
		name = "version"
	}
	c.args = args[1:]
	for _, named := range commands() {
		if named.name == name {
			return c.status(named.run(ctx, c))
		}
	}
	c.warn("altas: there is no command %q; altas help lists them", name)
	return 2
}

// status tells an error, and returns its exit status.
func (c call) status(err error) int {
	var fault configError
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return 0
	case errors.Is(err, errUsage):
		return 2
	case errors.Is(err, errDiffer), errors.Is(err, errNotGenuine):
		return 3
	case errors.As(err, &fault):
		c.warn("altas: the configuration has faults:\n%w", err)
		return 2
	}
	c.warn("altas: %w", err)
	return 1
}

// usage lists the commands.
func (c call) usage(w io.Writer) {
	fmt.Fprintln(w, c.texts.Text("altas gives schools their institutional mail accounts, in Microsoft Teams."))
	fmt.Fprintln(w)
	for _, named := range commands() {
		fmt.Fprintf(w, "  altas %-12s %s\n", named.name, c.texts.Text(named.brief))
	}
	fmt.Fprintln(w, c.texts.Text("\naltas COMMAND -h tells a command's flags."))
}
