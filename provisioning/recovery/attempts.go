package recovery

import (
	"context"
	"errors"
	"strconv"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

const (
	maxWrong    = 10             // wrong identifications in wrongPeriod, after which a person is locked out
	wrongPeriod = 24 * time.Hour // how long a wrong identification counts
	lockedFor   = time.Hour
)

// wrongTries are kept by the Entra object id of a person who identified an account wrongly.
var wrongTries = provisioning.Document[tries]{Kind: "recovery_tries"}

type tries struct {
	Wrong []time.Time `json:"wrong,omitempty"` // in wrongPeriod
	Until time.Time   `json:"until,omitzero"`  // end of the lock-out
}

// unknown is the error of an identification that leads to no account that the person may recover:
// it does not tell whether there is one.
func unknown() error { return problem.Refuse(problem.CodeNotFound, "recovery.unknown") }

// locked returns CodeLimited while the person is locked out.
func (rc *Recovery) locked(tx provisioning.Tx, by provisioning.Actor) error {
	t, _, err := wrongTries.Get(tx, by.ID)
	if err != nil {
		return err
	}
	if left := t.Until.Sub(rc.Now()); left > 0 {
		minutes := int((left + time.Minute - 1) / time.Minute)
		return problem.Refuse(problem.CodeLimited, "recovery.locked", "minutes", strconv.Itoa(minutes))
	}
	return nil
}

// wrong counts a wrong identification, records it in the audit, and returns its error. The tenth
// locks the person out and notifies the platform channel.
func (rc *Recovery) wrong(ctx context.Context, by provisioning.Actor) error {
	refused := unknown()
	err := rc.Store.Update(ctx, func(tx provisioning.Tx) error {
		refused = unknown()
		if err := rc.locked(tx, by); err != nil {
			return err // another click was the tenth
		}
		t, _, err := wrongTries.Get(tx, by.ID)
		if err != nil {
			return err
		}
		now := rc.Now()
		t = tries{Wrong: append(t.within(now), now)}
		act := "recovery.wrong"
		if len(t.Wrong) >= maxWrong {
			act, t = "recovery.locked", tries{Until: now.Add(lockedFor)}
			refused = problem.Refuse(problem.CodeLimited, "recovery.locked", "minutes", strconv.Itoa(int(lockedFor/time.Minute)))
			err = rc.tellLocked(tx, by)
		}
		return errors.Join(err, wrongTries.Put(tx, by.ID, t), tx.Record(provisioning.Entered{At: now, By: by, Act: act}))
	})
	if err != nil {
		return err
	}
	return refused
}

func (rc *Recovery) tellLocked(tx provisioning.Tx, by provisioning.Actor) error {
	return provisioning.TellPlatform(tx, provisioning.Notice{
		Kind: NoticeLocked, At: rc.Now(), Args: map[string]string{"name": by.Name, "most": strconv.Itoa(maxWrong)},
	})
}

// within returns the wrong identifications that still count.
func (t tries) within(now time.Time) []time.Time {
	var recent []time.Time
	for _, at := range t.Wrong {
		if now.Sub(at) < wrongPeriod {
			recent = append(recent, at)
		}
	}
	return recent
}

// Tidy drops the records of people whose wrong identifications no longer count, and of accounts whose
// recoveries no longer do.
func (rc *Recovery) Tidy(ctx context.Context) error {
	return errors.Join(rc.tidyTries(ctx), recoveries.Each(ctx, rc.Store, rc.tidyRecoveries))
}

func (rc *Recovery) tidyTries(ctx context.Context) error {
	return wrongTries.Each(ctx, rc.Store, func(tx provisioning.Tx, person string) error {
		t, _, err := wrongTries.Get(tx, person)
		if err != nil || t.Until.After(rc.Now()) || len(t.within(rc.Now())) > 0 {
			return err
		}
		return wrongTries.Drop(tx, person)
	})
}
