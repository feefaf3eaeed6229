package service

import (
	"container/list"
	"context"
	"net"
	"net/http"
	"sync"
	"time"

	"seducoahuila.gob.mx/altas/bot/connector"
)

const (
	// maxStrangers is the maximum number of unauthenticated connections. Each costs some 20 KB,
	// plus the size of its headers.
	maxStrangers = 768
	// The time that an unauthenticated connection has, though others wait: to authenticate,
	// which Teams does within milliseconds of connecting, and to read its refusal.
	strangerGrace = 500 * time.Millisecond
	refusedGrace  = 50 * time.Millisecond
)

// strangers is a listener that limits the unauthenticated connections. At the limit, the next
// connection waits until one authenticates, ends, or exceeds its time and is closed. So
// idle connections cannot lock out new ones.
type strangers struct {
	net.Listener
	max   int
	freed chan struct{}

	mu      sync.Mutex
	waiting list.List // of *stranger: not answered yet, the oldest first
	refused list.List // of *stranger: answered without authentication, the oldest first
	known   map[net.Conn]*stranger
}

// stranger is an unauthenticated connection.
type stranger struct {
	conn  net.Conn
	until time.Time          // when it may be closed
	end   context.CancelFunc // cancels its requests
	in    *list.List
	place *list.Element
}

func newStrangers(listener net.Listener, most int) *strangers {
	return &strangers{Listener: listener, max: most, freed: make(chan struct{}, 1), known: map[net.Conn]*stranger{}}
}

type connKey struct{}

// guard installs the hooks by which the server reports that a connection authenticated, was
// answered, or ended.
func (s *strangers) guard(server *http.Server) {
	server.ConnContext = func(ctx context.Context, c net.Conn) context.Context {
		ctx, cancel := context.WithCancel(context.WithValue(ctx, connKey{}, c))
		s.endBy(c, cancel)
		return connector.OnProof(ctx, func() { s.forget(c) })
	}
	server.ConnState = func(c net.Conn, state http.ConnState) {
		if state == http.StateClosed || state == http.StateHijacked {
			s.forget(c)
		}
	}
	next := server.Handler
	server.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer s.answered(r.Context())
		next.ServeHTTP(w, r)
	})
}

// endBy stores the function that cancels the requests of a connection.
func (s *strangers) endBy(c net.Conn, cancel context.CancelFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if who := s.known[c]; who != nil {
		who.end = cancel
	}
}

// Accept implements net.Listener. It returns the next connection once there are fewer than max.
func (s *strangers) Accept() (net.Conn, error) {
	c, err := s.Listener.Accept()
	if err != nil {
		return nil, err
	}
	for {
		wait := s.add(c)
		if wait <= 0 {
			return c, nil
		}
		select {
		case <-s.freed:
		case <-time.After(wait):
		}
	}
}

// add counts a connection and returns 0. At the limit it first closes the connection whose time
// ends first; if that time is not over, it returns the rest of it and adds nothing.
func (s *strangers) add(c net.Conn) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	if len(s.known) >= s.max {
		next := s.nextToGo()
		if wait := next.until.Sub(now); wait > 0 {
			return wait
		}
		s.leave(next)
		next.close()
	}
	who := &stranger{conn: c, until: now.Add(strangerGrace), end: func() {}}
	s.known[c] = who
	s.queue(who, &s.waiting)
	return 0
}

// nextToGo returns the connection whose time ends first. There must be one.
func (s *strangers) nextToGo() *stranger {
	var next *stranger
	for _, l := range []*list.List{&s.refused, &s.waiting} {
		first := l.Front()
		if first == nil {
			continue
		}
		if who, is := first.Value.(*stranger); is && (next == nil || who.until.Before(next.until)) {
			next = who
		}
	}
	return next
}

func (s *strangers) queue(who *stranger, in *list.List) {
	who.in, who.place = in, in.PushBack(who)
}

// answered records that an unauthenticated connection's request was answered: it gets
// refusedGrace from now. Authenticated connections are ignored.
func (s *strangers) answered(ctx context.Context) {
	c, _ := ctx.Value(connKey{}).(net.Conn)
	s.mu.Lock()
	defer s.mu.Unlock()
	if who := s.known[c]; who != nil {
		who.in.Remove(who.place)
		who.until = time.Now().Add(refusedGrace)
		s.queue(who, &s.refused)
	}
}

// forget stops counting a connection that authenticated or was closed.
func (s *strangers) forget(c net.Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if who := s.known[c]; who != nil {
		s.leave(who)
	}
}

func (s *strangers) leave(who *stranger) {
	who.in.Remove(who.place)
	delete(s.known, who.conn)
	select {
	case s.freed <- struct{}{}:
	default:
	}
}

// disperse closes all unauthenticated connections; a stop does not wait for them.
func (s *strangers) disperse() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, who := range s.known {
		who.close()
	}
}

// close cancels the connection's requests and closes it; the server then reports it closed.
func (s *stranger) close() {
	s.end()
	_ = s.conn.Close() // the error is of no use
}
