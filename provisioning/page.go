package provisioning

import (
	"context"
	"errors"
	"iter"
)

// pageSize is how many records one read transaction of an iteration reads, pageOfLines how many
// lines one transaction changes.
const (
	pageSize    = 500
	pageOfLines = 200
)

// errEnough ends an iteration that the caller stopped.
var errEnough = errors.New("no more wanted")

// AllLines yields every line of the store, read in pages, so that no transaction is open while the
// caller handles them.
func AllLines(s Store) func(context.Context) iter.Seq2[Account, error] {
	return func(ctx context.Context) iter.Seq2[Account, error] {
		return func(yield func(Account, error) bool) {
			err := eachRequest(ctx, s, func(f Folio) error { return eachLine(ctx, s, f, yield) })
			if err != nil && !errors.Is(err, errEnough) {
				yield(Account{}, err)
			}
		}
	}
}

func eachRequest(ctx context.Context, s Store, do func(Folio) error) error {
	for before := Folio(""); ; {
		var page []Request
		err := s.View(ctx, func(tx Tx) (err error) {
			page, err = head(tx.ListRequests(RequestFilter{Before: before}), pageSize)
			return err
		})
		if err != nil || len(page) == 0 {
			return err
		}
		for _, r := range page {
			if err := do(r.Folio); err != nil {
				return err
			}
			before = r.Folio
		}
	}
}

func eachLine(ctx context.Context, s Store, f Folio, yield func(Account, error) bool) error {
	for after := 0; ; {
		var page []Account
		err := s.View(ctx, func(tx Tx) (err error) {
			page, err = head(tx.AccountsOf(f, after), pageSize)
			return err
		})
		if err != nil {
			return err
		}
		for _, a := range page {
			if !yield(a, nil) {
				return errEnough
			}
			after = a.Number
		}
		if len(page) < pageSize {
			return nil
		}
	}
}

// EachLine calls do for every line of a request, a page per transaction.
func (p *Executor) EachLine(ctx context.Context, f Folio, do func(Tx, Account) error) error {
	after, more := 0, true
	for more {
		last := after
		err := p.Store.Update(ctx, func(tx Tx) error {
			lines, err := head(tx.AccountsOf(f, after), pageOfLines)
			if err != nil {
				return err
			}
			for _, a := range lines {
				if err := do(tx, a); err != nil {
					return err
				}
				last = a.Number
			}
			more = len(lines) == pageOfLines
			return nil
		})
		if err != nil {
			return err
		}
		after = last
	}
	return nil
}

// head reads up to n values of a sequence; all of them if n is 0.
func head[T any](seq iter.Seq2[T, error], n int) ([]T, error) {
	var all []T
	for v, err := range seq {
		if err != nil {
			return nil, err
		}
		if all = append(all, v); len(all) == n {
			break
		}
	}
	return all, nil
}

// collect reads a whole sequence, so that its source may then be changed.
func collect[T any](seq iter.Seq2[T, error]) ([]T, error) { return head(seq, 0) }
