package retention

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
)

// Term is how long a request is kept whole after it ended, by the ministry's catalogue of document
// dispositions (Ley General de Archivos, art. 13): the years in the archivo de trámite and those in the
// archivo de concentración.
type Term struct{ Tramite, Concentracion int }

// Ends returns when the term of a request ends, its years counted in a zone. It is zero while the request is
// open, and for the zero Term, which has no end.
func (t Term) Ends(r provisioning.Request, zone *time.Location) time.Time {
	if t == (Term{}) || !r.State.Final() {
		return time.Time{}
	}
	ended := r.EndedAt
	if ended.IsZero() { // of an earlier version
		ended = r.StageSince
	}
	return ended.In(zone).AddDate(t.Tramite+t.Concentracion, 0, 0)
}

// over reports whether the term has ended.
func (t Term) over(r provisioning.Request, now time.Time) bool {
	ends := t.Ends(r, now.Location())
	return !ends.IsZero() && !now.Before(ends)
}

// ActMask is the audit entry of a request whose CURPs were masked, its detail "lines" how many.
const ActMask = "request.mask"

// Masked is what one Mask masked.
type Masked struct {
	Requests int // whose lines are all masked now
	Lines    int
	Kept     int // lines whose CURP must be kept, since nothing else ties it to their account
}

// Mask masks the CURPs in the requests whose term has ended. That of a line whose account exists stays until
// the receipts have it too: by the CURP alone the account is found again. Requests of one moment are masked
// together with their audit entry, lists a page at a time; after an error, or a stop, the next Mask goes on.
func (ar *Archive) Mask(ctx context.Context, term Term) (Masked, error) {
	var done Masked
	if term == (Term{}) {
		return done, nil
	}
	folios, err := ar.overdue(ctx, term)
	for _, folio := range folios {
		if ctx.Err() != nil {
			break
		}
		err = errors.Join(err, ar.maskRequest(ctx, folio, &done))
	}
	return done, errors.Join(err, ctx.Err())
}

// overdue returns the requests whose term has ended and that are not masked, oldest year last.
func (ar *Archive) overdue(ctx context.Context, term Term) (folios []provisioning.Folio, err error) {
	now := ar.Now().In(ar.Location)
	newest := now.AddDate(-term.Tramite-term.Concentracion, 0, 0).Year()
	err = ar.Store.View(ctx, func(tx provisioning.Tx) error {
		folios = nil
		for r, err := range tx.ListRequests(provisioning.RequestFilter{Before: provisioning.NewFolio(newest+1, 0)}) {
			if err != nil {
				return err
			}
			if r.MaskedAt.IsZero() && term.over(r, now) {
				folios = append(folios, r.Folio)
			}
		}
		return nil
	})
	return folios, err
}

// pageOfLines is how many lines are masked in one transaction.
const pageOfLines = 200

func (ar *Archive) maskRequest(ctx context.Context, folio provisioning.Folio, done *Masked) error {
	masked, kept := 0, 0
	for after, more := 0, true; more; {
		page, err := ar.page(ctx, folio, after)
		if err != nil {
			return err
		}
		more = len(page) == pageOfLines
		var due []provisioning.Stamp
		for _, a := range page {
			after = a.Number
			switch keep, err := ar.keeps(ctx, a); {
			case err != nil:
				return fmt.Errorf("mask %s: %w", folio, err)
			case keep:
				kept++
			case !a.Withheld():
				due = append(due, a.Stamp)
			}
		}
		if err := ar.maskLines(ctx, due); err != nil {
			return err
		}
		masked += len(due)
	}
	done.Lines, done.Kept = done.Lines+masked, done.Kept+kept
	if kept > 0 {
		return nil
	}
	done.Requests++
	return ar.finish(ctx, folio, masked)
}

func (ar *Archive) page(ctx context.Context, folio provisioning.Folio, after int) (page []provisioning.Account, err error) {
	err = ar.Store.View(ctx, func(tx provisioning.Tx) error {
		page = nil
		for a, err := range tx.AccountsOf(folio, after) {
			if err != nil {
				return err
			}
			if page = append(page, a); len(page) == pageOfLines {
				return nil
			}
		}
		return nil
	})
	return page, err
}

// keeps reports whether a line's CURP must be kept: its account exists, and the receipts do not have it.
func (ar *Archive) keeps(ctx context.Context, a provisioning.Account) (bool, error) {
	if a.Withheld() || !a.Holder.HasCURP() || !a.Made() {
		return false, nil
	}
	rows, err := ar.find(ctx, provisioning.ReceiptQuery{Type: a.Holder.Type, CURP: a.Holder.Person.CURP})
	if err != nil {
		return true, err
	}
	for _, row := range rows {
		if row.Holder.Is(a.Holder) {
			return false, nil
		}
	}
	return true, nil
}

func (ar *Archive) maskLines(ctx context.Context, stamps []provisioning.Stamp) error {
	return ar.Store.Update(ctx, func(tx provisioning.Tx) error {
		for _, s := range stamps {
			a, err := tx.Account(s)
			if err != nil {
				return err
			}
			if a.Holder.HasCURP() {
				a.HolderDigest = ar.Digest(a.Holder.Person.CURP)
			}
			if err := mask(&a); err != nil {
				return err
			}
			a.MaskedAt = ar.Now()
			if err := tx.PutAccount(a); err != nil {
				return err
			}
		}
		return nil
	})
}

// finish masks the CURPs that people typed in the request's texts, and records that it is masked.
func (ar *Archive) finish(ctx context.Context, folio provisioning.Folio, lines int) error {
	return ar.Store.Update(ctx, func(tx provisioning.Tx) error {
		r, err := tx.Request(folio)
		if err == nil {
			err = mask(&r)
		}
		if err != nil || !r.MaskedAt.IsZero() {
			return err
		}
		r.MaskedAt = ar.Now()
		return errors.Join(tx.PutRequest(r), tx.Record(provisioning.Entered{
			At: r.MaskedAt, By: provisioning.System, Act: ActMask, Folio: folio, Before: string(r.State), After: string(r.State),
			Detail: map[string]string{"lines": strconv.Itoa(lines)},
		}))
	})
}

// mask masks every CURP in a record, whichever field it is in.
func mask(record any) error {
	data, err := json.Marshal(record)
	if err != nil {
		return err
	}
	return json.Unmarshal([]byte(identity.MaskCURPs(string(data))), record)
}
