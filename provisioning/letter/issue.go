package letter

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// Issue ensures that a request that ended has a letter that was not annulled, and that it is
// printed if it has its number. It is the handler of provisioning.JobLetter.
func (ls *Letters) Issue(ctx context.Context, j job.Job) error {
	folio := provisioning.Folio(j.Key)
	l, c, err := ls.begin(ctx, folio)
	if err != nil || l.State != StateNumbered {
		return err
	}
	data, err := ls.print(l, c)
	if err != nil {
		return err
	}
	return ls.Store.Update(ctx, func(tx provisioning.Tx) error { return ls.printed(tx, l, data) })
}

// begin returns the letter of a request, made if there is none; and its content if it must be
// printed.
func (ls *Letters) begin(ctx context.Context, f provisioning.Folio) (l Letter, c Content, err error) {
	names, err := ls.centreNames(ctx, f)
	if err != nil {
		return l, c, err
	}
	err = ls.Store.Update(ctx, func(tx provisioning.Tx) error {
		r, err := tx.Request(f)
		if err != nil {
			return err
		}
		if !ended(r) {
			l = Letter{}
			return nil
		}
		if l, err = ls.open(tx, r); err != nil {
			return err
		}
		if l.State == StateWaiting {
			if l, err = ls.number(tx, l, r, names); err != nil {
				return err
			}
		}
		if l.State == StateNumbered {
			c, _, err = contents.Get(tx, l.key())
		}
		return err
	})
	if problem.CodeOf(err) == problem.CodeNotFound {
		return l, c, job.Permanent(err)
	}
	return l, c, err
}

// ended reports whether a letter tells how the request ended.
func ended(r provisioning.Request) bool {
	return r.State == provisioning.StateCompleted || r.State == provisioning.StateRejected
}

// open returns the letter of a request that was not annulled, a new one if there is none.
func (ls *Letters) open(tx provisioning.Tx, r provisioning.Request) (Letter, error) {
	last, found, err := Last(tx, r.Folio)
	if err != nil || found && last.State != StateAnnulled {
		return last, err
	}
	l := Letter{Folio: r.Folio, Serial: last.Serial + 1, State: StateWaiting, AskedAt: ls.Now()}
	return l, errors.Join(letters.Put(tx, l.key(), l), ls.showCards(tx, r.Folio))
}

// number gives the letter the next number, unless the office must give it, and fixes its content.
func (ls *Letters) number(tx provisioning.Tx, l Letter, r provisioning.Request, names centreNames) (Letter, error) {
	number, err := ls.Settings.Numbering.take(tx, ls.HighWater, ls.Now().In(ls.Location).Year(), l.key())
	if err != nil || number == "" {
		return l, errors.Join(err, waiting.Put(tx, string(l.Folio), true))
	}
	return ls.fix(tx, l, r, number, names)
}

// fix gives the letter its number, content and code.
func (ls *Letters) fix(tx provisioning.Tx, l Letter, r provisioning.Request, number string, names centreNames) (Letter, error) {
	c, err := ls.content(tx, l, r, number, names)
	if err != nil {
		return l, err
	}
	if l.Digest, err = digest(c); err != nil {
		return l, err
	}
	key := ls.Keys.current()
	l.Number, l.State, l.Key, l.Code, l.Date = number, StateNumbered, key.id(), key.code(l.Digest), c.Date
	if r.State == provisioning.StateCompleted {
		l.Lines = len(c.Lines)
	}
	return l, errors.Join(
		contents.Put(tx, l.key(), c), codes.Put(tx, l.Code, l.key()), letters.Put(tx, l.key(), l), waiting.Drop(tx, string(l.Folio)), used.Put(tx, l.Key, true),
	)
}

// print returns the letter as PDF. The same letter gives the same bytes.
func (ls *Letters) print(l Letter, c Content) ([]byte, error) {
	seal := Seal{Code: l.Code}
	if ls.PublicURL != "" {
		seal.URL = strings.TrimRight(ls.PublicURL, "/") + VerifyPath + l.Code
	}
	var out bytes.Buffer
	if err := ls.Engine.Render(&out, Compose(ls.Settings.Template, c, seal)); err != nil {
		return nil, fmt.Errorf("print letter %s of %s: %w", l.Number, l.Folio, err)
	}
	return out.Bytes(), nil
}

// VerifyPath is the path of the page that verifies a code, which follows. FilePath is that at which a
// letter's file is fetched; a token follows. Entra posts there who signed in: it is a redirect URI of
// the bot's registration.
const (
	VerifyPath = "/oficio/"
	FilePath   = VerifyPath + "archivo"
)

// printed stores the PDF of a letter, once.
func (ls *Letters) printed(tx provisioning.Tx, l Letter, data []byte) error {
	now, _, err := letters.Get(tx, l.key())
	if err != nil || now.State != StateNumbered {
		return err
	}
	key, err := ls.Keys.of(now.Key)
	if err != nil {
		return err
	}
	now.State, now.File, now.Size, now.IssuedAt = StateIssued, sum(data), len(data), ls.Now()
	now.Seal = key.seal(now)
	return errors.Join(
		letters.Put(tx, now.key(), now), pdfs.Put(tx, now.key(), data), files.Put(tx, now.File, now.key()),
		contents.Drop(tx, now.key()), ls.showCards(tx, now.Folio),
		tx.Record(provisioning.Entered{
			At: now.IssuedAt, By: provisioning.System, Act: "letter.issue", Folio: now.Folio,
			Before: string(StateNumbered), After: string(StateIssued),
			Detail: map[string]string{"number": now.Number, "sha256": now.File},
		}),
	)
}

// showCards has the cards of the request drawn, the letter's among them.
func (ls *Letters) showCards(tx provisioning.Tx, f provisioning.Folio) error {
	return tx.Enqueue(job.Job{Kind: provisioning.JobCards, Key: string(f), Urgent: true, Due: ls.Now()})
}

// Ask has the letter of a request made that ended before letters were, or that nobody decided on.
// It is CodeConflict while the request is open.
func (ls *Letters) Ask(tx provisioning.Tx, r provisioning.Request) error {
	if !ended(r) {
		return problem.Refuse(problem.CodeConflict, "letter.open", "folio", string(r.Folio))
	}
	return tx.Enqueue(job.Job{Kind: provisioning.JobLetter, Key: string(r.Folio), Urgent: true, Due: ls.Now()})
}
