package store

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
)

// Problem is an inconsistency between records, or a record that cannot be read. It contains no
// personal data.
type Problem struct {
	Bucket string
	Key    string // as text; index keys without the part that is personal data
	What   string
}

// String returns the problem in one line, for logs and terminals.
func (p Problem) String() string { return fmt.Sprintf("%s %q: %s", p.Bucket, p.Key, p.What) }

// maxProblems is after how many problems a check stops; such a file must be restored from a
// backup.
const maxProblems = 1000

// Check reads the whole file and returns the problems: pages that bbolt cannot account for,
// unreadable records, index entries without their record and records without their index
// entries, wrong counts, addresses and seats reserved for lines that do not have them, jobs in
// no index, gaps in the audit trail. It runs in one read transaction, so the store may be in
// use. Of what grows with the file, only the ids of its pages are held in memory. It stops
// after 1,000 problems. Its only error is ctx's.
func (db *DB) Check(ctx context.Context) ([]Problem, error) {
	return db.look(ctx, func(c *checker) error { return c.all(ctx) })
}

// look runs a checker in one read transaction. bbolt panics at a page that it cannot read: that
// becomes the last problem.
func (db *DB) look(ctx context.Context, look func(*checker) error) ([]Problem, error) {
	var problems []Problem
	err := db.view(ctx, func(t *tx) (err error) {
		c := &checker{t: t, wanted: map[string]int{}}
		defer func() {
			if cause := recover(); cause != nil {
				c.problem("pages", nil, "cannot be read: %v", cause)
			}
			problems = c.problems
		}()
		return look(c)
	})
	if errors.Is(err, errEnough) {
		err = nil
	}
	return problems, err
}

var errEnough = errors.New("store: enough problems")

// checker finds problems. The number of index entries is compared with that of the records
// first: if each record has its entry (indexed) and the numbers are equal, no entry is
// superfluous, and astray need not read the record of each.
type checker struct {
	t        *tx
	problems []Problem
	wanted   map[string]int // by index: how many entries indexed looked for
}

func (c *checker) all(ctx context.Context) error {
	c.pages()
	for _, look := range []func(context.Context) error{
		c.folios, c.requests, c.requestIndexes,
		c.accounts, c.accountIndexes, c.tallies,
		c.addresses, c.seats, c.queues,
		c.outbox, c.audit, c.auditIndex, c.documents,
		c.jobs, c.jobIndexes,
	} {
		if err := look(ctx); err != nil {
			return err
		}
	}
	return nil
}

// pages reports the pages that bbolt cannot reach, or reaches twice.
func (c *checker) pages() {
	for err := range c.t.bolt.Check() {
		if len(c.problems) < maxProblems {
			c.problem("pages", nil, "%v", err)
		}
	}
}

func (c *checker) problem(bucket string, key []byte, format string, args ...any) {
	c.problems = append(c.problems, Problem{bucket, string(key), fmt.Sprintf(format, args...)})
}

// each calls look for every entry of the bucket, until ctx ends or there are maxProblems.
func (c *checker) each(ctx context.Context, bucket string, look func(k, v []byte)) error {
	for k, v := range c.t.ascend(bucket, nil, nil) {
		if err := ctx.Err(); err != nil {
			return err
		}
		if len(c.problems) >= maxProblems {
			return errEnough
		}
		look(k, v)
	}
	return nil
}

// eachRecord is each for a bucket of JSON records. Unreadable ones are reported.
func eachRecord[T any](ctx context.Context, c *checker, bucket string, look func(k []byte, record T)) error {
	return c.each(ctx, bucket, func(k, v []byte) {
		var record T
		if err := json.Unmarshal(v, &record); err != nil {
			c.problem(bucket, k, "cannot be read: %v", err)
			return
		}
		look(k, record)
	})
}

// record reads the record that an index entry points to.
func record[T any](c *checker, bucket string, key []byte) (T, bool) {
	var r T
	found, err := c.t.load(bucket, key, &r)
	return r, found && err == nil
}

// astray calls look for the entries of an index if it may have superfluous ones. It must run
// after the records were checked with indexed.
func (c *checker) astray(ctx context.Context, index string, look func(k, v []byte)) error {
	n := 0
	if err := c.each(ctx, index, func(_, _ []byte) { n++ }); err != nil || n == c.wanted[index] {
		return err
	}
	return c.each(ctx, index, look)
}

// indexed reports a record that has no entry in the index.
func (c *checker) indexed(bucket string, key []byte, index string, entry []byte) {
	c.wanted[index]++
	if !c.t.has(index, entry) {
		c.problem(bucket, key, "has no entry in %s", index)
	}
}

// same reports a value of a record that differs from its key or index.
func (c *checker) same(bucket string, key []byte, what, got, want string) {
	if got != want {
		c.problem(bucket, key, "%s is %q, not %q", what, got, want)
	}
}

// last returns the last part of an index key, which is no personal data.
func last(k []byte) []byte { return k[bytes.LastIndexByte(k, 0)+1:] }
