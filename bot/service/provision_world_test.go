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
	pipelineTenant = "11111111-1111-4111-8111-111111111111"
	pipelineApp    = "22222222-2222-4222-8222-222222222222"
	faculty        = "94763226-9b3c-4e75-a931-5c89701abe66"
	studentA1      = "314c4481-f395-4525-be8b-2ec4bb1e9d91"
	studentA3      = "7cfd9a2b-e110-4c39-bf20-c6a3f36a3121"
	teachers       = "33333333-3333-4333-8333-333333333333" // a group
	centres        = "44444444-4444-4444-8444-444444444444" // a group with the licence studentA1
	teachersMail   = "docentecoahuila.gob.mx"
	studentsMail   = "alumnocoahuila.gob.mx"
	centresMail    = "seducoahuila.gob.mx"
)

// The people of the provisioning stories, with their Entra object ids.
var (
	secretary   = provisioning.Actor{ID: "secretary", Name: "Rosa Ibarra"}
	neighbour   = provisioning.Actor{ID: "neighbour", Name: "Luz Peña"}
	director    = provisioning.Click{By: provisioning.Actor{ID: "director", Name: "Elena Treviño"}, Channel: provisioning.Director}
	subdirector = provisioning.Click{By: provisioning.Actor{ID: "subdirector", Name: "Saúl Valdés"}, Channel: provisioning.Subdirector}
	head        = provisioning.Click{By: provisioning.Actor{ID: "head", Name: "Inés Muñoz"}, Channel: provisioning.Platform}
)

// clock is the time of a pipeline. It runs faster than the wall clock, and can be advanced, so that
// nobody waits for a retry.
type clock struct {
	mu     sync.Mutex
	speed  time.Duration
	base   time.Time
	origin time.Time
}

const defaultSpeed = 100

func newClock() *clock {
	return &clock{speed: defaultSpeed, base: provisioningtest.Start, origin: time.Now()}
}

func (c *clock) After(d time.Duration) <-chan time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.After(d / c.speed)
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.base.Add(c.speed * time.Since(c.origin)) //nolint:durationcheck // haste is a factor
}

// toRealTime makes it as fast as the wall clock.
func (c *clock) toRealTime() {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	c.base, c.origin = c.base.Add(c.speed*now.Sub(c.origin)), now //nolint:durationcheck // haste is a factor
	c.speed = 1
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.base = c.base.Add(d)
}

// pipeline is all of provisioning, with a fake tenant only: the store, the receipts, Graph's client
// over HTTP, and the runner, which runs in settle and runFor.
type pipeline struct {
	t       testing.TB
	dir     string
	clock   *clock
	rules   *provisioning.Rules
	tenant  *graphfake.Tenant
	server  *httptest.Server // of the tenant
	entra   *httptest.Server // the same with TLS, which azidentity requires
	crash   *crash
	workers int
	dsn     string // of the receipts

	db        *store.DB
	rows      *receipts.DB
	graph     *graph.Client
	queue     job.Queue
	store     provisioning.Store
	executor  *provisioning.Executor
	creation  *creation.Creation
	workflow  *provisioning.Workflow
	passwords *provisioning.TemporaryPasswords
	runner    *job.Runner
	isOpen    bool // open
}

// pipelineOptions is what can differ between pipelines.
type pipelineOptions struct {
	tenant  graphfake.Config
	rules   *provisioning.Rules
	workers int // number of parallel lines; 1 keeps their order
	speed   time.Duration
	dsn     string // of the receipts; "" is a file of the test's own
}

// newPipeline opens a pipeline on a new tenant, store and receipts.
func newPipeline(t testing.TB, edit func(*pipelineOptions)) *pipeline {
	t.Helper()
	if racing {
		t.Skip("the clock hurries a hundred times, and the race detector is ten times slower: told without it; the office's stories run the same code under it")
	}
	clock := newClock()
	s := pipelineOptions{workers: 1, rules: pipelineRules(), tenant: graphfake.Config{
		TenantID: pipelineTenant, Now: clock.Now,
		Apps:    []graphfake.App{{ID: pipelineApp, Secret: "s3cret", Roles: graphfake.AltasRoles(), UserAdministrator: true}},
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
	if s.speed > 0 {
		clock.speed = s.speed
	}
	tenant, err := graphfake.New(s.tenant)
	if err != nil {
		t.Fatal(err)
	}
	p := &pipeline{t: t, dir: t.TempDir(), clock: clock, rules: s.rules, tenant: tenant, workers: s.workers, crash: &crash{}}
	if p.dsn = s.dsn; p.dsn == "" {
		p.dsn = emptyReceipts(t, filepath.Join(p.dir, "receipts.db"))
	}
	p.server, p.entra = httptest.NewServer(tenant), httptest.NewTLSServer(tenant)
	t.Cleanup(p.server.Close)
	t.Cleanup(p.entra.Close)
	p.open()
	t.Cleanup(p.close)
	return p
}

// emptyReceipts writes a SQLite file with empty tables, and returns its DSN.
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

// migrated is the content of such a file: creating the tables in each of hundreds of pipelines
// would take longer than the tests.
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

func pipelineRules() *provisioning.Rules {
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

// open starts the process: everything in memory is new.
func (p *pipeline) open() {
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
	transport.MaxIdleConnsPerHost = 16 // as many parallel batches
	p.graph, err = graph.New(graph.Config{
		URL: p.server.URL + "/v1.0", Authority: p.entra.URL, TenantID: pipelineTenant, ClientID: pipelineApp, ClientSecret: "s3cret",
		Transport: transport, Now: p.clock.Now, After: p.clock.After,
		DeletedWithin: 2 * time.Second * defaultSpeed, // two seconds of real time: a busy machine does not postpone the first line
	})
	if err != nil {
		p.t.Fatal(err)
	}
	p.store, p.queue = crashingStore{p.db, p.crash}, crashingQueue{p.db, p.crash}
	p.assemble(slog.New(slog.DiscardHandler))
	p.isOpen = true
}

func (p *pipeline) assemble(log *slog.Logger) {
	p.executor = &provisioning.Executor{Store: p.store, Receipts: crashingReceipts{p.rows, p.crash}, Now: p.clock.Now, Log: log}
	p.creation = &creation.Creation{Config: creation.Config{
		Executor: p.executor, Store: p.store, Directory: p.graph, Rules: p.rules,
		Stock: creation.NewLicenceCache(p.graph, 3*time.Minute, p.clock.Now), Now: p.clock.Now, Log: log,
	}}
	p.executor.Kinds = provisioning.Kinds{provisioning.Create: p.creation}
	p.workflow = &provisioning.Workflow{Rules: p.rules, Kinds: p.executor.Kinds, Now: p.clock.Now}
	p.passwords = &provisioning.TemporaryPasswords{Store: p.store, Credentials: p.graph, Rules: p.rules, Now: p.clock.Now}
	handler := func(do func(context.Context, job.Job) error, workers int) job.Handler {
		return job.Handler{Do: do, Workers: workers, Urgent: workers / 12, Timeout: time.Hour} // as the service has them
	}
	p.runner = &job.Runner{Queue: p.queue, Now: p.clock.Now, After: p.clock.After, Log: log, Handlers: map[job.Kind]job.Handler{
		provisioning.JobStart: handler(p.executor.Start, 1), provisioning.JobLine: handler(p.executor.Line, p.workers),
		provisioning.JobReceipt: handler(p.executor.Receipt, 1), provisioning.JobSeats: handler(p.creation.Seats, 1),
	}}
}

// shut ends the process.
func (p *pipeline) close() {
	p.t.Helper()
	if !p.isOpen {
		return
	}
	p.isOpen = false
	p.check()
	_ = p.graph.Close()
	_ = p.rows.Close()
	if err := p.db.Close(); err != nil {
		p.t.Error(err)
	}
}

// check holds the store's records to each other.
func (p *pipeline) check() {
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
func (p *pipeline) settle() {
	p.t.Helper()
	for until := p.clock.Now().Add(24 * time.Hour); p.clock.Now().Before(until); {
		idle := p.runner.Drain(p.t.Context())
		if p.crash.hasCrashed() || !p.busy() {
			return
		}
		p.clock.advance(idle)
	}
	p.t.Fatalf("after a day: %+v", p.depth())
}

// pass lets time go by, and the work in it be done.
func (p *pipeline) runFor(d time.Duration) {
	p.t.Helper()
	for until := p.clock.Now().Add(d); p.clock.Now().Before(until); {
		idle := p.runner.Drain(p.t.Context())
		p.clock.advance(min(idle, until.Sub(p.clock.Now())))
	}
	p.runner.Drain(p.t.Context())
}

func (p *pipeline) busy() bool {
	d := p.depth()
	return d[provisioning.JobStart].Jobs+d[provisioning.JobLine].Jobs+d[provisioning.JobReceipt].Jobs > 0
}

func (p *pipeline) depth() map[job.Kind]job.Depth {
	p.t.Helper()
	d, err := p.db.Depth(context.Background())
	if err != nil {
		p.t.Fatal(err)
	}
	return d
}

func (p *pipeline) update(what string, fn func(provisioning.Tx) error) {
	p.t.Helper()
	if err := p.db.Update(context.Background(), fn); err != nil {
		p.t.Fatalf("%s: %v", what, err)
	}
}

func (p *pipeline) view(fn func(provisioning.Tx) error) {
	p.t.Helper()
	if err := p.db.View(context.Background(), fn); err != nil {
		p.t.Fatal(err)
	}
}
