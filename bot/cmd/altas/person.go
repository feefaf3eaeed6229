package main

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"strings"

	"seducoahuila.gob.mx/altas/bot/console"
	"seducoahuila.gob.mx/altas/bot/service"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/retention"
)

const personUsage = `person show [-reference NUMBER] CURP|-|LINE
       altas person erase [-reference NUMBER] CURP|-|LINE
       altas person erase -again [-reference NUMBER]

  show   prints all that is kept about the person, to be handed to them
  erase  erases what names them from the store and from the receipts' own table; -again erases those who
         were erased before and came back with a backup that was restored

The store is that of STORE_PATH, the receipts those of RECEIPTS_DSN; the bot must be stopped. With - the
CURP is read from the standard input, so that it stays in no history of commands. LINE, such as
2026-000123-0001, is for its holder, who may have no CURP. Both are recorded in the audit, without the CURP.
`

// runPerson serves the rights of access and of cancellation (LGPDPPSO: derechos ARCO).
func runPerson(ctx context.Context, c call) error {
	return c.choose(ctx, "person", personUsage, map[string]action{
		"show":  func(ctx context.Context, c call) error { return personal(ctx, c, "show") },
		"erase": func(ctx context.Context, c call) error { return personal(ctx, c, "erase") },
	})
}

// personal shows or erases the person that the arguments name.
func personal(ctx context.Context, c call, what string) (err error) {
	f := c.flags("person "+what, "person "+what+" [-reference NUMBER] CURP|-|LINE")
	reference := f.String("reference", "", "the `number` of the person's request, for the audit; it must not name them")
	again := new(bool)
	if what == "erase" {
		again = f.Bool("again", false, "erase those who came back with a backup that was restored")
	}
	args, err := operands(f, c.args)
	if err != nil {
		return err
	}
	var who retention.Subject
	switch {
	case len(args) == 1 && !*again:
		if who, err = parseSubject(args[0], os.Stdin); err != nil {
			return err
		}
	case len(args) > 0 || !*again:
		f.Usage()
		return errUsage
	}
	config, _, err := service.LoadReceipts(os.Getenv)
	if err != nil {
		return configError{err}
	}
	archive, err := service.OpenArchive(ctx, defaultStorePath(), config)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, archive.Close()) }()
	act := retention.Act{By: operator(), Reference: strings.TrimSpace(*reference)}
	switch {
	case what == "show":
		return showPerson(ctx, c, archive, who, act)
	case *again:
		return eraseAgain(ctx, c, archive, act)
	}
	return erasePeople(ctx, c, archive, act, who)
}

// parseSubject parses an argument: a CURP, that of the first line of the standard input for -, or the stamp of
// a line. The error does not repeat it.
func parseSubject(arg string, stdin io.Reader) (retention.Subject, error) {
	if stamp := provisioning.Stamp(strings.TrimSpace(arg)); stamp.Valid() {
		return retention.Subject{Line: stamp}, nil
	}
	if arg == "-" {
		line, err := bufio.NewReader(io.LimitReader(stdin, 1<<10)).ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return retention.Subject{}, console.Errorf("read the CURP: %w", err)
		}
		arg = line
	}
	curp, err := identity.ParseCURP(arg)
	if err != nil {
		return retention.Subject{}, errors.New("person: that is no CURP, which has 18 letters and digits, with a check digit at the end, nor a line, such as 2026-000123-0001")
	}
	return retention.Subject{CURP: curp}, nil
}

func erasePeople(ctx context.Context, c call, archive *service.Archive, act retention.Act, people ...retention.Subject) error {
	done, err := archive.Erase(ctx, act, people...)
	var owed *retention.OwedError
	switch {
	case err == nil:
		return c.printErasure(done)
	case len(done.People) > 0:
		return errors.Join(c.printErasure(done), console.Errorf("person: not all is erased: %w", err))
	case errors.As(err, &owed), errors.Is(err, retention.ErrReference), errors.Is(err, retention.ErrGeneric), errors.Is(err, retention.ErrNoLine):
		return console.Errorf("person: nothing was erased: %w", err)
	}
	return console.Errorf("person: not all is erased, and this is to be run again: %w", err)
}

// eraseAgain also compacts where nobody is left: a run may have been interrupted before it did.
func eraseAgain(ctx context.Context, c call, archive *service.Archive, act retention.Act) error {
	people, err := archive.Returned(ctx)
	if err != nil {
		return err
	}
	if len(people) == 0 {
		c.note("nobody who was erased is kept again")
	}
	return erasePeople(ctx, c, archive, act, people...)
}
