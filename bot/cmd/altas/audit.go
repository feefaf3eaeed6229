package main

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"os"
	"time"

	"seducoahuila.gob.mx/altas/bot/console"
	"seducoahuila.gob.mx/altas/bot/service"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/audit"
	"seducoahuila.gob.mx/altas/store"
)

const auditUsage = `audit verify [-path FILE] [-head SEQ:HASH]
       altas audit export [-path FILE] [-from DATE] [-to DATE] -o FILE.csv|jsonl

  verify  holds the audit trail to its chain, and names the first broken link
  export  writes the entries of some days to a file

Both only read; the bot must be stopped, or -path names a backup of the store.
`

func runAudit(ctx context.Context, c call) error {
	return c.choose(ctx, "audit", auditUsage, map[string]action{"verify": verifyAudit, "export": exportAudit})
}

// storePathUsage describes -path.
const storePathUsage = "the store's `file`, or a backup of it"

func defaultStorePath() string { return cmp.Or(os.Getenv("STORE_PATH"), service.DefaultStorePath) }

// readChain calls read with the chain of the store at path, which is opened read-only.
func readChain(ctx context.Context, path string, read func(iter.Seq2[audit.Entry, error]) error) (err error) {
	if _, err := os.Stat(path); err != nil {
		return console.Errorf("audit: %w (STORE_PATH or -path names another)", err)
	}
	db, err := store.Open(path, store.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return db.View(ctx, func(tx provisioning.Tx) error { return read(releasing(db, tx.Chain())) })
}

// releasePagesAfter is after how many records the store's mapped pages are released.
const releasePagesAfter = 5000

// releasing yields the records, and regularly releases the store's mapped pages, which the system
// would count as the program's memory.
func releasing[T any](db *store.DB, records iter.Seq2[T, error]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		n := 0
		for e, err := range records {
			if n++; n%releasePagesAfter == 0 {
				db.Forget()
			}
			if !yield(e, err) {
				return
			}
		}
	}
}

// verifyAudit verifies the chain and prints its head.
func verifyAudit(ctx context.Context, c call) error {
	f := c.flags("audit verify", "audit verify [-path FILE] [-head SEQ:HASH]")
	path := f.String("path", defaultStorePath(), storePathUsage)
	noted := f.String("head", "", "a head that was noted earlier, `SEQ:HASH`: that entry must be there, unchanged")
	if err := parse(c, f); err != nil {
		return err
	}
	var anchors []audit.Head
	if *noted != "" {
		head, err := audit.ParseHead(*noted)
		if err != nil {
			c.warn("-head: %v", err)
			return errUsage
		}
		anchors = append(anchors, head)
	}
	zone, err := service.LoadLocation(os.Getenv)
	if err != nil {
		return configError{err}
	}
	var sum audit.Summary
	err = readChain(ctx, *path, func(entries iter.Seq2[audit.Entry, error]) (err error) {
		sum, err = audit.Verify(entries, anchors...)
		return err
	})
	if broken, is := errors.AsType[*audit.Break](err); is {
		return console.Errorf("the audit is broken: %w; all %d entries before are sound", broken, sum.Head.Seq)
	}
	if err != nil {
		return err
	}
	return c.printSound(sum, zone, *noted)
}

func (c call) printSound(sum audit.Summary, zone *time.Location, noted string) error {
	if sum.Head.Seq == 0 {
		return c.say("the audit has no entry")
	}
	at := func(t time.Time) string { return t.In(zone).Format(time.RFC3339) }
	c.note("the chain is sound: %d entries, from %s to %s", sum.Head.Seq, at(sum.First), at(sum.Last))
	if sum.Redacted > 0 {
		c.note("names and details erased, as later entries say: %d", sum.Redacted)
	}
	if noted != "" {
		c.note("it holds the head that was noted")
	}
	return c.say("head %s", sum.Head)
}
