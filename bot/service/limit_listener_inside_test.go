package service

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/bot/connector"
)

// gate starts a server with the limit. A request for /proven authenticates its connection.
func gate(t *testing.T, limit int) (*limitListener, string) {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/proven" {
			connector.Proven(r.Context())
		}
		_, _ = io.WriteString(w, "ok")
	})}
	s := newLimitListener(listener, limit)
	s.install(server)
	served := make(chan error, 1)
	go func() { served <- server.Serve(s) }()
	t.Cleanup(func() {
		s.closeAll()
		_ = server.Close()
		<-served
	})
	return s, listener.Addr().String()
}

func dial(t *testing.T, address string) net.Conn {
	t.Helper()
	c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	_ = c.SetDeadline(time.Now().Add(time.Minute)) // instead of hanging
	return c
}

// ask sends a request and reports whether it got a response.
func ask(c net.Conn, path string) bool {
	_, _ = io.WriteString(c, "GET "+path+" HTTP/1.1\r\nHost: altas\r\n\r\n")
	answer, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		return false
	}
	_, err = io.Copy(io.Discard, answer.Body)
	_ = answer.Body.Close()
	return err == nil && answer.StatusCode == http.StatusOK
}

// With two idle connections and a limit of two, a new connection is accepted when the first one's
// time is over; an authenticated connection is never closed for others.
func TestNewcomersGetIn(t *testing.T) {
	t.Parallel()
	s, address := gate(t, 2)
	known := dial(t, address)
	if !ask(known, "/proven") {
		t.Fatal("not answered")
	}
	began := time.Now()
	idle := []net.Conn{dial(t, address), dial(t, address)}
	if !ask(dial(t, address), "/proven") {
		t.Error("a newcomer was not answered")
	}
	if took := time.Since(began); took < authenticationGrace {
		t.Errorf("the first stranger had to go after %v", took)
	}
	if _, err := idle[0].Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
		t.Errorf("the first stranger: %v, want it closed", err)
	}
	if !ask(known, "/") {
		t.Error("one who had proved itself was closed")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.conns) != 1 {
		t.Errorf("%d strangers counted, want the second", len(s.conns))
	}
}

// A connection that got a response without authentication is closed before those without one.
func TestTheAnsweredGoFirst(t *testing.T) {
	t.Parallel()
	_, address := gate(t, 2)
	fresh := dial(t, address)
	answered := dial(t, address)
	if !ask(answered, "/") {
		t.Fatal("not answered")
	}
	if !ask(dial(t, address), "/proven") {
		t.Error("a newcomer was not answered")
	}
	if _, err := answered.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
		t.Errorf("the answered one: %v, want it closed", err)
	}
	if !ask(fresh, "/") {
		t.Error("one who had not spoken yet was closed")
	}
}

// The context of a connection's requests is cancelled when it is closed.
func TestStrangersWorkEnds(t *testing.T) {
	t.Parallel()
	ended := make(chan struct{})
	s := newLimitListener(nil, 1)
	server := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.NotFoundHandler()}
	s.install(server)
	a, b := net.Pipe()
	defer b.Close()
	if wait := s.add(a); wait != 0 {
		t.Fatalf("wait = %v", wait)
	}
	context.AfterFunc(server.ConnContext(t.Context(), a), func() { close(ended) })
	s.closeAll()
	<-ended
	if _, err := b.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
		t.Errorf("the connection: %v, want it closed", err)
	}
}
