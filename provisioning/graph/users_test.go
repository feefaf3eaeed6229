package graph_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/graph"
	"seducoahuila.gob.mx/altas/provisioning/graph/graphfake"
)

// populate seeds n users into the tenant.
func (o *office) populate(n int) {
	o.t.Helper()
	for i := range n {
		_, err := o.tenant.Seed(map[string]any{
			"userPrincipalName": fmt.Sprintf("p%d@%s", i, domain), "displayName": fmt.Sprint("P ", i),
			"employeeId": string(provisioning.NewStamp("2026-000001", 1+i)), "accountEnabled": i%2 == 0,
			"proxyAddresses": []any{fmt.Sprintf("SMTP:p%d@%s", i, domain), fmt.Sprintf("smtp:old%d@%s", i, domain)},
		})
		if err != nil {
			o.t.Fatal(err)
		}
	}
}

// census reads all users and fails unless each of n came exactly once, whole.
func census(t *testing.T, c *graph.Client, n int) {
	t.Helper()
	seen := map[provisioning.Address]bool{}
	for e, err := range c.Users(t.Context()) {
		if err != nil {
			t.Fatalf("after %d users: %v", len(seen), err)
		}
		i := len(seen)
		if _, err := fmt.Sscanf(string(e.Address), "p%d@", &i); err != nil || seen[e.Address] {
			t.Fatalf("%s came twice, or is nobody's", e.Address)
		}
		seen[e.Address] = true
		old := provisioning.Address(fmt.Sprintf("old%d@%s", i, domain))
		if e.Stamp != provisioning.NewStamp("2026-000001", 1+i) || e.Enabled != (i%2 == 0) || !e.Has(old) || e.ID == "" {
			t.Fatalf("user %d = %+v", i, e)
		}
	}
	if len(seen) != n {
		t.Errorf("%d users, want %d", len(seen), n)
	}
}

func TestUsersReadsEveryPage(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 999, 2500} {
		o := open(t, nil)
		o.populate(n)
		census(t, o.Client, n)
	}
}

// A page that is throttled, or lost, is asked for again; those before it are not.
func TestUsersOutlastsThrottlesAndHiccups(t *testing.T) {
	t.Parallel()
	o := open(t, nil)
	o.populate(2500)
	o.tenant.Fail(graphfake.Fault{Op: "users.list", Skip: 1, Status: http.StatusTooManyRequests, RetryAfter: time.Second})
	o.tenant.Fail(graphfake.Fault{Op: "users.list", Times: 4, Status: http.StatusServiceUnavailable})
	o.tenant.Fail(graphfake.Fault{Op: "batch", Break: graphfake.BreakReset})
	census(t, o.Client, 2500)
}

func TestUsersEndsAtARefusal(t *testing.T) {
	t.Parallel()
	o := open(t, nil)
	o.populate(1200)
	o.tenant.Fail(graphfake.Fault{Op: "users.list", Skip: 1, Status: http.StatusForbidden, Code: "Authorization_RequestDenied"})
	n, failed := 0, error(nil)
	for _, err := range o.Users(t.Context()) {
		if err != nil {
			failed = err
			continue
		}
		n++
	}
	if provisioning.ReasonOf(failed) != provisioning.DirectoryNoPermission || n != 999 {
		t.Errorf("%d users, then %v", n, failed)
	}
}

// misleading rewrites next links to a host that must never see a token.
type misleading struct {
	http.RoundTripper
	mu    sync.Mutex
	hosts map[string]bool
}

func (m *misleading) RoundTrip(r *http.Request) (*http.Response, error) {
	m.mu.Lock()
	m.hosts[r.URL.Host] = true
	m.mu.Unlock()
	response, err := m.RoundTripper.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(response.Body)
	_ = response.Body.Close()
	here := "https://" + r.URL.Host
	body = bytes.ReplaceAll(body, []byte(`nextLink":"`+here), []byte(`nextLink":"https://evil.example`))
	response.Body, response.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	response.Header.Del("Content-Length")
	return response, err
}

// Somebody between us and Graph points the next page at a host of theirs: the
// token goes nowhere but to Graph.
func TestUsersFollowsNoLinkToAnotherHost(t *testing.T) {
	t.Parallel()
	o := open(t, nil)
	o.populate(1200)
	m := &misleading{RoundTripper: o.transport, hosts: map[string]bool{}}
	c, err := graph.New(graph.Config{URL: o.address + "/v1.0", Authority: o.address, TenantID: tenantID, ClientID: clientID,
		ClientSecret: "s3cret", Transport: m})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	census(t, c, 1200)
	if len(m.hosts) != 1 || !m.hosts[strings.TrimPrefix(o.address, "https://")] {
		t.Errorf("asked %v", m.hosts)
	}
}

// Nobody wants more: no further page is asked for.
func TestUsersStopsWhenItsReaderDoes(t *testing.T) {
	t.Parallel()
	o := open(t, nil)
	o.populate(2500)
	before := o.tenant.Tally().RoundTrips
	for range o.Users(t.Context()) {
		break
	}
	if got := o.tenant.Tally().RoundTrips - before; got > 2 {
		t.Errorf("%d round trips for one user", got)
	}
}
