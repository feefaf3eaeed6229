package service_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
)

// outcome is what must be the same in the end, however often the process died.
type outcome struct {
	Lines    []string // stamp, state, address
	Users    []string // address, stamp, licences, groups
	Rows     []string // receipts: stamp, address
	Notices  []string
	Acts     []string // the audit trail, line by line in order
	Consumed int      // seats of the tenant
	Held     int      // seats put aside
}

func (p *plant) outcome(folios ...provisioning.Folio) outcome {
	p.t.Helper()
	var o outcome
	for _, u := range p.tenant.Users() {
		o.Users = append(o.Users, fmt.Sprintln(u.UserPrincipalName, u.EmployeeID, u.SKUs, u.Groups))
	}
	for r, err := range p.rows.Rows(p.t.Context()) {
		if err != nil {
			p.t.Fatal(err)
		}
		o.Rows = append(o.Rows, fmt.Sprintln(r.Stamp, r.Address))
	}
	p.view(func(tx provisioning.Tx) error {
		o.Lines, o.Acts = nil, nil
		for _, f := range folios {
			for a, err := range tx.AccountsOf(f, 0) {
				if err != nil {
					return err
				}
				o.Lines = append(o.Lines, fmt.Sprintln(a.Stamp, a.State, a.Address))
			}
			for e, err := range tx.Entries(f) {
				if err != nil {
					return err
				}
				o.Acts = append(o.Acts, fmt.Sprintln(e.Folio, e.Stamp, e.Act))
			}
		}
		var err error
		o.Held, err = tx.Held(faculty)
		return err
	})
	o.Notices = append(p.notices(secretary.ID), p.notices(string(provisioning.Platform))...)
	_, o.Consumed = p.tenant.Seats(faculty)
	slices.SortStableFunc(o.Acts, func(a, b string) int { return strings.Compare(stampOf(a), stampOf(b)) })
	slices.Sort(o.Users)
	slices.Sort(o.Rows)
	slices.Sort(o.Notices)
	return o
}

func stampOf(act string) string { return act[:strings.LastIndexByte(act, ' ')] }

// The process dies after each single thing that it does: a commit, a change of the
// tenant whose answer it never hears, a row. Reopened on the same files, it comes
// to the same end: one account, one row, one seat, each told once.
func TestKillAndReopenBetweenEveryTwoSteps(t *testing.T) {
	t.Parallel()
	luis := person(identity.Teacher, "Luis", "Ibarra", "Peña", 2)
	for name, story := range map[string]struct {
		site    func(*site)
		before  func(*plant)
		holders []identity.Holder
	}{
		"a teacher": {holders: []identity.Holder{ana()}},
		"a teacher, replicas a minute behind": {holders: []identity.Holder{ana()}, site: func(s *site) {
			s.tenant.Lag, s.tenant.Replicas = time.Minute, 1
		}},
		"an address taken, a homonym, one who exists": {
			holders: []identity.Holder{ana(), luis, person(identity.Teacher, "Eva", "Ríos", "", 3)},
			before: func(p *plant) {
				p.seed(anaMail, "Ana Ruiz López")
				p.seed("libarra@"+teachersMail, "LUIS IBARRA PEÑA")
				p.seed("eva@"+teachersMail, "Eva Ríos")
				p.leave(provisioning.Receipt{Address: "eva@" + teachersMail, Holder: person(identity.Teacher, "Eva", "Ríos", "", 3)})
			},
		},
		"one seat for two": {holders: []identity.Holder{ana(), luis}, site: func(s *site) { s.tenant.SKUs[0].Enabled = 1 }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := func(t *testing.T) (*plant, provisioning.Folio) {
				p := build(t, story.site)
				if story.before != nil {
					story.before(p)
				}
				f := p.submit(story.holders...)
				p.approve(f)
				p.tenant.OnRequest(p.fate.strike)
				return p, f
			}
			p, f := world(t)
			p.fate.reset(0)
			p.settle()
			want, events := p.outcome(f), p.fate.count()
			if events < 8 {
				t.Fatalf("only %d events: %+v", events, want)
			}
			t.Logf("%d cuts", events)
			for n := 1; n <= events; n++ {
				t.Run(fmt.Sprint(n), func(t *testing.T) {
					t.Parallel()
					p, f := world(t)
					p.fate.reset(n)
					p.settle()
					if lived := !p.fate.isDead(); lived && n <= events/2 {
						t.Fatalf("lived through all %d events", p.fate.count())
					} // where replicas lag, how often they are asked varies from run to run
					p.shut()
					p.fate.reset(0)
					p.open()
					p.settle()
					if diff := cmp.Diff(want, p.outcome(f)); diff != "" {
						t.Errorf("dead after event %d (-want +got):\n%s", n, diff)
					}
				})
			}
		})
	}
}
