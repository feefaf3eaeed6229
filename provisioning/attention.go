package provisioning

import (
	"errors"

	"seducoahuila.gob.mx/altas/provisioning/input"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// Attending returns a line in attention that the person may settle. It is CodeForbidden for anyone
// but an administrator, and for the request's requester if there is another administrator;
// CodeConflict if the line is settled already.
func (d *Workflow) Attending(tx Tx, auth Authority, s Stamp, c Click) (Account, error) {
	if err := auth.MayAttend(c); err != nil {
		return Account{}, err
	}
	a, err := tx.Account(s)
	if err != nil {
		return a, err
	}
	if a.State != AccountAttention || a.Trouble == nil {
		return a, problem.Refuse(problem.CodeConflict, "attention.settled", "stamp", string(s))
	}
	r, err := tx.Request(a.Folio())
	if err != nil {
		return a, err
	}
	return a, auth.maySettle(r, c)
}

// Retry returns a line in attention to the state in which it failed.
func (d *Workflow) Retry(tx Tx, auth Authority, s Stamp, c Click) error {
	a, err := d.Attending(tx, auth, s, c)
	if err != nil {
		return err
	}
	return d.resume(tx, a, a.Trouble.Resume, c.By, "attention.retry", nil)
}

// RetryAlike is Retry for the line and for every other of its request that is in attention for the
// same reason: one missing permission stops a whole list. It returns their stamps.
func (d *Workflow) RetryAlike(tx Tx, auth Authority, s Stamp, c Click) ([]Stamp, error) {
	a, err := d.Attending(tx, auth, s, c)
	if err != nil {
		return nil, err
	}
	alike, err := Alike(tx, a)
	if err != nil {
		return nil, err
	}
	for _, s := range alike {
		if err := d.Retry(tx, auth, s, c); err != nil {
			return nil, err
		}
	}
	return alike, nil
}

// Alike returns the lines of the request that are in attention for the same reason as the line,
// including the line.
func Alike(tx Tx, a Account) ([]Stamp, error) {
	var alike []Stamp
	for other, err := range tx.AccountsOf(a.Folio(), 0) {
		if err != nil {
			return nil, err
		}
		if other.State == AccountAttention && other.Trouble != nil && other.Trouble.Reason == a.Trouble.Reason {
			alike = append(alike, other.Stamp)
		}
	}
	return alike, nil
}

// Adopt decides that an entry of the directory, one that the trouble lists, is the holder's: the
// line is AccountExists with the entry's address, and a receipts row is written for the holder. It
// is CodeConflict if the trouble does not offer this, AttentionChanged if another holder's line has
// the account by now. The caller first calls Confirm of creation.Creation, which checks the
// directory and the receipts.
func (d *Workflow) Adopt(tx Tx, auth Authority, s Stamp, objectID string, c Click) error {
	a, err := d.Offers(tx, auth, s, c, func(r Remedies) bool { return r.Adopt })
	if err != nil {
		return err
	}
	return d.settleWith(tx, a, objectID, c)
}

// Restored is Adopt for an entry that was restored from the recycle bin.
func (d *Workflow) Restored(tx Tx, auth Authority, s Stamp, objectID string, c Click) error {
	a, err := d.Offers(tx, auth, s, c, func(r Remedies) bool { return r.Restore })
	if err != nil {
		return err
	}
	return d.settleWith(tx, a, objectID, c)
}

func (d *Workflow) settleWith(tx Tx, a Account, objectID string, c Click) error {
	s := a.Stamp
	entry, ok := a.Trouble.Entry(objectID)
	if !ok {
		return problem.Refuse(problem.CodeConflict, "attention.settled", "stamp", string(s))
	}
	if err := unclaimed(tx, a, entry); err != nil {
		return err
	}
	next, err := d.Kinds.move(a, AccountExists)
	if err != nil {
		return err
	}
	r, err := tx.Request(a.Folio())
	if err != nil {
		return err
	}
	if next, err = NoteSettled(tx, next, entry); err != nil {
		return err
	}
	return errors.Join(
		d.release(tx, a),
		tellOnce(tx, r, NoticeExists, s, d.Now()),
		tx.Enqueue(job.Job{Kind: JobReceipt, Key: string(s), Lane: string(r.Folio), Due: d.Now()}),
		PutLine(tx, next, d.entry(next, c.By, "attention.adopt", map[string]string{"address": string(entry.Address)})),
	)
}

// Drop excludes the line; why is the unparsed comment, which is required. An account that was
// created stays in the directory; the card offers to disable it.
func (d *Workflow) Drop(tx Tx, auth Authority, s Stamp, why string, c Click) error {
	a, err := d.Attending(tx, auth, s, c)
	if err != nil {
		return err
	}
	if why, err = input.ParseNotes("comment", why, false); err != nil {
		return err
	}
	if why == "" {
		return problem.Invalid("comment", "comment.required")
	}
	next, err := d.Kinds.move(a, AccountExcluded)
	if err != nil {
		return err
	}
	next.Note = why
	r, err := tx.Request(a.Folio())
	if err != nil {
		return err
	}
	free := tx.Leave(s)
	if !a.Made() {
		free = d.release(tx, a)
	}
	return errors.Join(free,
		tellOnce(tx, r, NoticeExcluded, s, d.Now()),
		PutLine(tx, next, d.entry(next, c.By, "attention.drop", map[string]string{"comment": why})),
	)
}

// Offers returns a line in attention, as Attending does, if its trouble offers the remedy that want
// selects; otherwise it is CodeConflict. Call it before changing the directory.
func (d *Workflow) Offers(tx Tx, auth Authority, s Stamp, c Click, want func(Remedies) bool) (Account, error) {
	a, err := d.Attending(tx, auth, s, c)
	if err == nil && !want(a.Remedies()) {
		err = notOffered(s)
	}
	return a, err
}

// Disabled records that the line's account was disabled in the directory, and enqueues the update
// of its receipts row. The line stays in attention.
func (d *Workflow) Disabled(tx Tx, auth Authority, s Stamp, c Click) error {
	a, err := d.Offers(tx, auth, s, c, func(r Remedies) bool { return r.Disable })
	if err != nil {
		return err
	}
	a.DisabledAt = d.Now()
	return errors.Join(
		tx.Enqueue(job.Job{Kind: JobReceipt, Key: string(s), Lane: string(a.Folio()), Due: d.Now()}),
		PutLine(tx, a, d.entry(a, c.By, "attention.disable", map[string]string{"address": string(a.Address)})),
	)
}

// resume moves a settled line to a state and enqueues its job.
func (d *Workflow) resume(tx Tx, a Account, to AccountState, by Actor, act string, detail map[string]string) error {
	next, err := d.Kinds.move(a, to)
	if err != nil {
		return err
	}
	r, err := tx.Request(a.Folio())
	if err != nil {
		return err
	}
	kind, err := d.Kinds.of(r.Kind)
	if err != nil {
		return err
	}
	goOn := lineJob(r, next.Stamp, d.Now())
	if kind.Waits(next) {
		goOn = job.Job{Kind: JobStart, Key: string(r.Folio), Urgent: true, Due: d.Now()}
	}
	return errors.Join(
		PutLine(tx, next, d.entry(next, by, act, detail)),
		tx.Enqueue(goOn),
		tx.Enqueue(job.Job{Kind: JobCards, Key: string(r.Folio), Urgent: true, Due: d.Now()}),
	)
}

func (d *Workflow) entry(a Account, by Actor, act string, detail map[string]string) Entered {
	return Entered{At: d.Now(), By: by, Act: act, Folio: a.Folio(), Stamp: a.Stamp, Detail: detail}
}
