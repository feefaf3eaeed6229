package graph_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/graph"
	"seducoahuila.gob.mx/altas/provisioning/graph/graphfake"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/problem"
	"seducoahuila.gob.mx/altas/provisioning/secret"
)

const (
	tenantID = "11111111-1111-4111-8111-111111111111"
	clientID = "22222222-2222-4222-8222-222222222222"
	student  = "314c4481-f395-4525-be8b-2ec4bb1e9d91"
	groupID  = "33333333-3333-4333-8333-333333333333"
	domain   = "docentecoahuila.gob.mx"
)

// fixture is a fake tenant and a client of it.
type fixture struct {
	*graph.Client
	t      testing.TB
	tenant *graphfake.Tenant
	server *httptest.Server

	config    graph.Config // the client's
	address   string
	transport http.RoundTripper
}

type setting struct {
	inProcess    bool                 // without a network
	editResponse func(*http.Response) // edits the tenant's HTTP responses
	tenant       graphfake.Config
	client       graph.Config
}

func open(t testing.TB, edit func(*setting)) *fixture {
	t.Helper()
	s := setting{tenant: graphfake.Config{
		TenantID: tenantID,
		Apps:     []graphfake.App{{ID: clientID, Secret: "s3cret", Roles: graphfake.AltasRoles(), UserAdministrator: true}},
		Domains:  []string{domain, "seducoahuila.gob.mx"},
		SKUs:     []graphfake.SKU{{ID: student, PartNumber: "STANDARDWOFFPACK_STUDENT", Enabled: 100}},
		Groups:   []graphfake.Group{{ID: groupID, Name: "Docentes"}},
	}}
	s.client = graph.Config{TenantID: tenantID, ClientID: clientID, ClientSecret: "s3cret",
		// Pauses are ten times shorter, except the wait for the recycle bin: on a busy machine reading it takes seconds.
		After:         func(d time.Duration) <-chan time.Time { return time.After(d / 10) },
		DeletedWithin: 10 * time.Minute}
	if edit != nil {
		edit(&s)
	}
	tenant, err := graphfake.New(s.tenant)
	if err != nil {
		t.Fatal(err)
	}
	f := &fixture{t: t, tenant: tenant}
	f.serve(&s)
	f.config = s.client
	if f.Client, err = graph.New(f.config); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

// reopen replaces the client by a new one, as after a restart.
func (f *fixture) reopen() {
	f.t.Helper()
	_ = f.Close()
	var err error
	if f.Client, err = graph.New(f.config); err != nil {
		f.t.Fatal(err)
	}
}

func (f *fixture) serve(s *setting) {
	if s.inProcess {
		f.address, f.transport = "https://tenant.test", inProcessTransport{f.tenant}
	} else {
		f.server = httptest.NewTLSServer(f.tenant)
		f.t.Cleanup(f.server.Close)
		transport := f.server.Client().Transport.(*http.Transport)
		transport.MaxIdleConnsPerHost = 32
		f.address, f.transport = f.server.URL, transport
	}
	if s.editResponse != nil {
		f.transport = responseEditor{f.transport, s.editResponse}
	}
	s.client.URL, s.client.Authority, s.client.Transport = f.address+"/v1.0", f.address, f.transport
}

// responseEditor edits the tenant's responses.
type responseEditor struct {
	http.RoundTripper
	editResponse func(*http.Response)
}

func (m responseEditor) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := m.RoundTripper.RoundTrip(r)
	if err == nil {
		response.Request = r
		m.editResponse(response)
	}
	return response, err
}

func password(t testing.TB) secret.Password {
	t.Helper()
	p, err := secret.NewPassword(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func teacher(t testing.TB, n int) provisioning.NewUser {
	t.Helper()
	return provisioning.NewUser{
		Stamp:   provisioning.NewStamp("2026-000123", n),
		Address: identity.Address(fmt.Sprintf("ana.ruiz%d@%s", n, domain)), DisplayName: fmt.Sprintf("Ana Ruíz O'Hara %d", n),
		GivenName: "Ana", Surname: "Ruíz O'Hara", Department: "05EPR0093X", OfficeLocation: "Escuela Benito Juárez",
		CompanyName: "SEDU", JobTitle: "Docente", PreferredLanguage: "es-MX", UsageLocation: "MX", Password: password(t),
	}
}

func (f *fixture) create(n int) provisioning.Entry {
	f.t.Helper()
	e, err := f.Create(f.t.Context(), teacher(f.t, n))
	if err != nil {
		f.t.Fatalf("create %d: %v", n, err)
	}
	return e
}

func wantReason(t testing.TB, what string, err error, reason string, permanent bool) {
	t.Helper()
	if err == nil || problem.ReasonOf(err) != reason || job.IsPermanent(err) != permanent {
		t.Errorf("%s: %v (permanent %v), want reason %s, permanent %v", what, err, job.IsPermanent(err), reason, permanent)
	}
}

func within(t testing.TB, d time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}
