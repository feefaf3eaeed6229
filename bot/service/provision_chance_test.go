package service_test

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/graph/graphfake"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// randomFaults makes requests to the tenant fail at random, with a given frequency, up to a
// maximum.
type randomFaults struct {
	mu     sync.Mutex
	random *rand.Rand
	often  float64
	left   int
	kinds  []graphfake.Fault
}

// everyFault are the faults of a request, before and after its effect.
func everyFault() []graphfake.Fault {
	var all []graphfake.Fault
	for _, after := range []bool{false, true} {
		all = append(all,
			graphfake.Fault{After: after, Break: graphfake.BreakReset},
			graphfake.Fault{After: after, Status: 503},
			graphfake.Fault{After: after, Status: 500, Break: graphfake.BreakNoBody},
			graphfake.Fault{After: after, Status: 201, Break: graphfake.BreakEmptyObject},
			graphfake.Fault{After: after, Status: 502, Break: graphfake.BreakHTML},
		)
	}
	return append(all, graphfake.Fault{Status: 429, RetryAfter: 3 * time.Second}, graphfake.Fault{Status: 503, RetryAfter: 2 * time.Second})
}

func (m *randomFaults) strike(op string) (graphfake.Fault, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if op == "batch" || m.left == 0 || m.random.Float64() >= m.often {
		return graphfake.Fault{}, false
	}
	m.left--
	f := m.kinds[m.random.IntN(len(m.kinds))]
	return f, f.Status != 201 || op == "users.create"
}

// randomPipeline draws a pipeline with a few requests: homonyms, holders who are requested twice,
// people with existing accounts.
func randomPipeline(t *rapid.T, outer testing.TB) (*pipeline, []provisioning.Folio) { //nolint:thelper // rapid's T comes first
	people := rapid.SliceOfN(rapid.IntRange(0, 7), 3, 7).Draw(t, "people")
	seats := rapid.IntRange(2, 9).Draw(t, "seats")
	lag := rapid.SampledFrom([]time.Duration{0, 0, 30 * time.Second, 4 * time.Minute}).Draw(t, "lag")
	seed := rapid.Uint64().Draw(t, "seed")
	p := newPipeline(outer, func(s *pipelineOptions) {
		s.tenant.SKUs[0].Enabled, s.tenant.Lag, s.tenant.Seed, s.workers = seats, lag, seed, rapid.SampledFrom([]int{1, 4}).Draw(t, "workers")
	})
	if rapid.Bool().Draw(t, "before") {
		p.seed(anaMail, "Ana María Ruiz")
		p.seed("ana@"+teachersMail, "Ana Ruiz", map[string]any{"mailNickname": "ana.ruiz2"})
	}
	m := &randomFaults{random: rand.New(rand.NewPCG(seed, 1)), often: rapid.Float64Range(0, 0.5).Draw(t, "often"), left: 20, kinds: everyFault()}
	p.tenant.OnRequest(m.strike)
	var folios []provisioning.Folio
	for len(people) > 0 {
		n := rapid.IntRange(1, min(3, len(people))).Draw(t, "lines")
		var holders []identity.Holder
		for _, who := range people[:n] { // two names for eight people, so that there are homonyms
			holders = append(holders, person(identity.Teacher, []string{"Ana", "Luis"}[who%2], "Ruiz", []string{"", "Peña"}[who/4], who))
		}
		people = people[n:]
		var r provisioning.Request
		err := p.db.Update(outer.Context(), func(tx provisioning.Tx) (err error) {
			r, err = p.workflow.Submit(tx, form(secretary, "", holders...))
			return err
		})
		if err == nil {
			folios = append(folios, r.Folio)
		}
		if err != nil && problem.ReasonOf(err) != "request.nothing_new" {
			t.Fatal(err)
		}
		if err == nil && rapid.Bool().Draw(t, "approve now") {
			p.approve(folios[len(folios)-1])
			p.runner.Drain(outer.Context())
		}
	}
	for _, f := range folios {
		if p.request(f).State == provisioning.StateDirector {
			p.approve(f)
		}
	}
	return p, folios
}

// With any faults at any time: no stamp and no holder has two accounts, no address is given to two
// people, each consumed licence is that of a licensed account, and every line reaches a final state
// or waits for a person or a licence.
func TestWhateverBreaks(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		p, folios := randomPipeline(rt, t)
		p.settle()
		if fault := p.brokenInvariant(folios); fault != "" {
			rt.Fatal(fault)
		}
		p.close()
	})
}

// brokenInvariant returns the first invariant that does not hold.
func (p *pipeline) brokenInvariant(folios []provisioning.Folio) string {
	byStamp, seated, licensed := map[string]string{}, map[string]bool{}, 0
	for _, u := range p.tenant.Users() {
		if u.EmployeeID == "" {
			continue
		}
		if other := byStamp[u.EmployeeID]; other != "" {
			return fmt.Sprintf("%s has two accounts, %s and %s", u.EmployeeID, other, u.UserPrincipalName)
		}
		byStamp[u.EmployeeID] = u.UserPrincipalName
		seated[u.EmployeeID] = len(u.SKUs) == 1
		licensed += len(u.SKUs)
	}
	if _, consumed := p.tenant.Seats(faculty); consumed != licensed {
		return fmt.Sprintf("%d licences consumed, %d accounts licensed", consumed, licensed)
	}
	waiting := map[provisioning.Stamp]bool{}
	for _, s := range p.waiting(identity.Teacher) {
		waiting[s] = true
	}
	holders, addresses := map[identity.Identity]provisioning.Stamp{}, map[identity.Address]provisioning.Stamp{}
	fault := ""
	p.view(func(tx provisioning.Tx) error {
		for _, f := range folios {
			for a, err := range tx.AccountsOf(f, 0) {
				switch {
				case err != nil:
					return err
				case !a.State.Final() && a.State != provisioning.AccountAttention && !waiting[a.Stamp]:
					fault = fmt.Sprintf("line %s is left %s, and nobody goes on with it", a.Stamp, a.State)
				case a.State != provisioning.AccountAnnounced:
					continue
				case !seated[string(a.Stamp)]:
					fault = fmt.Sprintf("%s was announced without its licence", a.Stamp)
				case holders[a.Holder.Identity()] != "":
					fault = fmt.Sprintf("%s and %s made two accounts for one holder", a.Stamp, holders[a.Holder.Identity()])
				case addresses[a.Address] != "":
					fault = fmt.Sprintf("%s and %s have one address, %s", a.Stamp, addresses[a.Address], a.Address)
				case byStamp[string(a.Stamp)] != string(a.Address):
					fault = fmt.Sprintf("%s was told %s, the tenant has %q", a.Stamp, a.Address, byStamp[string(a.Stamp)])
				}
				holders[a.Holder.Identity()], addresses[a.Address] = a.Stamp, a.Stamp
			}
		}
		held, err := tx.Held(faculty)
		if fault == "" && held > 0 && p.tallyOf(tx, folios, provisioning.AccountAttention) == 0 {
			fault = fmt.Sprintf("%d seats are put aside for nobody", held)
		}
		return err
	})
	return fault
}

func (p *pipeline) tallyOf(tx provisioning.Tx, folios []provisioning.Folio, s provisioning.AccountState) (n int) {
	for _, f := range folios {
		if t, err := tx.Tally(f); err == nil {
			n += t[s]
		}
	}
	return n
}
