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

// outcome is what must be the same at the end, however often the process crashed.
type outcome struct {
	Lines    []string // stamp, state, address
	Users    []string // address, stamp, licences, groups
	Rows     []string // of the receipts: stamp, address
	Notices  []string
	Acts     []string // the audit trail, in order
	Consumed int      // licences of the tenant
	Held     int      // reserved licences
}

func (p *pipeline) outcome(folios ...provisioning.Folio) outcome {
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

// The process crashes after each event: a commit, a change of the tenant whose response is lost, a
// row. Opened again on the same files, it has the same outcome: one account, one row, one licence,
// and one notice of each.
func TestKillAndReopenBetweenEveryTwoSteps(t *testing.T) {
	t.Parallel()
	luis := person(identity.Teacher, "Luis", "Ibarra", "Peña", 2)
	for name, story := range map[string]struct {
		site    func(*pipelineOptions)
		before  func(*pipeline)
		holders []identity.Holder
	}{
		"a teacher": {holders: []identity.Holder{ana()}},
		"a teacher, replicas a minute behind": {holders: []identity.Holder{ana()}, site: func(s *pipelineOptions) {
			s.tenant.Lag, s.tenant.Replicas = time.Minute, 1
		}},
		"an address taken, a homonym, one who exists": {
			holders: []identity.Holder{ana(), luis, person(identity.Teacher, "Eva", "Ríos", "", 3)},
			before: func(p *pipeline) {
				p.seed(anaMail, "Ana Ruiz López")
				p.seed("libarra@"+teachersMail, "LUIS IBARRA PEÑA")
				p.seed("eva@"+teachersMail, "Eva Ríos")
				p.importRow(provisioning.Receipt{Address: "eva@" + teachersMail, Holder: person(identity.Teacher, "Eva", "Ríos", "", 3)})
			},
		},
		"one seat for two": {holders: []identity.Holder{ana(), luis}, site: func(s *pipelineOptions) { s.tenant.SKUs[0].Enabled = 1 }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			world := func(t *testing.T) (*pipeline, provisioning.Folio) {
				p := newPipeline(t, story.site)
				if story.before != nil {
					story.before(p)
				}
				f := p.submit(story.holders...)
				p.approve(f)
				p.tenant.OnRequest(p.crash.tenantFault)
				return p, f
			}
			p, f := world(t)
			p.crash.reset(0)
			p.settle()
			want, events := p.outcome(f), p.crash.count()
			if events < 8 {
				t.Fatalf("only %d events: %+v", events, want)
			}
			t.Logf("%d cuts", events)
			for n := 1; n <= events; n++ {
				t.Run(fmt.Sprint(n), func(t *testing.T) {
					t.Parallel()
					p, f := world(t)
					p.crash.reset(n)
					p.settle()
					if lived := !p.crash.hasCrashed(); lived && n <= events/2 {
						t.Fatalf("lived through all %d events", p.crash.count())
					} // with replication lag, the number of reads varies
					p.close()
					p.crash.reset(0)
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
