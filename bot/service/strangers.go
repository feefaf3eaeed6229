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
	// maxStrangers is how many connections are held at once that brought no genuine token
	// yet. Each costs some 20 KB, and as much again as it sends headers.
	maxStrangers = 768
	// What a stranger is given though others wait: to prove itself, which Teams does within
	// milliseconds of connecting, and to read its refusal.
	strangerGrace = 500 * time.Millisecond
	refusedGrace  = 50 * time.Millisecond
)

// strangers are the connections that brought no genuine token. While there are too many,
// the next waits until one is gone, or has had its time and is closed: whoever is new
// gets in soon, however many do nothing but hold on.
type strangers struct {
	net.Listener
	max   int
	freed chan struct{}

	mu      sync.Mutex
	waiting list.List // of *stranger: those not answered yet, the longest waiting first
	refused list.List // and those that were
	known   map[net.Conn]*stranger
}

type stranger struct {
	conn  net.Conn
	until time.Time // when it may be closed
	end   context.CancelFunc
	in    *list.List
	place *list.Element
}

func newStrangers(listener net.Listener, most int) *strangers {
	return &strangers{Listener: listener, max: most, freed: make(chan struct{}, 1), known: map[net.Conn]*stranger{}}
}

type connKey struct{}

// guard has the server tell which of the connections prove themselves, are answered, or end.
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

// endBy keeps how what is done for a connection is ended.
func (s *strangers) endBy(c net.Conn, cancel context.CancelFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if who := s.known[c]; who != nil {
		who.end = cancel
	}
}

// Accept returns the next connection when there is room for it.
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

// add counts a connection, closing one that had its time where it would be one too many;
// or it returns how long that one has yet.
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

// nextToGo is whose time is over first. There is one.
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

// answered notes that a stranger's request was, if it is one: it has no more to wait for.
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

// forget no longer counts a connection: it proved itself, or is closed.
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

// disperse closes them all: a stop does not wait for strangers.
func (s *strangers) disperse() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, who := range s.known {
		who.close()
	}
}

// close ends what is done for a stranger and its connection, which the server notices.
func (s *stranger) close() {
	s.end()
	_ = s.conn.Close() // nobody is to hear of it
}
