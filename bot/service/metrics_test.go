package service_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"seducoahuila.gob.mx/altas/bot/service"
	"seducoahuila.gob.mx/altas/store/receipts"
)

// listens returns the address of the running service.
func (o *office) listens() string {
	o.t.Helper()
	if o.address != "" {
		return o.address
	}
	told := regexp.MustCompile(`"altas serves".*"listen":"([^"]+)"`).FindAllStringSubmatch(o.log.String(), -1)
	if len(told) == 0 {
		o.t.Fatal("the log does not tell where the service listens")
	}
	return told[len(told)-1][1]
}

// metrics requests the running service's metrics, and returns the status too.
func (o *office) metrics(edit func(*http.Request)) (int, string) {
	o.t.Helper()
	r, err := http.NewRequestWithContext(o.within(), http.MethodGet, "http://"+o.listens()+"/metrics", nil)
	if err != nil {
		o.t.Fatal(err)
	}
	if edit != nil {
		edit(r)
	}
	response, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		o.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		o.t.Fatal(err)
	}
	return response.StatusCode, string(body)
}

// The receipts database is unavailable when the service starts. Accounts are created nevertheless,
// and the metrics show the queued row.
func TestWhatIsOwedIsSeenByWhoeverWatches(t *testing.T) {
	t.Parallel()
	o := raise(t)
	blocked := filepath.Join(t.TempDir(), "receipts") // a file in the folder's place
	if err := os.WriteFile(blocked, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	o.env["RECEIPTS_DSN"] = "sqlite:" + filepath.Join(blocked, "receipts.db")
	o.start()
	o.installs(o.silvia)
	o.authorises(o.sends(o.silvia, lucia))
	o.announced(o.silvia, luciaMail)
	o.eventually("the owed row shows", func() bool {
		_, text := o.metrics(nil)
		return strings.Contains(text, `altas_jobs_owed{kind="receipt"} 1`) && strings.Contains(text, `altas_jobs_failing{kind="receipt"} 1`)
	})
	if !strings.Contains(o.log.String(), "receipts database unavailable") {
		t.Error("the log does not say that the database is away")
	}
	if err := os.Remove(blocked); err != nil {
		t.Fatal(err)
	}
	o.eventually("the row is written", func() bool {
		_, text := o.metrics(nil)
		return strings.Contains(text, `altas_jobs_owed{kind="receipt"} 0`) && strings.Contains(text, `altas_jobs_oldest_seconds{kind="receipt"} 0`)
	})
	if status, text := o.metrics(nil); status != http.StatusOK || strings.Contains(text, "lucia") || strings.Contains(text, "Lucía") {
		t.Errorf("metrics answer %d and tell of people:\n%s", status, text)
	}
	o.stop()
	o.oneEach()
}

// A request for the metrics from elsewhere, through a proxy or by another host name, gets 404.
func TestMetricsAreOfThisMachineAlone(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	for name, edit := range map[string]func(*http.Request){
		"through a proxy":       func(r *http.Request) { r.Header.Set("X-Forwarded-For", "203.0.113.9") },
		"through another proxy": func(r *http.Request) { r.Header.Set("Forwarded", "for=203.0.113.9") },
		"through IIS":           func(r *http.Request) { r.Header.Set("X-Original-For", "203.0.113.9:4711") },
		"by a name of theirs":   func(r *http.Request) { r.Host = "rebound.example" },
	} {
		if status, text := o.metrics(edit); status != http.StatusNotFound || strings.Contains(text, "altas_") {
			t.Errorf("%s: %d %s", name, status, text)
		}
	}
	if status := o.asNginx("/metrics"); status != http.StatusNotFound {
		t.Errorf("through nginx as it comes: %d", status)
	}
}

// asNginx sends a request as nginx does with proxy_pass and no other directive.
func (o *office) asNginx(path string) (status int) {
	o.t.Helper()
	conn, err := net.Dial("tcp", o.listens()) //nolint:noctx // to this machine
	if err != nil {
		o.t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "GET %s HTTP/1.0\r\nHost: %s\r\nConnection: close\r\n\r\n", path, o.listens())
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		o.t.Fatal(err)
	}
	return answer.StatusCode
}

// The YAML file maps a table that does not fit: the service does not start, and reports every
// fault.
func TestAMappedTableThatDoesNotFitEndsTheStart(t *testing.T) {
	t.Parallel()
	o := raise(t, func(o *office, _ *tenantConfig) {
		o.rules(officeRules + "receipts: {table: {table: receipts, columns: {stamp: stamp, address: CORREO, type: type, curp: CLAVE, cct: cct}}}\n")
	})
	db, err := receipts.Open(receipts.Config{DSN: o.env["RECEIPTS_DSN"]})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	cfg, err := service.LoadConfig(func(name string) string { return o.env[name] })
	if err != nil {
		t.Fatal(err)
	}
	err = service.Run(o.within(), cfg, service.NewLog(o.log, "debug", "json"))
	for _, fault := range []string{"CORREO", "CLAVE", "must be filled"} {
		if err == nil || !strings.Contains(err.Error(), fault) {
			t.Errorf("Run = %v, want a word on %s", err, fault)
		}
	}
	o.start() // it serves; rows stay in the queue
}
