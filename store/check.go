package store

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
)

// Problem is a promise between records that the file does not keep, or a record
// that cannot be read. It holds no personal data.
type Problem struct {
	Bucket string
	Key    string // as text; keys of indexes without the part that is personal
	What   string
}

// String returns the problem in one line, for logs and terminals.
func (p Problem) String() string { return fmt.Sprintf("%s %q: %s", p.Bucket, p.Key, p.What) }

// maxProblems is how many are gathered; a file so broken needs its backup.
const maxProblems = 1000

// Check reads everything and returns what is wrong: pages that bbolt cannot
// account for, records that cannot be read, index entries without their record
// and records without theirs, counts that do not count, addresses and seats of
// lines that do not have them, jobs that are nowhere, gaps in the audit trail. It
// sees one moment of a store in use. It holds in memory the ids of the file's
// pages and nothing else that grows with it. It stops after 1,000 problems. Its
// error is ctx's.
func (db *DB) Check(ctx context.Context) ([]Problem, error) {
	return db.look(ctx, func(c *checker) error { return c.all(ctx) })
}

// look runs a checker over one moment of the store. A page that bbolt cannot make
// anything of ends it: that is the last problem.
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

// checker finds problems. An index is compared with its records by number first:
// if each record has its entry (indexed), and there are as many entries as were
// looked for, there is none too many, and astray need not read a record for each.
type checker struct {
	t        *tx
	problems []Problem
	wanted   map[string]int // entries of each index that indexed looked for
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

// pages asks bbolt for the pages that it cannot reach, or reaches twice.
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

// each calls look for every entry of the bucket, until ctx ends or there are
// problems enough.
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

// eachRecord is each for a bucket of JSON records. Those that cannot be read are
// problems.
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

// astray calls look for the entries of an index if there may be any too many.
func (c *checker) astray(ctx context.Context, index string, look func(k, v []byte)) error {
	n := 0
	if err := c.each(ctx, index, func(_, _ []byte) { n++ }); err != nil || n == c.wanted[index] {
		return err
	}
	return c.each(ctx, index, look)
}

// indexed says so where the index lacks the entry of a record.
func (c *checker) indexed(bucket string, key []byte, index string, entry []byte) {
	c.wanted[index]++
	if !c.t.has(index, entry) {
		c.problem(bucket, key, "has no entry in %s", index)
	}
}

// same says so where the record has another value than the key or the index says.
func (c *checker) same(bucket string, key []byte, what, got, want string) {
	if got != want {
		c.problem(bucket, key, "%s is %q, not %q", what, got, want)
	}
}

// last returns the last part of an index key, the one that is not personal.
func last(k []byte) []byte { return k[bytes.LastIndexByte(k, 0)+1:] }
