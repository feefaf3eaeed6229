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
	"seducoahuila.gob.mx/altas/provisioning/job"
)

// bin puts many into the recycle bin, and has Graph take 0.4 s for each page of 999.
func (o *office) bin(t *testing.T, many int) {
	t.Helper()
	for n := range many {
		o.throw(t, fmt.Sprintf("pupil%d", n))
	}
	o.tenant.OnRequest(slowly)
}

func slowly(op string) (graphfake.Fault, bool) {
	return graphfake.Fault{Break: graphfake.BreakSlow, Delay: 400 * time.Millisecond}, op == "deletedItems.list"
}

// throw puts one who had the nickname into the recycle bin.
func (o *office) throw(t *testing.T, nickname string) {
	t.Helper()
	_, err := o.tenant.SeedDeleted(map[string]any{
		"userPrincipalName": nickname + "@" + domain, "mailNickname": nickname, "displayName": "Pupil " + nickname,
	})
	if err != nil {
		t.Fatal(err)
	}
}

func called(nickname string) provisioning.Lookup {
	return provisioning.Lookup{Address: provisioning.Address(nickname + "@" + domain)}
}

// inForm looks as a form does, that has three seconds for it.
func (o *office) inForm(t *testing.T, nickname string) ([]provisioning.Entry, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(job.Urgent(t.Context()), 3*time.Second)
	defer cancel()
	found, err := o.Find(ctx, called(nickname))
	if ctx.Err() != nil {
		t.Errorf("the look for %s used up the form's time", nickname)
	}
	return found, err
}

func wantDeleted(t *testing.T, what string, found []provisioning.Entry, err error, want bool) {
	t.Helper()
	if err != nil || (len(found) == 1) != want || want && found[0].Deleted.IsZero() {
		t.Errorf("%s: found %+v, %v; want found = %v", what, found, err, want)
	}
}

// At the end of the school year 9,000 were deleted, and Graph takes four seconds to tell
// of them all. A form is told who lives, and that the others are still being read; the
// next one is told of the deleted. Whoever is deleted later is found soon, too.
func TestALargeRecycleBinIsRead(t *testing.T) {
	t.Parallel()
	still(t, func(t *testing.T, o *office) {
		o.bin(t, 9000)
		made := o.create(1)
		nickname := made.Address.Local()
		found, err := o.inForm(t, nickname)
		if provisioning.ReasonOf(err) != provisioning.DirectoryUnread || len(found) != 1 || found[0].ID != made.ID {
			t.Errorf("at first: %+v, %v; want who lives, and %s", found, err, provisioning.DirectoryUnread)
		}
		if wait, told := job.RetryDelay(err); !told || wait > 10*time.Second {
			t.Errorf("come again after %v, %v", wait, told)
		}
		time.Sleep(4 * time.Second)
		for _, n := range []int{0, 4500, 8999} {
			found, err = o.inForm(t, fmt.Sprintf("pupil%d", n))
			wantDeleted(t, fmt.Sprintf("pupil %d", n), found, err, true)
		}
		found, err = o.inForm(t, "nobody")
		wantDeleted(t, "nobody", found, err, false)
		if n := o.tenant.Count("deletedItems.list"); n != 10 {
			t.Errorf("%d pages were read, want 10", n)
		}
		time.Sleep(2 * time.Minute)
		o.throw(t, "late")
		_, _ = o.inForm(t, "late") // has it read anew
		time.Sleep(5 * time.Second)
		found, err = o.inForm(t, "late")
		wantDeleted(t, "deleted since", found, err, true)
	})
}

// A bin that takes two minutes to read is read as well, and lines wait for it; while it
// is read anew they do not.
func TestAVastRecycleBinIsRead(t *testing.T) {
	t.Parallel()
	still(t, func(t *testing.T, o *office) {
		o.bin(t, 2500)
		o.tenant.OnRequest(func(op string) (graphfake.Fault, bool) {
			return graphfake.Fault{Break: graphfake.BreakSlow, Delay: 40 * time.Second}, op == "deletedItems.list"
		})
		start, tries := time.Now(), 0
		for {
			found, err := o.Find(t.Context(), called("pupil2499"))
			wait, told := job.RetryDelay(err)
			if !told {
				wantDeleted(t, "the last", found, err, true)
				break
			}
			tries++
			time.Sleep(wait)
		}
		if took := time.Since(start); tries == 0 || took > 3*41*time.Second+10*time.Second {
			t.Errorf("a line waited %v, %d times", took, tries)
		}
		for range 60 {
			time.Sleep(time.Minute)
			found, err := o.Find(t.Context(), called("pupil2499"))
			wantDeleted(t, "while it is read anew", found, err, true)
		}
		if lasted, n := time.Since(start), o.tenant.Count("deletedItems.list"); n < 6 || time.Duration(n)*40*time.Second > lasted*2/3 {
			t.Errorf("%d pages of 40 s were read in %v: want it read anew, and with pauses", n, lasted)
		}
	})
}

// Graph goes away in the midst of the bin, for longer than the reader tries. The
// reading goes on from there.
func TestAReadingOfTheBinGoesOn(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault graphfake.Fault
		pages int // read in all
	}{
		"away for a while":        {graphfake.Fault{Skip: 2, Times: 3 * 12, Status: 503}, 5},
		"throttled":               {graphfake.Fault{Skip: 2, Times: 2, Status: 429, RetryAfter: 30 * time.Second}, 5},
		"the page has expired":    {graphfake.Fault{Skip: 2, Times: 3, Status: 400, Code: "Directory_ExpiredPageToken"}, 7},
		"no permission, for once": {graphfake.Fault{Skip: 2, Status: 403, Code: "Authorization_RequestDenied"}, 7},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			still(t, func(t *testing.T, o *office) {
				o.bin(t, 4000)
				c.fault.Op = "deletedItems.list"
				o.tenant.Fail(c.fault)
				served := c.fault.Skip
				o.tenant.OnRequest(func(op string) (graphfake.Fault, bool) {
					if op == "deletedItems.list" {
						served++
					}
					return slowly(op)
				})
				for start := time.Now(); ; time.Sleep(5 * time.Second) {
					found, err := o.Find(t.Context(), called("pupil3999"))
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

// A copy that cannot be brought up to date serves for a while, and no longer. Then it is
// told why.
func TestAnOldCopyOfTheBinIsNotBelieved(t *testing.T) {
	t.Parallel()
	still(t, func(t *testing.T, o *office) {
		o.throw(t, "gone")
		found, err := o.inForm(t, "gone")
		wantDeleted(t, "read", found, err, true)
		o.tenant.OnRequest(func(op string) (graphfake.Fault, bool) {
			return graphfake.Fault{Status: http.StatusForbidden, Code: "Authorization_RequestDenied"}, op == "deletedItems.list"
		})
		time.Sleep(14 * time.Minute)
		found, err = o.inForm(t, "gone")
		wantDeleted(t, "after 14 minutes", found, err, true)
		time.Sleep(2 * time.Minute)
		_, err = o.inForm(t, "gone")
		wantReason(t, "after 16 minutes", err, provisioning.DirectoryNoPermission, true)
		o.tenant.Heal()
		found, err = o.inForm(t, "gone")
		wantDeleted(t, "allowed again", found, err, true)
	})
}

// While people wait for the bin its pages are asked for at once; to bring a copy up to
// date, after what anybody else wants of Graph.
func TestTheBinIsReadAnewWithLowPriority(t *testing.T) {
	t.Parallel()
	low := []bool{}
	still(t, func(t *testing.T, o *office) {
		for range 3 {
			if _, err := o.inForm(t, "nobody"); err != nil {
				t.Error(err)
			}
			time.Sleep(2 * time.Minute)
		}
		if fmt.Sprint(low) != "[false true true]" {
			t.Errorf("with low priority: %v, want the second and third reading", low)
		}
	}, func(s *setting) {
		s.meddle = func(answer *http.Response) {
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

// The client is closed while the bin is being read: the reader ends.
func TestTheReaderOfTheBinEnds(t *testing.T) {
	t.Parallel()
	still(t, func(t *testing.T, o *office) {
		o.bin(t, 9000)
		if _, err := o.inForm(t, "pupil1"); provisioning.ReasonOf(err) != provisioning.DirectoryUnread {
			t.Errorf("err = %v", err)
		}
		began := time.Now()
		if err := errors.Join(o.Close(), o.Close()); err != nil {
			t.Error(err)
		}
		if took := time.Since(began); took > 3*time.Second {
			t.Errorf("closing took %v", took)
		}
	})
}
