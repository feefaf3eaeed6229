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
	strangersAtOnce = 4000
	strangersWaves  = 3 // so often each comes, when its connection was closed
	strangersCost   = 150 << 20
)

// Four thousand strangers hold connections to the service's only door: with half a
// body and no token, garbage or a forgery, and with headers that never end. The process
// stays small, and who has a token is answered at once, over new connections too.
func TestStrangersCostLittle(t *testing.T) { // by itself: it measures
	if racing {
		t.Skip("the race detector has its own measure of memory")
	}
	o := raise(t)
	c := o.startChild()
	o.installs(o.silvia)
	before := o.teams.Cards(o.chats[o.silvia.ID], o.silvia.ID)
	o.says(o.silvia, "solicitar")
	form, err := o.teams.AwaitCard(o.within(), o.chats[o.silvia.ID], o.silvia.ID, "request.next", before)
	if err != nil {
		t.Fatal(err)
	}
	var took []time.Duration
	typed := teamsfake.Inputs{"type": "docente", "medium": "oficio", "oficio": "SEDU/SRS/045/2026", "area": "Servicios Regionales", "phone": "844 411 8800"}
	click := func() { // over a connection of its own
		t.Helper()
		http.DefaultTransport.(*http.Transport).CloseIdleConnections()
		turn := o.presses(o.silvia, form, "request.next", typed)
		took = append(took, turn.Took)
		if turn.Card == nil {
			t.Fatalf("no card but %q", turn.Text)
		}
		form = o.shows(o.silvia, turn.Card, "request.back", nil)
	}
	for range 9 {
		click()
	}
	calm, idle := middle(took), c.memory("VmRSS")
	took = nil
	openings := o.strangersOpenings()
	var group sync.WaitGroup
	var closed atomic.Int64
	starting, over := make(chan struct{}, 32), make(chan struct{}) // this machine is to do other things as well
	for i := range strangersAtOnce {
		group.Go(func() {
			for range strangersWaves {
				if !besiege(t.Context(), c.address, openings[i%len(openings)](i), starting, over) {
					return
				}
				closed.Add(1)
			}
		})
	}
	for closed.Load() < strangersAtOnce || len(took) < 20 {
		click()
	}
	close(over)
	group.Wait()
	most := c.memory("VmHWM")
	t.Logf("%d clicks took %v in the middle and %v at most, %v before; %d MB before, %d MB at most; %d connections were closed",
		len(took), middle(took), slices.Max(took), calm, idle>>20, most>>20, closed.Load())
	if most > strangersCost {
		t.Errorf("the process took %d MB, want at most %d", most>>20, strangersCost>>20)
	}
	if limit := time.Second + 10*calm; middle(took) > limit { // a busy machine takes longer for anything
		t.Errorf("a click took %v in the middle, want at most %v", middle(took), limit)
	}
}

func middle(all []time.Duration) time.Duration {
	sorted := slices.Sorted(slices.Values(all))
	return sorted[len(sorted)/2]
}

// Strangers have just connected when the service is told to stop. It does not wait for
// them.
func TestStopDoesNotWaitForStrangers(t *testing.T) {
	t.Parallel()
	o := raise(t)
	c := o.startChild()
	openings := o.strangersOpenings()
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
	o.stop() // fails where requests under way were cut short
}

// strangersOpenings are the ways to take up a connection, for the i-th stranger.
func (o *office) strangersOpenings() []func(i int) string {
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

// besiege opens a connection and holds it until the service closes it, or it is over.
// It reports whether it is to go on.
func besiege(ctx context.Context, address, opening string, starting chan struct{}, over <-chan struct{}) bool {
	starting <- struct{}{}
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
	if err == nil {
		_, err = io.WriteString(conn, opening[:min(len(opening), 16<<10)])
	}
	<-starting
	if err != nil {
		return true // refused: that costs the service nothing either
	}
	defer conn.Close()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_, _ = io.WriteString(conn, opening[min(len(opening), 16<<10):]) // as far as it gets
		_, _ = io.Copy(io.Discard, conn)
	}()
	select {
	case <-ended:
		return true
	case <-over:
		return false
	}
}

// memory is what Linux says of the child: VmRSS now, VmHWM at most, in bytes.
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
