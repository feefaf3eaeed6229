package service_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/calendar"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/input"
	"seducoahuila.gob.mx/altas/provisioning/problem"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
	"seducoahuila.gob.mx/altas/store/receipts"
)

func TestATeacherGetsAnAccountOnce(t *testing.T) {
	t.Parallel()
	p := newPipeline(t, nil)
	f := p.provision(ana())
	a := p.want(f, 1, provisioning.AccountAnnounced, anaMail)
	p.wantState(f, provisioning.StateCompleted)
	u, _ := p.tenant.User(anaMail)
	if u.ID != a.ObjectID || u.EmployeeID != string(a.Stamp) || !cmp.Equal(u.SKUs, []string{faculty}) || !cmp.Equal(u.Groups, []string{teachers}) {
		t.Errorf("the tenant has %+v", u)
	}
	if rows := p.rowsOf(ana()); len(rows) != 1 || rows[0].Stamp != a.Stamp || rows[0].Address != anaMail || rows[0].Subdirector != subdirector.By.Name {
		t.Errorf("receipts: %+v", rows)
	}
	want := []string{"turned " + string(f), "authorized " + string(f), "ready " + string(a.Stamp)}
	if diff := cmp.Diff(want, p.notices(secretary.ID)); diff != "" {
		t.Errorf("notices (-want +got):\n%s", diff)
	}
	p.wantNoSeatHeld()
}

func (p *pipeline) wantNoSeatHeld() {
	p.t.Helper()
	p.view(func(tx provisioning.Tx) error {
		for _, sku := range []string{faculty, studentA1, studentA3} {
			if n, err := tx.Held(sku); err != nil || n != 0 {
				p.t.Errorf("%d seats of %s are put aside for nobody (%v)", n, sku, err)
			}
		}
		return nil
	})
}

// A folio's year is that of the organisation's time zone: in the evening of 31 December it is
// already the next year in UTC. Numbers start again.
func TestTheYearOfAFolioIsTheOrganisations(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("America/Monterrey")
	if err != nil {
		t.Fatal(err)
	}
	calendar, err := calendar.New(calendar.Config{Zone: zone})
	if err != nil {
		t.Fatal(err)
	}
	p := newPipeline(t, func(s *pipelineOptions) { s.rules.Calendar = calendar })
	ask := func(at time.Time, n int) provisioning.Folio {
		p.clock.advance(at.Sub(p.clock.Now()))
		return p.submit(uniqueTeachers(3)[n])
	}
	eve := time.Date(2026, 12, 31, 20, 0, 0, 0, zone)
	got := []provisioning.Folio{ask(eve, 0), ask(eve.Add(3*time.Hour), 1), ask(eve.Add(5*time.Hour), 2)}
	if diff := cmp.Diff([]provisioning.Folio{"2026-000001", "2026-000002", "2027-000001"}, got); diff != "" {
		t.Errorf("folios (-want +got):\n%s", diff)
	}
}

// The same CURP in a request that is still at a stage: no second line.
func TestAHolderWhoIsAskedForAlreadyIsLeftOut(t *testing.T) {
	t.Parallel()
	p := newPipeline(t, nil)
	first := p.submit(ana())
	other := person(identity.Teacher, "Luis", "Ibarra", "Peña", 2)
	second := p.submitBy(neighbour, "", ana(), other)
	if a := p.want(second, 1, provisioning.AccountExcluded, ""); a.Note != string(first) {
		t.Errorf("note %q, want the first request's folio", a.Note)
	}
	p.approve(first, second)
	p.settle()
	p.want(first, 1, provisioning.AccountAnnounced, anaMail)
	p.wantUsers(anaMail, "luis.ibarra@"+teachersMail)
	err := p.db.Update(t.Context(), func(tx provisioning.Tx) error {
		_, err := p.workflow.Submit(tx, form(neighbour, "", ana()))
		return err
	})
	if problem.ReasonOf(err) != "request.nothing_new" {
		t.Errorf("a third form: %v, want request.nothing_new", err)
	}
}

func TestAHolderWithAnAccountOfOursExists(t *testing.T) {
	t.Parallel()
	p := newPipeline(t, nil)
	a := p.line(p.provision(ana()), 1)
	f := p.provision(ana(), person(identity.Teacher, "Luis", "Ibarra", "Peña", 2))
	if got := p.want(f, 1, provisioning.AccountExists, anaMail); got.ObjectID != a.ObjectID {
		t.Errorf("exists as %s, want %s", got.ObjectID, a.ObjectID)
	}
	p.wantUsers(anaMail, "luis.ibarra@"+teachersMail)
}

// A list has Ana twice: the second line is excluded because of the first, and the requester may
// know that.
func TestSomebodyTwiceInAList(t *testing.T) {
	t.Parallel()
	p := newPipeline(t, nil)
	f := p.submit(ana(), ana())
	if a := p.line(f, 2); a.State != provisioning.AccountExcluded || a.Note != string(f) || a.Guarded {
		t.Errorf("the second: %s, %q, guarded %t", a.State, a.Note, a.Guarded)
	}
	if a := p.line(f, 1); a.State != provisioning.AccountPending || a.Address != anaMail {
		t.Errorf("the first: %s, %s", a.State, a.Address)
	}
}

// A row of the receipts has the CURP: whatever its address, it is hers.
func TestAHolderInTheReceiptsExists(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]provisioning.Receipt{
		"of an earlier request": {Stamp: "2020-000009-0001", Folio: "2020-000009", State: provisioning.ReceiptActive},
		"imported":              {State: provisioning.ReceiptImported},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPipeline(t, nil)
			id := p.seed("aruiz70@"+teachersMail, "RUIZ PEÑA ANA SOFIA")
			row.Address, row.Holder = "aruiz70@"+teachersMail, ana()
			row.Petition.Medium, row.RequestedAt, row.CreatedAt = input.MediumOficio, provisioningtest.Start, provisioningtest.Start
			p.importRow(row)
			f := p.provision(ana())
			if a := p.want(f, 1, provisioning.AccountExists, "aruiz70@"+teachersMail); a.ObjectID != id {
				t.Errorf("object id %s, want %s", a.ObjectID, id)
			}
			p.wantUsers("aruiz70@" + teachersMail)
			if got := p.notices(secretary.ID); got[len(got)-1] != "exists "+string(provisioning.NewStamp(f, 1)) {
				t.Errorf("notices %v do not end by telling of the account", got)
			}
			p.wantNoSeatHeld()
		})
	}
}

// importRow writes a row from before Altas: if it has no stamp, it is imported.
func (p *pipeline) importRow(r provisioning.Receipt) {
	p.t.Helper()
	if r.Stamp != "" {
		p.receipt(r)
		return
	}
	cells := map[string]string{"address": string(r.Address), "type": string(r.Holder.Type), "curp": string(r.Holder.Person.CURP)}
	lines := func(yield func(receipts.ListLine, error) bool) {
		yield(receipts.ListLine{Number: 2, Cells: cells}, nil)
	}
	summary, err := p.rows.Import(p.t.Context(), lines, receipts.ImportOptions{})
	if err != nil || summary[receipts.OutcomeAdded] != 1 {
		p.t.Fatalf("import: %v %v", summary, err)
	}
}

// The receipts have an address that the directory no longer has: she gets a new account, but not
// the old address, which is recorded for another row.
func TestARowWhoseAccountIsGoneGivesWay(t *testing.T) {
	t.Parallel()
	p := newPipeline(t, nil)
	p.importRow(provisioning.Receipt{Stamp: "2020-000009-0001", Folio: "2020-000009", Address: anaMail, Holder: ana(),
		State: provisioning.ReceiptActive, RequestedAt: provisioningtest.Start, CreatedAt: provisioningtest.Start,
		Petition: provisioning.Petition{Medium: input.MediumOficio}})
	f := p.provision(ana())
	p.want(f, 1, provisioning.AccountAnnounced, "ana.ruiz.pena@"+teachersMail)
	if rows := p.rowsOf(ana()); len(rows) != 2 {
		t.Errorf("receipts: %+v", rows)
	}
}

// An account that Altas created and somebody purged from the tenant does not count.
func TestAnAccountOfOursThatIsGoneIsMadeAnew(t *testing.T) {
	t.Parallel()
	p := newPipeline(t, nil)
	luis := person(identity.Teacher, "Luis", "Ibarra", "Peña", 2)
	a := p.line(p.provision(ana()), 1)
	f := p.submit(luis)
	p.decide(f, director, provisioning.Return)
	p.purge(a.ObjectID)
	p.runFor(2 * time.Hour)
	seen, err := p.creation.Preview(t.Context(), provisioning.Inquiry{Correcting: f, Holders: []identity.Holder{luis, ana()}})
	if err != nil || seen[1].Exists || seen[1].Gone != anaMail || seen[1].Address != "ana.ruiz.pena@"+teachersMail {
		t.Fatalf("preview %+v, %v", seen, err)
	}
	p.update("submit", func(tx provisioning.Tx) error {
		s := form(secretary, f, luis, ana())
		s.Gone = map[identity.Address]bool{anaMail: true}
		_, err := p.workflow.Submit(tx, s)
		return err
	})
	p.approve(f)
	p.settle()
	p.want(f, 2, provisioning.AccountAnnounced, "ana.ruiz.pena@"+teachersMail)
}

// The approvers see the warnings that the form showed about a holder.
func TestWhatTheFormSawIsOnTheLine(t *testing.T) {
	t.Parallel()
	p := newPipeline(t, nil)
	p.seed("aruiz70@"+teachersMail, "Ana Sofía Ruiz Peña")
	odd := ana()
	odd.Person.CCT = "19DPR0221C"
	seen, err := p.creation.Preview(t.Context(), provisioning.Inquiry{Holders: []identity.Holder{odd}})
	if err != nil {
		t.Fatal(err)
	}
	var f provisioning.Folio
	p.update("submit", func(tx provisioning.Tx) error {
		s := form(secretary, "", odd)
		s.Seen = map[identity.Holder][]problem.Warning{odd: seen[0].Seen()}
		r, err := p.workflow.Submit(tx, s)
		f = r.Folio
		return err
	})
	if diff := cmp.Diff(seen[0].Warnings, p.line(f, 1).Warnings); diff != "" || seen[0].Warnings[0].Reason != "trouble.homonym" {
		t.Errorf("warnings of the form, and of the line (-form +line):\n%s", diff)
	}
}

// A form for several people reaches the review while the directory does not answer: the first
// lookup may use all the time.
func TestAFormOfSeveralPeopleIsReviewedWithoutTheDirectory(t *testing.T) {
	t.Parallel()
	p := newPipeline(t, nil)
	p.server.Close()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	luis := person(identity.Teacher, "Luis", "Ibarra", "Peña", 2)
	seen, err := p.creation.Preview(ctx, provisioning.Inquiry{Holders: []identity.Holder{ana(), luis}})
	if err != nil || len(seen) != 2 {
		t.Fatalf("preview %+v, %v", seen, err)
	}
	for i, want := range []identity.Address{anaMail, "luis.ibarra@" + teachersMail} {
		if seen[i].Address != want || seen[i].Checked {
			t.Errorf("person %d: %+v, want %s unchecked", i+1, seen[i], want)
		}
	}
}

func TestAnAddressThatSomebodyHasIsPassedOver(t *testing.T) {
	t.Parallel()
	for name, seed := range map[string]func(p *pipeline){
		"principal name": func(p *pipeline) { p.seed(anaMail, "Ana Ruiz López") },
		"another's further address": func(p *pipeline) {
			p.seed("director@"+teachersMail, "Elena", map[string]any{"proxyAddresses": []string{"SMTP:director@" + teachersMail, "smtp:" + anaMail}})
		},
		"mail": func(p *pipeline) {
			p.seed("director@"+teachersMail, "Elena", map[string]any{"mail": "Ana.Ruiz@" + teachersMail})
		},
		"nickname": func(p *pipeline) {
			p.seed("director@"+teachersMail, "Elena", map[string]any{"mailNickname": "Ana.Ruiz"})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPipeline(t, nil)
			seed(p)
			f := p.submit(ana())
			p.want(f, 1, provisioning.AccountPending, anaMail) // the form could not look it up
			p.approve(f)
			p.settle()
			a := p.want(f, 1, provisioning.AccountAnnounced, "ana.ruiz.pena@"+teachersMail)
			if !cmp.Equal(a.Passed, []identity.Address{anaMail}) {
				t.Errorf("passed over %v", a.Passed)
			}
			if len(p.tenant.Users()) != 2 {
				t.Errorf("%d users", len(p.tenant.Users()))
			}
		})
	}
}

// The same mailNickname in another domain is no conflict.
func TestTheSameNameInAnotherDomainIsNoConflict(t *testing.T) {
	t.Parallel()
	p := newPipeline(t, nil)
	p.seed("ana.ruiz@"+studentsMail, "Ana Sofía Ruiz Peña", map[string]any{"mailNickname": "ana.ruiz"})
	p.want(p.provision(ana()), 1, provisioning.AccountAnnounced, anaMail)
}

// Two pending homonyms never get the same address, from the form on.
func TestHomonymsInOneFormAndAcrossForms(t *testing.T) {
	t.Parallel()
	p := newPipeline(t, nil)
	var folios []provisioning.Folio
	for n := range 4 {
		folios = append(folios, p.submitBy(neighbour, "", person(identity.Teacher, "Ana", "Ruiz", "", 10+n)))
	}
	p.approve(folios...)
	p.settle()
	p.wantUsers("ana.ruiz@"+teachersMail, "ana.ruiz2@"+teachersMail, "ana.ruiz3@"+teachersMail, "ana.ruiz4@"+teachersMail)
	for _, f := range folios {
		p.wantState(f, provisioning.StateCompleted)
	}
}

// A returned request is corrected: two people are exchanged, a third is added, one is removed. No
// address is lost or given twice, and the old lines block nobody.
func TestACorrectionChangesPeoplesPlaces(t *testing.T) {
	t.Parallel()
	p := newPipeline(t, nil)
	one, two := person(identity.Teacher, "Ana", "Ruiz", "", 1), person(identity.Teacher, "Ana", "Ruiz", "", 2)
	three := person(identity.Teacher, "Luis", "Ibarra", "", 3)
	f := p.submit(one, two, three)
	p.decide(f, director, provisioning.Return)
	p.submitBy(secretary, f, two, one)
	p.decide(f, director, provisioning.Return)
	p.submitBy(secretary, f, three, two, one)
	p.decide(f, director, provisioning.Return)
	p.submitBy(secretary, f, two, one)
	p.approve(f)
	third := p.provision(three)
	p.settle()
	p.want(third, 1, provisioning.AccountAnnounced, "luis.ibarra@"+teachersMail)
	for n, h := range []identity.Holder{two, one} {
		if a := p.want(f, n+1, provisioning.AccountAnnounced, ""); a.Holder.Person.CURP != h.Person.CURP {
			t.Errorf("line %d is for %s, want %s", n+1, a.Holder.Person.CURP, h.Person.CURP)
		}
	}
	p.wantUsers("ana.ruiz@"+teachersMail, "ana.ruiz2@"+teachersMail, "luis.ibarra@"+teachersMail)
	p.wantNoSeatHeld()
}

// remove deletes a user as an administrator would: to the recycle bin.
func (p *pipeline) remove(id string) { p.t.Helper(); p.graphCall(http.MethodDelete, "/users/"+id, nil) }

// purge deletes a user for good.
func (p *pipeline) purge(id string) {
	p.t.Helper()
	p.remove(id)
	p.graphCall(http.MethodDelete, "/directory/deletedItems/"+id, nil)
}

// alter changes a user, as an administrator would.
func (p *pipeline) alter(id string, properties map[string]any) {
	p.t.Helper()
	p.graphCall(http.MethodPatch, "/users/"+id, properties)
}

func (p *pipeline) graphCall(method, path string, properties map[string]any) {
	p.t.Helper()
	client := p.server.Client()
	answer, err := client.PostForm(p.server.URL+"/"+pipelineTenant+"/oauth2/v2.0/token", url.Values{
		"grant_type": {"client_credentials"}, "scope": {"x/.default"}, "client_id": {pipelineApp}, "client_secret": {"s3cret"}})
	if err != nil {
		p.t.Fatal(err)
	}
	defer answer.Body.Close()
	var token struct {
		Access string `json:"access_token"`
	}
	if err := json.NewDecoder(answer.Body).Decode(&token); err != nil {
		p.t.Fatal(err)
	}
	var body io.Reader
	if properties != nil {
		content, err := json.Marshal(properties)
		if err != nil {
			p.t.Fatal(err)
		}
		body = bytes.NewReader(content)
	}
	request, _ := http.NewRequestWithContext(p.t.Context(), method, p.server.URL+"/v1.0"+path, body)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+token.Access)
	done, err := client.Do(request)
	if err != nil || done.StatusCode >= http.StatusMultipleChoices {
		p.t.Fatalf("%s %s: %v %v", method, path, done, err)
	}
	_ = done.Body.Close()
}
