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
	"seducoahuila.gob.mx/altas/provisioning/job"
)

const (
	tenantID = "11111111-1111-4111-8111-111111111111"
	clientID = "22222222-2222-4222-8222-222222222222"
	student  = "314c4481-f395-4525-be8b-2ec4bb1e9d91"
	groupID  = "33333333-3333-4333-8333-333333333333"
	domain   = "docentecoahuila.gob.mx"
)

// office is the tenant on loopback and a client of it.
type office struct {
	*graph.Client
	t      testing.TB
	tenant *graphfake.Tenant
	server *httptest.Server

	config    graph.Config // the client's
	address   string
	transport http.RoundTripper
}

type setting struct {
	near   bool                 // no network between the two
	meddle func(*http.Response) // what stands between them does it to answers
	tenant graphfake.Config
	client graph.Config
}

func open(t testing.TB, edit func(*setting)) *office {
	t.Helper()
	s := setting{tenant: graphfake.Config{
		TenantID: tenantID,
		Apps:     []graphfake.App{{ID: clientID, Secret: "s3cret", Roles: graphfake.AltasRoles(), UserAdministrator: true}},
		Domains:  []string{domain, "seducoahuila.gob.mx"},
		SKUs:     []graphfake.SKU{{ID: student, PartNumber: "STANDARDWOFFPACK_STUDENT", Enabled: 100}},
		Groups:   []graphfake.Group{{ID: groupID, Name: "Docentes"}},
	}}
	s.client = graph.Config{TenantID: tenantID, ClientID: clientID, ClientSecret: "s3cret",
		// Ten times as fast: pauses between tries are no part of the stories.
		After: func(d time.Duration) <-chan time.Time { return time.After(d / 10) }}
	if edit != nil {
		edit(&s)
	}
	tenant, err := graphfake.New(s.tenant)
	if err != nil {
		t.Fatal(err)
	}
	o := &office{t: t, tenant: tenant}
	o.serve(&s)
	o.config = s.client
	if o.Client, err = graph.New(o.config); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = o.Close() })
	return o
}

// reopen is a new process: what the client before it knew is gone.
func (o *office) reopen() {
	o.t.Helper()
	_ = o.Close()
	var err error
	if o.Client, err = graph.New(o.config); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) serve(s *setting) {
	if s.near {
		o.address, o.transport = "https://tenant.test", near{o.tenant}
	} else {
		o.server = httptest.NewTLSServer(o.tenant)
		o.t.Cleanup(o.server.Close)
		transport := o.server.Client().Transport.(*http.Transport)
		transport.MaxIdleConnsPerHost = 32
		o.address, o.transport = o.server.URL, transport
	}
	if s.meddle != nil {
		o.transport = meddler{o.transport, s.meddle}
	}
	s.client.URL, s.client.Authority, s.client.Transport = o.address+"/v1.0", o.address, o.transport
}

// meddler stands between the client and the tenant, and changes its answers.
type meddler struct {
	http.RoundTripper
	meddle func(*http.Response)
}

func (m meddler) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := m.RoundTripper.RoundTrip(r)
	if err == nil {
		response.Request = r
		m.meddle(response)
	}
	return response, err
}

func password(t testing.TB) provisioning.Password {
	t.Helper()
	p, err := provisioning.NewPassword(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func teacher(t testing.TB, n int) provisioning.NewUser {
	t.Helper()
	return provisioning.NewUser{
		Stamp:   provisioning.NewStamp("2026-000123", n),
		Address: provisioning.Address(fmt.Sprintf("ana.ruiz%d@%s", n, domain)), DisplayName: fmt.Sprintf("Ana Ruíz O'Hara %d", n),
		GivenName: "Ana", Surname: "Ruíz O'Hara", Department: "05EPR0093X", OfficeLocation: "Escuela Benito Juárez",
		CompanyName: "SEDU", JobTitle: "Docente", PreferredLanguage: "es-MX", UsageLocation: "MX", Password: password(t),
	}
}

func (o *office) create(n int) provisioning.Entry {
	o.t.Helper()
	e, err := o.Create(o.t.Context(), teacher(o.t, n))
	if err != nil {
		o.t.Fatalf("create %d: %v", n, err)
	}
	return e
}

func wantReason(t testing.TB, what string, err error, reason string, permanent bool) {
	t.Helper()
	if err == nil || provisioning.ReasonOf(err) != reason || job.IsPermanent(err) != permanent {
		t.Errorf("%s: %v (permanent %v), want reason %s, permanent %v", what, err, job.IsPermanent(err), reason, permanent)
	}
}

func within(t testing.TB, d time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}
