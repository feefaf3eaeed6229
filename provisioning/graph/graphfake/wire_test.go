package graphfake_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"strings"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning/graph/graphfake"
)

func TestGzippedBody(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = z.Write([]byte(userBody("ana.ruiz", "")))
	_ = z.Close()
	want(t, "gzip", f.do("POST", "/users", packed.String(), "Content-Encoding", "gzip"), 201, "")
	want(t, "plain marked gzip", f.do("POST", "/users", userBody("otra", ""), "Content-Encoding", "gzip"), 400, "Request_BadRequest")
}

func TestBatch(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	id := f.create("a")
	r := f.do("POST", "/$batch", `{"requests":[
		{"id":"1","method":"GET","url":"/users/`+id+`"},
		{"id":"2","method":"POST","url":"/users","headers":{"Content-Type":"application/json"},"body":`+userBody("a", "")+`},
		{"id":"3","method":"GET","url":"/users/`+id+`","dependsOn":["2"]},
		{"id":"4","method":"DELETE","url":"/users/`+id+`"}]}`)
	got := map[string]float64{}
	for _, item := range r.body["responses"].([]any) {
		object := item.(map[string]any)
		got[object["id"].(string)] = object["status"].(float64)
	}
	for id, status := range map[string]float64{"1": 200, "2": 400, "3": 424, "4": 204} {
		if got[id] != status {
			t.Errorf("item %s answered %v, want %v", id, got[id], status)
		}
	}
	refused := map[string]string{
		"same id":         `{"id":"1","method":"GET","url":"/users"},{"id":"1","method":"GET","url":"/users"}`,
		"absolute":        `{"id":"1","method":"GET","url":"https://graph.microsoft.com/v1.0/users"}`,
		"no content type": `{"id":"1","method":"POST","url":"/users","body":{}}`,
		"too many":        strings.TrimSuffix(strings.Repeat(`{"id":"1","method":"GET","url":"/users"},`, 21), ","),
	}
	for name, items := range refused {
		want(t, name, f.do("POST", "/$batch", `{"requests":[`+items+`]}`), 400, "BadRequest")
	}
}

func TestThrottle(t *testing.T) {
	t.Parallel()
	clock := time.Date(2026, 8, 24, 8, 0, 0, 0, time.UTC)
	f := open(t, func(c *graphfake.Config) {
		c.Now = func() time.Time { return clock }
		c.Throttle = graphfake.Throttle{Writes: 5, WriteWindow: 150 * time.Second, Units: 1000, UnitWindow: 10 * time.Second}
	})
	for i := range 5 {
		f.create(fmt.Sprintf("p%d", i))
	}
	clock = clock.Add(30 * time.Second)
	r := f.do("POST", "/users", userBody("late", ""))
	want(t, "sixth write", r, 429, "TooManyRequests")
	if r.header.Get("Retry-After") != "120" {
		t.Errorf("Retry-After = %q, want 120", r.header.Get("Retry-After"))
	}
	clock = clock.Add(time.Second)
	f.do("GET", "/users", "")
	if got := f.tenant.Tally().Intruders; got != 1 {
		t.Errorf("requests during Retry-After = %d, want 1", got)
	}
	clock = clock.Add(119 * time.Second)
	want(t, "after the wait", f.do("POST", "/users", userBody("late", "")), 201, "")
	if got := f.tenant.Tally(); got.Intruders != 1 || got.Throttled != 1 {
		t.Errorf("tally = %+v", got)
	}
}

func TestReplicationLag(t *testing.T) {
	t.Parallel()
	clock := time.Date(2026, 8, 24, 8, 0, 0, 0, time.UTC)
	f := open(t, func(c *graphfake.Config) {
		c.Now = func() time.Time { return clock }
		c.Lag, c.Replicas = time.Minute, 1
	})
	id := f.create("ana.ruiz")
	want(t, "not replicated yet", f.do("GET", "/users/"+id, ""), 404, "Request_ResourceNotFound")
	join := `{"@odata.id":"https://graph.microsoft.com/v1.0/directoryObjects/` + id + `"}`
	want(t, "group, not replicated yet", f.do("POST", "/groups/"+groupID+"/members/$ref", join), 400, "Request_BadRequest")
	want(t, "address taken before replication", f.do("POST", "/users", userBody("ana.ruiz", "")), 400, "Request_BadRequest")
	clock = clock.Add(time.Minute)
	want(t, "a minute later", f.do("GET", "/users/"+id, ""), 200, "")
	want(t, "change", f.do("PATCH", "/users/"+id, `{"displayName":"Ana Ruiz"}`), 204, "")
	if got := f.do("GET", "/users/"+id, "").body["displayName"]; got != "ana.ruiz" {
		t.Errorf("replicated too early: %v", got)
	}
}

func TestFaultsBeforeAndAfterTheEffect(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	f.tenant.Fail(graphfake.Fault{Op: "users.create", Status: 503})
	want(t, "before", f.do("POST", "/users", userBody("a", "")), 503, "serviceNotAvailable")
	f.tenant.Fail(graphfake.Fault{Op: "users.create", Break: graphfake.BreakReset, After: true})
	if r := f.do("POST", "/users", userBody("b", "")); r.status != 0 {
		t.Errorf("reset answered %d", r.status)
	}
	f.tenant.Fail(graphfake.Fault{Op: "users.create", Break: graphfake.BreakHTML, Status: 502})
	if r := f.do("POST", "/users", userBody("c", "")); r.status != 502 || r.body != nil {
		t.Errorf("html: %v", r)
	}
	users := f.tenant.Users()
	if len(users) != 1 || users[0].DisplayName != "b" {
		t.Errorf("users = %v", users)
	}
}
