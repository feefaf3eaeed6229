package service_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
)

const (
	unauthenticatedConns  = 4000
	connsEach             = 3 // how often each is opened again after it was closed
	unauthenticatedMemory = 150 << 20
)

// With four thousand unauthenticated connections — half a body with no token, an invalid one or a
// forged one, or endless headers — the process stays small, and authenticated requests are answered
// at once, on new connections too.
func TestStrangersCostLittle(t *testing.T) { // by itself: it measures
	if racing {
		t.Skip("the race detector has its own measure of memory")
	}
	o := raise(t)
	c := o.startChild()
	o.installs(o.silvia)
	form := o.begins(o.silvia, "solicitar")
	var latencies []time.Duration
	typed := teamsfake.Inputs{"type": "docente", "medium": "oficio", "oficio": "SEDU/SRS/045/2026", "area": "Servicios Regionales", "phone": "844 411 8800"}
	click := func() { // on a new connection
		t.Helper()
		http.DefaultTransport.(*http.Transport).CloseIdleConnections()
		turn := o.presses(o.silvia, form, "request.next", typed)
		latencies = append(latencies, turn.Took)
		if turn.Card == nil {
			t.Fatalf("no card but %q", turn.Text)
		}
		form = o.shows(o.silvia, turn.Card, "request.back", nil)
	}
	for range 9 {
		click()
	}
	normal, idle := median(latencies), c.memory("VmRSS")
	latencies = nil
	openings := o.unauthenticatedRequests()
	var group sync.WaitGroup
	var closed atomic.Int64
	starting, over := make(chan struct{}, 32), make(chan struct{}) // leaves CPU time to other processes
	for i := range unauthenticatedConns {
		group.Go(func() {
			for range connsEach {
				if !holdConnection(t.Context(), c.address, openings[i%len(openings)](i), starting, over) {
					return
				}
				closed.Add(1)
			}
		})
	}
	for closed.Load() < unauthenticatedConns || len(latencies) < 20 {
		click()
	}
	close(over)
	group.Wait()
	most := c.memory("VmHWM")
	t.Logf("%d clicks took %v in the middle and %v at most, %v before; %d MB before, %d MB at most; %d connections were closed",
		len(latencies), median(latencies), slices.Max(latencies), normal, idle>>20, most>>20, closed.Load())
	if most > unauthenticatedMemory {
		t.Errorf("the process took %d MB, want at most %d", most>>20, unauthenticatedMemory>>20)
	}
	if limit := time.Second + 10*normal; median(latencies) > limit { // on a busy machine everything takes longer
		t.Errorf("a click took %v in the middle, want at most %v", median(latencies), limit)
	}
}

func median(all []time.Duration) time.Duration {
	sorted := slices.Sorted(slices.Values(all))
	return sorted[len(sorted)/2]
}

// A stop does not wait for unauthenticated connections.
func TestStopDoesNotWaitForStrangers(t *testing.T) {
	t.Parallel()
	o := raise(t)
	c := o.startChild()
	openings := o.unauthenticatedRequests()
	for i := range 8 * len(openings) {
		conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", c.address)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		opening := openings[i%len(openings)](i)
		if _, err := io.WriteString(conn, opening[:len(opening)/8]); err != nil {
			t.Fatal(err)
		}
	}
	o.stop() // fails if requests in progress were cut off
}

// unauthenticatedRequests are the requests of unauthenticated connections, by the connection's
// index.
func (o *office) unauthenticatedRequests() []func(i int) string {
	const half = 128 << 10
	body := strings.Repeat("x", half)
	post := func(headers string) string {
		return "POST /api/messages HTTP/1.1\r\nHost: altas\r\nContent-Type: application/json\r\n" + headers + "\r\n\r\n" + body
	}
	const length = "Content-Length: 262144"
	forged := o.teams.Token(teamsfake.TokenSpec{Sign: teamsfake.StolenKeyID})
	foreign := o.teams.Token(teamsfake.TokenSpec{Claims: map[string]any{"aud": "44444444-4444-4444-8444-444444444444"}})
	unknown := make([]string, 50)
	for i := range unknown {
		unknown[i] = o.teams.Token(teamsfake.TokenSpec{Sign: teamsfake.UnpublishedKey, Header: map[string]any{"kid": fmt.Sprint("invented-", i)}})
	}
	return []func(int) string{
		func(int) string { return post(length) },
		func(int) string { return post(length + "\r\nAuthorization: Bearer garbage") },
		func(int) string { return post(length + "\r\nAuthorization: Bearer " + forged) },
		func(int) string { return post(length + "\r\nAuthorization: Bearer " + foreign) },
		func(i int) string {
			return post(length + "\r\nAuthorization: Bearer " + unknown[i%len(unknown)])
		},
		func(int) string {
			return "POST /api/messages HTTP/1.1\r\nHost: altas\r\nTransfer-Encoding: chunked\r\n\r\n20000\r\n" + body
		},
		func(int) string { return "POST /api/messages HTTP/1.1\r\nHost: altas\r\nX-Long: " + body[:11<<10] },
		func(int) string { return "" },
	}
}

// holdConnection opens a connection and keeps it until the service closes it, or until over is
// closed. It reports whether to open another.
func holdConnection(ctx context.Context, address, request string, starting chan struct{}, over <-chan struct{}) bool {
	starting <- struct{}{}
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
	if err == nil {
		_, err = io.WriteString(conn, request[:min(len(request), 16<<10)])
	}
	<-starting
	if err != nil {
		return true // a refused connection costs the service nothing
	}
	defer conn.Close()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_, _ = io.WriteString(conn, request[min(len(request), 16<<10):]) // until the connection is closed
		_, _ = io.Copy(io.Discard, conn)
	}()
	select {
	case <-ended:
		return true
	case <-over:
		return false
	}
}

// memory is a field of Linux's /proc/PID/status of the child, in bytes: VmRSS is the present size,
// VmHWM the peak.
func (c *child) memory(field string) int {
	c.o.t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	status, err := os.Open(fmt.Sprintf("/proc/%d/status", c.process.Process.Pid))
	if err != nil {
		c.o.t.Fatal(err)
	}
	defer status.Close()
	for lines := bufio.NewScanner(status); lines.Scan(); {
		if value, found := strings.CutPrefix(lines.Text(), field+":"); found {
			kilobytes, err := strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(value, "kB")))
			if err != nil {
				c.o.t.Fatal(err)
			}
			return kilobytes << 10
		}
	}
	c.o.t.Fatalf("no %s in /proc", field)
	return 0
}
