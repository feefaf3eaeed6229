package service_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/creation"
	"seducoahuila.gob.mx/altas/provisioning/graph"
	"seducoahuila.gob.mx/altas/provisioning/graph/graphfake"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
	"seducoahuila.gob.mx/altas/store"
	"seducoahuila.gob.mx/altas/store/receipts"
)

// The tenant of the provisioning stories.
const (
	plantTenant  = "11111111-1111-4111-8111-111111111111"
	plantApp     = "22222222-2222-4222-8222-222222222222"
	faculty      = "94763226-9b3c-4e75-a931-5c89701abe66"
	studentA1    = "314c4481-f395-4525-be8b-2ec4bb1e9d91"
	studentA3    = "7cfd9a2b-e110-4c39-bf20-c6a3f36a3121"
	teachers     = "33333333-3333-4333-8333-333333333333" // a group
	centres      = "44444444-4444-4444-8444-444444444444" // a group that carries studentA1
	teachersMail = "docentecoahuila.gob.mx"
	studentsMail = "alumnocoahuila.gob.mx"
	centresMail  = "seducoahuila.gob.mx"
)

// The people of the provisioning stories, by their Entra object ids.
var (
	secretary   = provisioning.Actor{ID: "secretary", Name: "Rosa Ibarra"}
	neighbour   = provisioning.Actor{ID: "neighbour", Name: "Luz Peña"}
	director    = provisioning.Click{By: provisioning.Actor{ID: "director", Name: "Elena Treviño"}, Channel: provisioning.Director}
	subdirector = provisioning.Click{By: provisioning.Actor{ID: "subdirector", Name: "Saúl Valdés"}, Channel: provisioning.Subdirector}
	head        = provisioning.Click{By: provisioning.Actor{ID: "head", Name: "Inés Muñoz"}, Channel: provisioning.Platform}
)

// clock is the time of a plant: some times faster than the wall's. Beside that it
// leaps, so that nobody waits for a retry.
type clock struct {
	mu     sync.Mutex
	haste  time.Duration
	base   time.Time
	origin time.Time
}

const usualHaste = 100

func newClock() *clock {
	return &clock{haste: usualHaste, base: provisioningtest.Start, origin: time.Now()}
}

func (c *clock) After(d time.Duration) <-chan time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.After(d / c.haste)
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.base.Add(c.haste * time.Since(c.origin)) //nolint:durationcheck // haste is a factor
}

// calm makes it as fast as the wall's from now on.
func (c *clock) calm() {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	c.base, c.origin = c.base.Add(c.haste*now.Sub(c.origin)), now //nolint:durationcheck // haste is a factor
	c.haste = 1
}

func (c *clock) leap(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.base = c.base.Add(d)
}

// plant is everything of provisioning, real but for the tenant: store, receipts,
// the client of Graph over HTTP, and the runner, which works when settle says so.
type plant struct {
	t       testing.TB
	dir     string
	clock   *clock
	rules   *provisioning.Rules
	tenant  *graphfake.Tenant
	server  *httptest.Server // of the tenant
	entra   *httptest.Server // the same with TLS, which the authority must have
	fate    *fate
	workers int
	dsn     string // of the receipts

	db      *store.DB
	rows    *receipts.DB
	graph   *graph.Client
	queue   job.Queue
	store   provisioning.Store
	works   *provisioning.Executor
	makes   *creation.Creation
	desk    *provisioning.Workflow
	hands   *provisioning.TemporaryPasswords
	runner  *job.Runner
	current bool // open
}

// site is what a plant may have different.
type site struct {
	tenant  graphfake.Config
	rules   *provisioning.Rules
	workers int // lines done at once; 1 keeps the order of things
	haste   time.Duration
	dsn     string // of the receipts; a file of the test's own when empty
}

// build opens a plant on a new tenant, store and receipts.
func build(t testing.TB, edit func(*site)) *plant {
	t.Helper()
	if racing {
		t.Skip("the clock hurries a hundred times, and the race detector is ten times slower: told without it; the office's stories run the same code under it")
	}
	clock := newClock()
	s := site{workers: 1, rules: plantRules(), tenant: graphfake.Config{
		TenantID: plantTenant, Now: clock.Now,
		Apps:    []graphfake.App{{ID: plantApp, Secret: "s3cret", Roles: graphfake.AltasRoles(), UserAdministrator: true}},
		Domains: []string{teachersMail, studentsMail, centresMail},
		SKUs: []graphfake.SKU{
			{ID: faculty, PartNumber: "STANDARDWOFFPACK_FACULTY", Enabled: 1000},
			{ID: studentA1, PartNumber: "STANDARDWOFFPACK_STUDENT", Enabled: 1000},
			{ID: studentA3, PartNumber: "M365EDU_A3_STUDENT", Enabled: 1000},
		},
		Groups: []graphfake.Group{{ID: teachers, Name: "Docentes"}, {ID: centres, Name: "Centros", SKUs: []string{studentA1}}},
	}}
	if edit != nil {
		edit(&s)
	}
	if s.haste > 0 {
		clock.haste = s.haste
	}
	tenant, err := graphfake.New(s.tenant)
	if err != nil {
		t.Fatal(err)
	}
	p := &plant{t: t, dir: t.TempDir(), clock: clock, rules: s.rules, tenant: tenant, workers: s.workers, fate: &fate{}}
	if p.dsn = s.dsn; p.dsn == "" {
		p.dsn = emptyReceipts(t, filepath.Join(p.dir, "receipts.db"))
	}
	p.server, p.entra = httptest.NewServer(tenant), httptest.NewTLSServer(tenant)
	t.Cleanup(p.server.Close)
	t.Cleanup(p.entra.Close)
	p.open()
	t.Cleanup(p.shut)
	return p
}

// emptyReceipts writes a SQLite file that has its tables, and returns its DSN.
func emptyReceipts(t testing.TB, path string) string {
	t.Helper()
	content, err := migrated()
	if err == nil {
		err = os.WriteFile(path, content, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	return "sqlite:" + path
}

// migrated is what is in such a file; hundreds of plants each would take longer to
// make the tables than for what they then tell.
var migrated = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "altas-receipts")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "receipts.db")
	db, err := receipts.Open(receipts.Config{DSN: "sqlite:" + path})
	if err != nil {
		return nil, err
	}
	_, err = db.Migrate(context.Background())
	if err := errors.Join(err, db.Close()); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

func plantRules() *provisioning.Rules {
	attributes := provisioning.Attributes{
		Department: "{cct}", OfficeLocation: "{centro}", CompanyName: "SEDU Coahuila", JobTitle: "{tipo}",
		PreferredLanguage: "es-MX", UsageLocation: "MX", MinorConsent: "Granted",
	}
	return &provisioning.Rules{
		Types: map[identity.AccountType]provisioning.TypeRule{
			identity.Teacher: {Domain: teachersMail, Patterns: identity.DefaultPatterns(identity.Teacher),
				SKUs: []string{faculty}, Groups: []string{teachers}, Attributes: attributes},
			identity.Student: {Domain: studentsMail, Patterns: identity.DefaultPatterns(identity.Student),
				SKUs: []string{studentA1, studentA3}, Attributes: attributes},
			identity.WorkCentre: {Domain: centresMail, Patterns: identity.DefaultPatterns(identity.WorkCentre),
				Groups: []string{centres}, Attributes: attributes},
		},
		Stages: provisioning.Stages{
			{Name: provisioning.Director, Approvers: []string{director.By.ID}},
			{Name: provisioning.Subdirector, Approvers: []string{subdirector.By.ID}},
		},
		Administrators: []string{head.By.ID},
		Limits:         provisioning.DefaultLimits(),
	}
}

// open starts the process, as it were: everything that lives in memory is new.
func (p *plant) open() {
	p.t.Helper()
	var err error
	if p.db, err = store.Open(filepath.Join(p.dir, "altas.db"), store.Options{NoSync: true}); err != nil {
		p.t.Fatal(err)
	}
	p.rows, err = receipts.Open(receipts.Config{DSN: p.dsn, Now: p.clock.Now})
	if err != nil {
		p.t.Fatal(err)
	}
	transport := p.entra.Client().Transport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 16 // as many batches fly at once
	p.graph, err = graph.New(graph.Config{
		URL: p.server.URL + "/v1.0", Authority: p.entra.URL, TenantID: plantTenant, ClientID: plantApp, ClientSecret: "s3cret",
		Transport: transport, Now: p.clock.Now, After: p.clock.After,
		DeletedWithin: 2 * time.Second * usualHaste, // two seconds by the wall: a busy machine does not postpone the first line
	})
	if err != nil {
		p.t.Fatal(err)
	}
	p.store, p.queue = mortalStore{p.db, p.fate}, mortalQueue{p.db, p.fate}
	p.assemble(slog.New(slog.DiscardHandler))
	p.current = true
}

func (p *plant) assemble(log *slog.Logger) {
	p.works = &provisioning.Executor{Store: p.store, Receipts: mortalReceipts{p.rows, p.fate}, Now: p.clock.Now, Log: log}
	p.makes = &creation.Creation{Config: creation.Config{
		Executor: p.works, Store: p.store, Directory: p.graph, Rules: p.rules,
		Stock: creation.NewLicenceCache(p.graph, 3*time.Minute, p.clock.Now), Now: p.clock.Now, Log: log,
	}}
	p.works.Kinds = provisioning.Kinds{provisioning.Create: p.makes}
	p.desk = &provisioning.Workflow{Rules: p.rules, Kinds: p.works.Kinds, Now: p.clock.Now}
	p.hands = &provisioning.TemporaryPasswords{Store: p.store, Credentials: p.graph, Rules: p.rules, Now: p.clock.Now}
	handler := func(do func(context.Context, job.Job) error, workers int) job.Handler {
		return job.Handler{Do: do, Workers: workers, Urgent: workers / 12, Timeout: time.Hour} // as the service has them
	}
	p.runner = &job.Runner{Queue: p.queue, Now: p.clock.Now, After: p.clock.After, Log: log, Handlers: map[job.Kind]job.Handler{
		provisioning.JobStart: handler(p.works.Start, 1), provisioning.JobLine: handler(p.works.Line, p.workers),
		provisioning.JobReceipt: handler(p.works.Receipt, 1), provisioning.JobSeats: handler(p.makes.Seats, 1),
	}}
}

// shut ends the process.
func (p *plant) shut() {
	p.t.Helper()
	if !p.current {
		return
	}
	p.current = false
	p.check()
	_ = p.graph.Close()
	_ = p.rows.Close()
	if err := p.db.Close(); err != nil {
		p.t.Error(err)
	}
}

// check holds the store's records to each other.
func (p *plant) check() {
	p.t.Helper()
	problems, err := p.db.Check(context.Background())
	forgotten, errForgotten := p.db.Forgotten(context.Background())
	if err := errors.Join(err, errForgotten); err != nil {
		p.t.Error(err)
	}
	for _, problem := range slices.Concat(problems, forgotten) {
		p.t.Errorf("store: %s", problem)
	}
}

// settle works until no line goes on by itself; time leaps to whatever is due
// next. It gives up when that takes a day.
func (p *plant) settle() {
	p.t.Helper()
	for until := p.clock.Now().Add(24 * time.Hour); p.clock.Now().Before(until); {
		idle := p.runner.Drain(p.t.Context())
		if p.fate.isDead() || !p.busy() {
			return
		}
		p.clock.leap(idle)
	}
	p.t.Fatalf("after a day: %+v", p.depth())
}

// pass lets time go by, and the work in it be done.
func (p *plant) pass(d time.Duration) {
	p.t.Helper()
	for until := p.clock.Now().Add(d); p.clock.Now().Before(until); {
		idle := p.runner.Drain(p.t.Context())
		p.clock.leap(min(idle, until.Sub(p.clock.Now())))
	}
	p.runner.Drain(p.t.Context())
}

func (p *plant) busy() bool {
	d := p.depth()
	return d[provisioning.JobStart].Jobs+d[provisioning.JobLine].Jobs+d[provisioning.JobReceipt].Jobs > 0
}

func (p *plant) depth() map[job.Kind]job.Depth {
	p.t.Helper()
	d, err := p.db.Depth(context.Background())
	if err != nil {
		p.t.Fatal(err)
	}
	return d
}

func (p *plant) update(what string, fn func(provisioning.Tx) error) {
	p.t.Helper()
	if err := p.db.Update(context.Background(), fn); err != nil {
		p.t.Fatalf("%s: %v", what, err)
	}
}

func (p *plant) view(fn func(provisioning.Tx) error) {
	p.t.Helper()
	if err := p.db.View(context.Background(), fn); err != nil {
		p.t.Fatal(err)
	}
}
