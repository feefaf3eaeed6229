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
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// seedUsers adds n users to the tenant.
func (f *fixture) seedUsers(n int) {
	f.t.Helper()
	for i := range n {
		_, err := f.tenant.Seed(map[string]any{
			"userPrincipalName": fmt.Sprintf("p%d@%s", i, domain), "displayName": fmt.Sprint("P ", i),
			"employeeId": string(provisioning.NewStamp("2026-000001", 1+i)), "accountEnabled": i%2 == 0,
			"proxyAddresses": []any{fmt.Sprintf("SMTP:p%d@%s", i, domain), fmt.Sprintf("smtp:old%d@%s", i, domain)},
		})
		if err != nil {
			f.t.Fatal(err)
		}
	}
}

// checkUsers reads all users and checks that each of n is returned exactly once.
func checkUsers(t *testing.T, c *graph.Client, n int) {
	t.Helper()
	seen := map[identity.Address]bool{}
	for e, err := range c.Users(t.Context()) {
		if err != nil {
			t.Fatalf("after %d users: %v", len(seen), err)
		}
		i := len(seen)
		if _, err := fmt.Sscanf(string(e.Address), "p%d@", &i); err != nil || seen[e.Address] {
			t.Fatalf("%s was returned twice, or is unknown", e.Address)
		}
		seen[e.Address] = true
		old := identity.Address(fmt.Sprintf("old%d@%s", i, domain))
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
		f := open(t, nil)
		f.seedUsers(n)
		checkUsers(t, f.Client, n)
	}
}

// Only a page that is throttled or lost is requested again.
func TestUsersRetriesAPage(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	f.seedUsers(2500)
	f.tenant.Fail(graphfake.Fault{Op: "users.list", Skip: 1, Status: http.StatusTooManyRequests, RetryAfter: time.Second})
	f.tenant.Fail(graphfake.Fault{Op: "users.list", Times: 4, Status: http.StatusServiceUnavailable})
	f.tenant.Fail(graphfake.Fault{Op: "batch", Break: graphfake.BreakReset})
	checkUsers(t, f.Client, 2500)
}

func TestUsersEndsAtARefusal(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	f.seedUsers(1200)
	f.tenant.Fail(graphfake.Fault{Op: "users.list", Skip: 1, Status: http.StatusForbidden, Code: "Authorization_RequestDenied"})
	n, failed := 0, error(nil)
	for _, err := range f.Users(t.Context()) {
		if err != nil {
			failed = err
			continue
		}
		n++
	}
	if problem.ReasonOf(failed) != provisioning.DirectoryNoPermission || n != 999 {
		t.Errorf("%d users, then %v", n, failed)
	}
}

// linkRewriter rewrites next links to another host.
type linkRewriter struct {
	http.RoundTripper
	mu    sync.Mutex
	hosts map[string]bool
}

func (m *linkRewriter) RoundTrip(r *http.Request) (*http.Response, error) {
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

// A next link to another host is not followed: the token is sent to Graph only.
func TestUsersFollowsNoLinkToAnotherHost(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	f.seedUsers(1200)
	m := &linkRewriter{RoundTripper: f.transport, hosts: map[string]bool{}}
	c, err := graph.New(graph.Config{URL: f.address + "/v1.0", Authority: f.address, TenantID: tenantID, ClientID: clientID,
		ClientSecret: "s3cret", Transport: m})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	checkUsers(t, c, 1200)
	if len(m.hosts) != 1 || !m.hosts[strings.TrimPrefix(f.address, "https://")] {
		t.Errorf("requests to %v", m.hosts)
	}
}

// After the loop ends no further page is requested.
func TestUsersStopsWithTheLoop(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	f.seedUsers(2500)
	before := f.tenant.Tally().RoundTrips
	for range f.Users(t.Context()) {
		break
	}
	if got := f.tenant.Tally().RoundTrips - before; got > 2 {
		t.Errorf("%d round trips for one user", got)
	}
}
