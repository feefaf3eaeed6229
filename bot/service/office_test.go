package service_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
	"seducoahuila.gob.mx/altas/bot/service"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/graph/graphfake"
)

// The identifiers of the office.
const (
	officeTenant = "11111111-1111-4111-8111-111111111111"
	officeBot    = "22222222-2222-4222-8222-222222222222"
	officeMaker  = "33333333-3333-4333-8333-333333333333"

	studentLicence = "314c4481-f395-4525-be8b-2ec4bb1e9d91"
	facultyLicence = "94763226-9b3c-4e75-a931-5c89701abe66"
)

// office is a fake tenant, a fake Teams with people in it, and the service as `altas serve` runs
// it, connected by configuration alone.
type office struct {
	t       testing.TB
	dir     string
	teams   *teamsfake.Fake
	tenant  *graphfake.Tenant
	urls    struct{ graph, teams, entra string }
	root    *x509.Certificate // of the fake of Entra
	env     map[string]string
	log     *journal
	ahead   time.Duration    // difference of the service's business clock to clock
	clock   func() time.Time // of Teams, the tenant and the service; nil is time.Now
	dial    dialer           // the service's network connections; nil is the network
	around  func(provisioning.Store) provisioning.Store
	between func(http.Handler) http.Handler // middleware of the fakes; nil for none
	address string                          // host:port of the service in this process
	began   time.Time                       // no act of the office is before
	stop    func()                          // stops the service; nil while none runs

	silvia, martha, rosa, ernesto, gabriela, oscar teamsfake.Person
	channels                                       map[string]string // ids, by stage
	chats                                          map[string]string // ids, by person
	passwords                                      []string          // all that were shown
}

type tenantConfig = graphfake.Config

type dialer = func(ctx context.Context, network, address string) (net.Conn, error)

// now is the time of the fakes.
func (o *office) now() time.Time {
	if o.clock == nil {
		return time.Now()
	}
	return o.clock()
}

// patience is the timeout of anything that a test waits for, on the busiest machine.
const patience = 2 * time.Minute

// openOffice opens an office. edit changes its tenant or its rules before the service starts.
func openOffice(t testing.TB, edit ...func(*office, *tenantConfig)) *office {
	t.Helper()
	o := raise(t, edit...)
	o.start()
	for _, p := range []teamsfake.Person{o.silvia, o.martha} {
		o.installs(p)
	}
	return o
}

// raise opens an office without starting the service.
func raise(t testing.TB, edit ...func(*office, *tenantConfig)) *office {
	t.Helper()
	o := &office{t: t, dir: t.TempDir(), log: &journal{}, chats: make(map[string]string)}
	tenant := graphfake.Config{
		TenantID: officeTenant, Now: o.now,
		Apps:    []graphfake.App{{ID: officeMaker, Secret: "maker-s3cret", Roles: graphfake.AltasRoles(), UserAdministrator: true}},
		Domains: []string{"seducoahuila.gob.mx", "docentecoahuila.gob.mx", "alumnocoahuila.gob.mx"},
		SKUs: []graphfake.SKU{
			{ID: studentLicence, PartNumber: "STANDARDWOFFPACK_STUDENT", Enabled: 500},
			{ID: facultyLicence, PartNumber: "STANDARDWOFFPACK_FACULTY", Enabled: 500},
		},
	}
	o.people()
	o.configure()
	for _, e := range edit {
		e(o, &tenant)
	}
	o.began = o.now()
	var err error
	if o.tenant, err = graphfake.New(tenant); err != nil {
		t.Fatal(err)
	}
	for _, p := range []teamsfake.Person{o.silvia, o.martha, o.rosa, o.ernesto, o.gabriela, o.oscar} {
		o.seeds(map[string]any{"id": p.ID, "userPrincipalName": p.UPN, "displayName": p.Name})
	}
	o.servesFakes()
	t.Cleanup(o.close)
	return o
}

// people adds the people to Teams: two requesters, the approvers and the administrator, and one
// without a role.
func (o *office) people() {
	o.teams = teamsfake.New(teamsfake.Config{AppID: officeBot, AppPassword: "bot-s3cret", TenantID: officeTenant, Now: o.now})
	for name, p := range map[string]*teamsfake.Person{
		"Silvia Treviño": &o.silvia, "Martha Peña": &o.martha, "Rosa Cárdenas": &o.rosa,
		"Ernesto Ramos": &o.ernesto, "Gabriela Luna": &o.gabriela, "Óscar Villarreal": &o.oscar,
	} {
		given, _, _ := strings.Cut(strings.ToLower(name), " ")
		*p = o.teams.AddPerson(teamsfake.Person{Name: name, UPN: strings.ReplaceAll(given, "ó", "o") + ".sedu@seducoahuila.gob.mx"})
	}
	team := o.teams.AddTeam("DGTI", "Dirección", "Subdirección", "Plataforma")
	o.teams.InstallSilently(team.ID)
	o.channels = map[string]string{
		"director": team.Channels["Dirección"], "subdirector": team.Channels["Subdirección"],
		"platform": team.Channels["Plataforma"], "other": team.Channels["General"],
	}
}

func (o *office) configure() {
	o.env = map[string]string{
		"ALTAS_CONFIG": filepath.Join(o.dir, "altas.yaml"), "ALTAS_LISTEN": "127.0.0.1:0",
		"STORE_PATH": filepath.Join(o.dir, "altas.db"), "RECEIPTS_DSN": "sqlite:" + filepath.Join(o.dir, "receipts.db"),
		"BOT_APP_ID": officeBot, "BOT_APP_PASSWORD": "bot-s3cret", "BOT_TENANT_ID": officeTenant,
		"AZURE_TENANT_ID": officeTenant, "AZURE_CLIENT_ID": officeMaker, "AZURE_CLIENT_SECRET": "maker-s3cret",
		"LOG_LEVEL": "debug",
	}
	o.rules(officeRules)
}

// officeRules is the office's altas.yaml; {rosa} is replaced by Rosa's object id, and {director} by
// the channel's.
const officeRules = `
types:
  docente: {domain: docentecoahuila.gob.mx, licences: [94763226-9b3c-4e75-a931-5c89701abe66], attributes: {department: "{cct}", officeLocation: "{centro}", jobTitle: Docente}}
  alumno: {domain: alumnocoahuila.gob.mx, licences: [314c4481-f395-4525-be8b-2ec4bb1e9d91], attributes: {department: "{cct}", minorConsent: Granted}}
  centro: {domain: seducoahuila.gob.mx, licences: [94763226-9b3c-4e75-a931-5c89701abe66], attributes: {department: "{cct}"}}
stages:
  - {name: director, channel: {channelId: "{director}"}, approvers: ["{rosa}"]}
  - {name: subdirector, channel: {channelId: "{subdirector}"}, approvers: ["{ernesto}"]}
platform: {channel: {channelId: "{platform}"}}
administrators: ["{gabriela}"]
`

// rules writes the YAML file.
func (o *office) rules(text string) {
	o.t.Helper()
	text = strings.NewReplacer(
		"{rosa}", o.rosa.ID, "{ernesto}", o.ernesto.ID, "{gabriela}", o.gabriela.ID, "{silvia}", o.silvia.ID,
		"{director}", o.channels["director"], "{subdirector}", o.channels["subdirector"], "{platform}", o.channels["platform"],
	).Replace(text)
	if err := os.WriteFile(o.env["ALTAS_CONFIG"], []byte(text), 0o600); err != nil {
		o.t.Fatal(err)
	}
}

// servesFakes serves the tenant, Teams, and Entra for both.
func (o *office) servesFakes() {
	if o.between == nil {
		o.between = func(h http.Handler) http.Handler { return h }
	}
	serve := func(s *httptest.Server) string {
		o.t.Cleanup(s.Close)
		return s.URL
	}
	entra := httptest.NewTLSServer(o.authority())
	o.root = entra.Certificate()
	o.urls.graph, o.urls.teams, o.urls.entra = serve(httptest.NewServer(o.between(o.tenant))), serve(httptest.NewServer(o.between(o.teams))), serve(entra)
	maps.Copy(o.env, map[string]string{
		"BOT_OPENID_METADATA_URL": o.urls.teams + "/v1/.well-known/openidconfiguration",
		"BOT_SERVICE_HOSTS":       strings.TrimPrefix(o.urls.teams, "http://"),
		"BOT_FILE_HOSTS":          strings.TrimPrefix(o.urls.teams, "http://"),
		"ENTRA_AUTHORITY_URL":     o.urls.entra, "GRAPH_URL": o.urls.graph + "/v1.0",
	})
}

// authority is the fake of Entra: each fake issues the tokens of its own scope, and that of Teams
// signs people in.
func (o *office) authority() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		form, _ := url.ParseQuery(string(body)) // an invalid form has no scope
		browser := strings.HasSuffix(r.URL.Path, "/authorize") || strings.HasSuffix(r.URL.Path, "/discovery/v2.0/keys") || strings.HasSuffix(r.URL.Path, "/.well-known/openid-configuration")
		if browser || strings.Contains(form.Get("scope"), "botframework") {
			o.teams.ServeHTTP(w, r)
			return
		}
		o.tenant.ServeHTTP(w, r)
	})
}

// start starts the service in this process.
func (o *office) start() {
	o.t.Helper()
	cfg, err := service.LoadConfig(func(name string) string { return o.env[name] })
	if err != nil {
		o.t.Fatal(err)
	}
	trusting := http.DefaultTransport.(*http.Transport).Clone()
	trusting.Proxy, trusting.TLSClientConfig = nil, &tls.Config{RootCAs: x509.NewCertPool(), MinVersion: tls.VersionTLS12}
	trusting.TLSClientConfig.RootCAs.AddCert(o.root)
	if o.dial != nil {
		trusting.DialContext = o.dial
	}
	cfg.Bot.HTTPClient, cfg.Graph.Transport = &http.Client{Transport: trusting}, trusting
	ahead := o.ahead
	cfg.Now = func() time.Time { return o.now().Add(ahead) }
	cfg.Bot.Now, cfg.Graph.Now = o.now, o.now
	cfg.Around(o.around)
	s, err := service.Open(cfg, service.NewLog(o.log, "debug", "json"))
	if err != nil {
		o.t.Fatal(err)
	}
	listener, err := net.Listen("tcp", cfg.Listen)
	if err != nil {
		o.t.Fatal(err)
	}
	o.address = listener.Addr().String()
	o.teams.Connect(o.urls.teams, "http://"+listener.Addr().String()+"/api/messages")
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- errors.Join(s.Serve(ctx, listener), s.Close()) }()
	o.stop = func() {
		o.t.Helper()
		cancel()
		trusting.CloseIdleConnections()
		if err := <-done; err != nil {
			o.t.Errorf("the service ended with: %v", err)
		}
		o.stop = nil
	}
}

// restart stops the service and starts it again on the same files.
func (o *office) restart() {
	o.t.Helper()
	o.stop()
	o.start()
}

// close stops the service and checks what it leaves.
func (o *office) close() {
	if o.stop != nil {
		o.stop()
	}
	for _, complaint := range o.teams.Complaints() {
		o.t.Errorf("Teams would have mangled something: %s", complaint)
	}
	o.checksStore()
	o.checksAudit()
	o.checksSecrets()
	if o.t.Failed() {
		o.t.Logf("the service's log:\n%s", o.log.tail(20_000))
	}
}

// certificate writes the fakes' certificate to a file for SSL_CERT_FILE.
func (o *office) certificate() string {
	o.t.Helper()
	path := filepath.Join(o.dir, "root.pem")
	content := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: o.root.Raw})
	if err := os.WriteFile(path, content, 0o600); err != nil {
		o.t.Fatal(err)
	}
	return path
}

// seeds adds an account to the tenant that existed before Altas.
func (o *office) seeds(properties map[string]any) {
	o.t.Helper()
	if _, err := o.tenant.Seed(properties); err != nil {
		o.t.Fatal(err)
	}
}

// eventually waits, by polling, until something outside Teams holds.
func (o *office) eventually(what string, holds func() bool) {
	o.t.Helper()
	o.eventuallyWithin(patience, what, holds)
}

func (o *office) eventuallyWithin(long time.Duration, what string, holds func() bool) {
	o.t.Helper()
	deadline, pause := time.After(long), time.Millisecond
	for !holds() {
		select {
		case <-time.After(pause):
			pause = min(2*pause, 50*time.Millisecond) // polling takes CPU time too
		case <-deadline:
			o.t.Fatalf("within %s not: %s", long, what)
		}
	}
}

// within is a context with the timeout patience.
func (o *office) within() context.Context {
	ctx, cancel := context.WithTimeout(o.t.Context(), patience)
	o.t.Cleanup(cancel)
	return ctx
}

// journal is a log that is written and read concurrently.
type journal struct {
	mu    sync.Mutex
	buf   bytes.Buffer
	grown chan struct{} // closed at the next line
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.grown != nil {
		close(j.grown)
		j.grown = nil
	}
	return j.buf.Write(p)
}

// says waits until the log contains the words.
func (j *journal) says(ctx context.Context, words string) error {
	for {
		j.mu.Lock()
		if strings.Contains(j.buf.String(), words) {
			j.mu.Unlock()
			return nil
		}
		if j.grown == nil {
			j.grown = make(chan struct{})
		}
		grown := j.grown
		j.mu.Unlock()
		select {
		case <-ctx.Done():
			return fmt.Errorf("the log does not say %q: %w", words, ctx.Err())
		case <-grown:
		}
	}
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.buf.String()
}

func (j *journal) tail(n int) string {
	all := j.String()
	return all[max(0, len(all)-n):]
}

// withRules replaces one part of the office's rules, which must exist.
func withRules(old, instead string) func(*office, *tenantConfig) {
	return func(o *office, _ *tenantConfig) {
		o.t.Helper()
		if !strings.Contains(officeRules, old) {
			o.t.Fatalf("the rules have no %s", old)
		}
		o.rules(strings.Replace(officeRules, old, instead, 1))
	}
}
