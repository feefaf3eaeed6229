package graph_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/graph/graphfake"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// fillRecycleBin adds many deleted users; each page of 999 takes 0.4 s.
func (f *fixture) fillRecycleBin(t *testing.T, many int) {
	t.Helper()
	for n := range many {
		f.seedDeleted(t, fmt.Sprintf("pupil%d", n))
	}
	f.tenant.OnRequest(slowDeletedItems)
}

func slowDeletedItems(op string) (graphfake.Fault, bool) {
	return graphfake.Fault{Break: graphfake.BreakSlow, Delay: 400 * time.Millisecond}, op == "deletedItems.list"
}

// seedDeleted adds a user with the mailNickname to the recycle bin.
func (f *fixture) seedDeleted(t *testing.T, nickname string) {
	t.Helper()
	_, err := f.tenant.SeedDeleted(map[string]any{
		"userPrincipalName": nickname + "@" + domain, "mailNickname": nickname, "displayName": "Pupil " + nickname,
	})
	if err != nil {
		t.Fatal(err)
	}
}

func byAddress(nickname string) provisioning.Lookup {
	return provisioning.Lookup{Address: identity.Address(nickname + "@" + domain)}
}

// findInTime finds a user within a form's limit of three seconds.
func (f *fixture) findInTime(t *testing.T, nickname string) ([]provisioning.Entry, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(job.Urgent(t.Context()), 3*time.Second)
	defer cancel()
	found, err := f.Find(ctx, byAddress(nickname))
	if ctx.Err() != nil {
		t.Errorf("Find(%s) took three seconds", nickname)
	}
	return found, err
}

func wantDeleted(t *testing.T, what string, found []provisioning.Entry, err error, want bool) {
	t.Helper()
	if err != nil || (len(found) == 1) != want || want && found[0].Deleted.IsZero() {
		t.Errorf("%s: found %+v, %v; want found = %v", what, found, err, want)
	}
}

// Reading 9,000 deleted users takes four seconds. The first Find returns the users that are not
// deleted, with DirectoryUnread; the next one finds the deleted ones. A user deleted later is found after
// the copy is read again.
func TestALargeRecycleBinIsRead(t *testing.T) {
	t.Parallel()
	inVirtualTime(t, func(t *testing.T, f *fixture) {
		f.fillRecycleBin(t, 9000)
		made := f.create(1)
		nickname := made.Address.Local()
		found, err := f.findInTime(t, nickname)
		if problem.ReasonOf(err) != provisioning.DirectoryUnread || len(found) != 1 || found[0].ID != made.ID {
			t.Errorf("at first: %+v, %v; want the user who is not deleted, and %s", found, err, provisioning.DirectoryUnread)
		}
		if wait, stated := job.RetryDelay(err); !stated || wait > 10*time.Second {
			t.Errorf("retry after %v, %v", wait, stated)
		}
		time.Sleep(4 * time.Second)
		for _, n := range []int{0, 4500, 8999} {
			found, err = f.findInTime(t, fmt.Sprintf("pupil%d", n))
			wantDeleted(t, fmt.Sprintf("pupil %d", n), found, err, true)
		}
		found, err = f.findInTime(t, "nobody")
		wantDeleted(t, "nobody", found, err, false)
		if n := f.tenant.Count("deletedItems.list"); n != 10 {
			t.Errorf("%d pages were read, want 10", n)
		}
		time.Sleep(2 * time.Minute)
		f.seedDeleted(t, "late")
		_, _ = f.findInTime(t, "late") // starts another reading
		time.Sleep(5 * time.Second)
		found, err = f.findInTime(t, "late")
		wantDeleted(t, "deleted since", found, err, true)
	})
}

// Lines wait for the first reading, even if it takes two minutes, but not for later ones.
func TestAVastRecycleBinIsRead(t *testing.T) {
	t.Parallel()
	inVirtualTime(t, func(t *testing.T, f *fixture) {
		f.fillRecycleBin(t, 2500)
		f.tenant.OnRequest(func(op string) (graphfake.Fault, bool) {
			return graphfake.Fault{Break: graphfake.BreakSlow, Delay: 40 * time.Second}, op == "deletedItems.list"
		})
		start, tries := time.Now(), 0
		for {
			found, err := f.Find(t.Context(), byAddress("pupil2499"))
			wait, stated := job.RetryDelay(err)
			if !stated {
				wantDeleted(t, "the last", found, err, true)
				break
			}
			tries++
			time.Sleep(wait)
		}
		if took := time.Since(start); tries == 0 || took > 3*41*time.Second+10*time.Second {
			t.Errorf("Find succeeded after %v and %d retries", took, tries)
		}
		for range 60 {
			time.Sleep(time.Minute)
			found, err := f.Find(t.Context(), byAddress("pupil2499"))
			wantDeleted(t, "during a later reading", found, err, true)
		}
		if lasted, n := time.Since(start), f.tenant.Count("deletedItems.list"); n < 6 || time.Duration(n)*40*time.Second > lasted*2/3 {
			t.Errorf("%d pages of 40 s were read in %v: want several readings, with pauses", n, lasted)
		}
	})
}

// Graph becomes unavailable during a reading, for longer than the reader retries. The reading is
// resumed at the same page where possible.
func TestAReadingOfTheBinIsResumed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault graphfake.Fault
		pages int // read in all
	}{
		"unavailable for a while": {graphfake.Fault{Skip: 2, Times: 3 * 12, Status: 503}, 5},
		"throttled":               {graphfake.Fault{Skip: 2, Times: 2, Status: 429, RetryAfter: 30 * time.Second}, 5},
		"the page has expired":    {graphfake.Fault{Skip: 2, Times: 3, Status: 400, Code: "Directory_ExpiredPageToken"}, 7},
		"no permission, for once": {graphfake.Fault{Skip: 2, Status: 403, Code: "Authorization_RequestDenied"}, 7},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inVirtualTime(t, func(t *testing.T, f *fixture) {
				f.fillRecycleBin(t, 4000)
				c.fault.Op = "deletedItems.list"
				f.tenant.Fail(c.fault)
				served := c.fault.Skip
				f.tenant.OnRequest(func(op string) (graphfake.Fault, bool) {
					if op == "deletedItems.list" {
						served++
					}
					return slowDeletedItems(op)
				})
				for start := time.Now(); ; time.Sleep(5 * time.Second) {
					found, err := f.Find(t.Context(), byAddress("pupil3999"))
					if err == nil {
						wantDeleted(t, "the last", found, err, true)
						break
					}
					if time.Since(start) > 20*time.Minute {
						t.Fatalf("never read: %v", err)
					}
				}
				if served != c.pages {
					t.Errorf("%d pages were read, want %d", served, c.pages)
				}
			})
		})
	}
}

// A copy that cannot be read again is used for 15 minutes. After that the error is returned.
func TestAnOldCopyOfTheBinIsNotUsed(t *testing.T) {
	t.Parallel()
	inVirtualTime(t, func(t *testing.T, f *fixture) {
		f.seedDeleted(t, "gone")
		found, err := f.findInTime(t, "gone")
		wantDeleted(t, "read", found, err, true)
		f.tenant.OnRequest(func(op string) (graphfake.Fault, bool) {
			return graphfake.Fault{Status: http.StatusForbidden, Code: "Authorization_RequestDenied"}, op == "deletedItems.list"
		})
		time.Sleep(14 * time.Minute)
		found, err = f.findInTime(t, "gone")
		wantDeleted(t, "after 14 minutes", found, err, true)
		time.Sleep(2 * time.Minute)
		_, err = f.findInTime(t, "gone")
		wantReason(t, "after 16 minutes", err, provisioning.DirectoryNoPermission, true)
		f.tenant.Heal()
		found, err = f.findInTime(t, "gone")
		wantDeleted(t, "allowed again", found, err, true)
	})
}

// The first reading, for which callers wait, has normal priority; later ones have low priority.
func TestLaterReadingsOfTheBinHaveLowPriority(t *testing.T) {
	t.Parallel()
	low := []bool{}
	inVirtualTime(t, func(t *testing.T, f *fixture) {
		for range 3 {
			if _, err := f.findInTime(t, "nobody"); err != nil {
				t.Error(err)
			}
			time.Sleep(2 * time.Minute)
		}
		if fmt.Sprint(low) != "[false true true]" {
			t.Errorf("with low priority: %v, want the second and third reading", low)
		}
	}, func(s *setting) {
		s.editResponse = func(answer *http.Response) {
			if answer.Request.GetBody == nil {
				return // the token's
			}
			body, _ := answer.Request.GetBody()
			sent, _ := io.ReadAll(body)
			if strings.Contains(string(sent), "/directory/deletedItems") {
				low = append(low, strings.Contains(string(sent), `"x-ms-throttle-priority":"low"`))
			}
		}
	})
}

// Close ends a reading of the recycle bin.
func TestTheReaderOfTheBinEnds(t *testing.T) {
	t.Parallel()
	inVirtualTime(t, func(t *testing.T, f *fixture) {
		f.fillRecycleBin(t, 9000)
		if _, err := f.findInTime(t, "pupil1"); problem.ReasonOf(err) != provisioning.DirectoryUnread {
			t.Errorf("err = %v", err)
		}
		began := time.Now()
		if err := errors.Join(f.Close(), f.Close()); err != nil {
			t.Error(err)
		}
		if took := time.Since(began); took > 3*time.Second {
			t.Errorf("closing took %v", took)
		}
	})
}
