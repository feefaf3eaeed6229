package provisioning

import (
	"context"
	"errors"
)

// errEnough ends a walk through the store.
var errEnough = errors.New("no more wanted")

// pageSize is how many records one transaction of a walk reads.
const pageSize = 500

func eachRequest(ctx context.Context, s Store, do func(Folio) error) error {
	before := Folio("")
	for {
		var page []Folio
		err := s.View(ctx, func(tx Tx) error {
			page = nil
			for r, err := range tx.ListRequests(RequestFilter{Before: before}) {
				if err != nil {
					return err
				}
				if page = append(page, r.Folio); len(page) == pageSize {
					return nil
				}
			}
			return nil
		})
		if err != nil || len(page) == 0 {
			return err
		}
		for _, f := range page {
			if err := do(f); err != nil {
				return err
			}
		}
		before = page[len(page)-1]
	}
}

func eachLine(ctx context.Context, s Store, f Folio, yield func(Account, error) bool) error {
	for after := 0; ; {
		page, err := linePage(ctx, s, f, after)
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

func linePage(ctx context.Context, s Store, f Folio, after int) (page []Account, err error) {
	err = s.View(ctx, func(tx Tx) error {
		page = nil
		for a, err := range tx.AccountsOf(f, after) {
			if err != nil {
				return err
			}
			if page = append(page, a); len(page) == pageSize {
				return nil
			}
		}
		return nil
	})
	return page, err
}
