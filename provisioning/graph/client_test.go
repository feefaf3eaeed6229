package graph_test

import (
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/graph"
	"seducoahuila.gob.mx/altas/provisioning/graph/graphfake"
)

func TestNewNamesEveryFault(t *testing.T) {
	t.Parallel()
	_, err := graph.New(graph.Config{URL: "http://graph.example/v1.0", Authority: "ftp://x", StampProperty: "curp"})
	for _, want := range []string{"GRAPH_URL", "ENTRA_AUTHORITY_URL", "AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET", "curp"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not name %s", err, want)
		}
	}
}

func TestAWrongSecretIsUnavailableAndNotInTheError(t *testing.T) {
	t.Parallel()
	f := open(t, func(s *setting) { s.client.ClientSecret = "expired-secret-value" })
	_, err := f.Create(t.Context(), teacher(t, 1))
	wantReason(t, "create", err, provisioning.DirectoryUnavailable, false)
	if strings.Contains(err.Error(), "expired-secret-value") || !strings.Contains(err.Error(), "AADSTS7000215") {
		t.Errorf("the error is %v", err)
	}
}

// Concurrent lines share batches; an invalid one does not affect the others.
func TestLinesShareBatches(t *testing.T) {
	t.Parallel()
	f := open(t, func(s *setting) { s.tenant.Latency = graphfake.Latency{Mean: 20 * time.Millisecond} })
	const lines = 100
	var group sync.WaitGroup
	for n := 1; n <= lines; n++ {
		group.Go(func() {
			u := teacher(t, n)
			if n%10 == 0 {
				u.Department = strings.Repeat("x", 65)
			}
			e, err := f.Create(t.Context(), u)
			if n%10 == 0 {
				wantReason(t, "bad line", err, provisioning.DirectoryRefused, true)
				return
			}
			if err != nil || e.Address != u.Address || e.ID == "" {
				t.Errorf("line %d: %+v, %v", n, e, err)
			}
		})
	}
	group.Wait()
	if got := len(f.tenant.Users()); got != lines*9/10 {
		t.Errorf("%d users", got)
	}
	if trips := f.tenant.Tally().RoundTrips; trips > 12 {
		t.Errorf("%d round trips for %d calls", trips, lines)
	}
}

// Plain http is allowed on loopback, for the sandbox.
func TestPlainLoopback(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	plain := httptest.NewServer(f.tenant)
	defer plain.Close()
	c, err := graph.New(graph.Config{URL: plain.URL + "/v1.0", Authority: plain.URL, TenantID: tenantID, ClientID: clientID, ClientSecret: "s3cret"})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := c.Create(t.Context(), teacher(t, 1)); err != nil {
		t.Error(err)
	}
}

func TestCallsAfterCloseReturn(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	_ = f.Close()
	_, err := f.Licences(within(t, 30*time.Second))
	wantReason(t, "closed", err, provisioning.DirectoryUnavailable, false)
}
