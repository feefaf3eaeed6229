package provisioning

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// Trouble is why a line is in attention: a catalogue key with its arguments, the directory accounts
// concerned, and the state to which a retry returns.
type Trouble struct {
	Reason  string            `json:"reason"`
	Args    map[string]string `json:"args,omitempty"`
	Entries []Entry           `json:"entries,omitempty"`
	Since   time.Time         `json:"since"`
	Resume  AccountState      `json:"resume"`
	Ref     string            `json:"ref,omitempty"` // reference number of the log line
}

// Entry returns the trouble's account of an object id; if there is only one account, "" selects it.
func (t Trouble) Entry(objectID string) (Entry, bool) {
	for _, e := range t.Entries {
		if e.ID == objectID || objectID == "" && len(t.Entries) == 1 {
			return e, true
		}
	}
	return Entry{}, false
}

// maxShown is how many accounts the head of department is shown at once.
const maxShown = 3

// Shown returns the accounts that the head of department is shown, and to which the decision
// applies. Entries has all of them.
func (t Trouble) Shown() []Entry { return t.Entries[:min(len(t.Entries), maxShown)] }

// names reports whether one of the trouble's accounts has the address.
func (t Trouble) names(a identity.Address) bool {
	return slices.ContainsFunc(t.Entries, func(e Entry) bool { return Answers(e, a) })
}

// TroubleChosen is the reason if the address that the head of department chose is taken.
const TroubleChosen = "trouble.chosen"

// The reasons for which the head of department must decide whose an account is, with their
// arguments.
const (
	TroubleStamp   = "trouble.stamp"   // an account or a receipts row that is not the line's bears its stamp; holder
	TroubleCURP    = "trouble.curp"    // the CURP is known under a wholly different name; name
	TroubleDeleted = "trouble.deleted" // what appears to be the holder's account is in the recycle bin
	TroubleHomonym = "trouble.homonym" // an account of the same name whose holder is unknown
)

// reasonStampTaken is the receipts' reason for refusing a row whose stamp is another holder's.
const reasonStampTaken = "receipts.stamp_taken"

// TroubleError is a failure that the head of department must resolve.
type TroubleError struct{ Trouble }

func (e *TroubleError) Error() string { return e.Reason }

// troubleOf returns the Trouble that a failure is shown as.
func troubleOf(err error) Trouble {
	if t, ok := errors.AsType[*TroubleError](err); ok {
		return t.Trouble
	}
	var e *problem.Error
	if !errors.As(err, &e) {
		return Trouble{Reason: "trouble.internal"}
	}
	if reason, ok := directoryTroubles[e.Reason]; ok {
		return Trouble{Reason: reason, Args: e.Args}
	}
	if e.Reason == reasonStampTaken {
		return Trouble{Reason: TroubleStamp, Args: e.Args}
	}
	if strings.HasPrefix(e.Reason, "receipts.") {
		return Trouble{Reason: "trouble.receipts", Args: e.Args}
	}
	return Trouble{Reason: e.Reason, Args: e.Args}
}

var directoryTroubles = map[string]string{
	DirectoryAddressTaken: "trouble.unseen_holder",
	DirectoryNotReady:     "trouble.not_ready",
	DirectoryNotFound:     "trouble.vanished",
	DirectoryNoPermission: "trouble.permission",
	DirectoryBadDomain:    "trouble.domain",
	DirectoryWeakPassword: "trouble.password",
	DirectoryRefused:      "trouble.refused",
}

// fail handles a step's failure: it returns err, for a retry, or moves the line to attention.
func (p *Executor) fail(ctx context.Context, a Account, j job.Job, err error) error {
	if !p.hopeless(a, j, err) {
		return err
	}
	t := p.trouble(ctx, a.Stamp, err)
	err = p.Store.Update(ctx, func(tx Tx) error {
		now, err := tx.Account(a.Stamp)
		if err != nil || now.State != a.State {
			return err
		}
		return p.toAttention(tx, now, *t)
	})
	if err != nil {
		return fmt.Errorf("put %s to attention: %w", a.Stamp, err)
	}
	return nil
}

// A failure without a definite cause is retried at least patienceTries times, and until the line
// has not moved for the duration patience, before it goes to attention. The duration is well beyond
// the replication lag seen in practice. Attempts alone do not suffice: an outage before the step
// may have used them up.
const (
	patienceTries = 12
	patience      = 30 * time.Minute
)

// hopeless reports whether retrying a step is pointless. It never is while another system is
// unavailable.
func (p *Executor) hopeless(a Account, j job.Job, err error) bool {
	switch {
	case job.IsPermanent(err):
		return true
	case problem.CodeOf(err) == problem.CodeUnavailable && problem.ReasonOf(err) != DirectoryNotReady:
		return false
	}
	return j.Attempt >= patienceTries && p.Now().Sub(a.movedAt()) >= patience
}

// movedAt returns when the line completed its last step; zero before its first.
func (a Account) movedAt() time.Time {
	last := a.CreateSentAt
	for _, at := range []time.Time{a.CreatedAt, a.LicensedAt, a.RecordedAt} {
		if at.After(last) {
			last = at
		}
	}
	return last
}

// trouble logs a failure and returns its Trouble. about is a stamp or a folio.
func (p *Executor) trouble(ctx context.Context, about any, err error) *Trouble {
	t := troubleOf(err)
	t.Since, t.Ref = p.Now(), problem.NewReference()
	p.Log.ErrorContext(ctx, "attention needed", "about", about, "reason", t.Reason, "ref", t.Ref, "err", err)
	return &t
}

// toAttention moves the line to attention; the other lines of its request continue.
func (p *Executor) toAttention(tx Tx, a Account, t Trouble) error {
	t.Resume = a.State
	a, err := p.Kinds.move(a, AccountAttention)
	if err != nil {
		return err
	}
	a.Trouble = &t
	r, err := tx.Request(a.Folio())
	if err != nil {
		return err
	}
	return errors.Join(
		p.Put(tx, a, "account.attention", map[string]string{"reason": t.Reason, "ref": t.Ref}),
		tellOnce(tx, r, NoticeAttention, "", p.Now()),
	)
}
