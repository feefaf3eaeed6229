package sentence

import (
	"context"
	"slices"
	"sync"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
)

// Clock returns the time.
type Clock func() time.Time

// How long requests take is read from the newest of them that concluded, at least enough of them,
// and kept for a while: one walk is at most lookBack requests.
const (
	lookBack = 200
	sampled  = 50
	enough   = 5
	keptFor  = 10 * time.Minute
)

// usual is the last reading of how long requests take.
type usual struct {
	sync.Mutex
	at   time.Time
	days int
}

// usualDays returns the median of how long new accounts took, from the sending of the request to its
// conclusion, in working days rounded up; 0 if too few concluded to tell.
func (ss *Sentences) usualDays(ctx context.Context) (int, error) {
	ss.usual.Lock()
	defer ss.usual.Unlock()
	now := ss.Now()
	if age := now.Sub(ss.usual.at); !ss.usual.at.IsZero() && age >= 0 && age < keptFor {
		return ss.usual.days, nil
	}
	var took []time.Duration
	err := ss.Store.View(ctx, func(tx provisioning.Tx) (err error) {
		took, err = ss.durations(tx)
		return err
	})
	if err != nil {
		return 0, err
	}
	ss.usual.at, ss.usual.days = now, 0
	if len(took) >= enough {
		slices.Sort(took)
		ss.usual.days = ss.days(took[len(took)/2])
	}
	return ss.usual.days, nil
}

// durations returns the working time that the newest concluded requests for new accounts took.
func (ss *Sentences) durations(tx provisioning.Tx) (took []time.Duration, err error) {
	seen := 0
	for r, err := range tx.ListRequests(provisioning.RequestFilter{State: provisioning.StateCompleted}) {
		if err != nil {
			return nil, err
		}
		if seen++; seen > lookBack || len(took) == sampled {
			break
		}
		if (r.Kind == "" || r.Kind == provisioning.Create) && !r.EndedAt.IsZero() {
			took = append(took, ss.Rules.Calendar.Worked(r.SubmittedAt, r.EndedAt))
		}
	}
	return took, nil
}

// days returns a working time in working days, rounded up; 0 for none.
func (ss *Sentences) days(worked time.Duration) int {
	day := ss.Rules.Calendar.Days(1)
	return int((worked + day - 1) / day)
}
