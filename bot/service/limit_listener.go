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
	// maxUnauthenticated is the maximum number of unauthenticated connections, at some 20 KB each
	// plus the size of their headers.
	maxUnauthenticated = 768
	// The minimum time of an unauthenticated connection while others are waiting: for
	// authentication, which Teams completes within milliseconds of connecting, and for reading a
	// refusal.
	authenticationGrace = 500 * time.Millisecond
	refusalGrace        = 50 * time.Millisecond
)

// limitListener is a listener that limits the number of unauthenticated connections. At the limit,
// the next connection waits until one authenticates, ends, or exceeds its time and is closed. So
// idle connections cannot lock out new ones.
type limitListener struct {
	net.Listener
	max      int
	released chan struct{}

	mu         sync.Mutex
	unanswered list.List // of *unauthenticated: without a response, the oldest first
	refused    list.List // of *unauthenticated: with a response, the oldest first
	conns      map[net.Conn]*unauthenticated
}

// unauthenticated is an unauthenticated connection.
type unauthenticated struct {
	conn    net.Conn
	until   time.Time          // when it may be closed
	cancel  context.CancelFunc // cancels its requests
	list    *list.List
	element *list.Element
}

func newLimitListener(listener net.Listener, limit int) *limitListener {
	return &limitListener{Listener: listener, max: limit, released: make(chan struct{}, 1), conns: map[net.Conn]*unauthenticated{}}
}

type connKey struct{}

// install sets the server's hooks, which report that a connection authenticated, got a response, or
// ended.
func (l *limitListener) install(server *http.Server) {
	server.ConnContext = func(ctx context.Context, c net.Conn) context.Context {
		ctx, cancel := context.WithCancel(context.WithValue(ctx, connKey{}, c))
		l.setCancel(c, cancel)
		return connector.OnProof(ctx, func() { l.remove(c) })
	}
	server.ConnState = func(c net.Conn, state http.ConnState) {
		if state == http.StateClosed || state == http.StateHijacked {
			l.remove(c)
		}
	}
	next := server.Handler
	server.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer l.responded(r.Context())
		next.ServeHTTP(w, r)
	})
}

// setCancel stores the function that cancels the requests of a connection.
func (l *limitListener) setCancel(c net.Conn, cancel context.CancelFunc) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if u := l.conns[c]; u != nil {
		u.cancel = cancel
	}
}

// Accept implements net.Listener. It returns the next connection once there are fewer than max.
func (l *limitListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	for {
		wait := l.add(c)
		if wait <= 0 {
			return c, nil
		}
		select {
		case <-l.released:
		case <-time.After(wait):
		}
	}
}

// add counts a connection and returns 0. At the limit it first closes the connection whose time
// ends first; if that time is not over, it returns the rest of it and adds nothing.
func (l *limitListener) add(c net.Conn) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	if len(l.conns) >= l.max {
		first := l.earliest()
		if wait := first.until.Sub(now); wait > 0 {
			return wait
		}
		l.drop(first)
		first.close()
	}
	u := &unauthenticated{conn: c, until: now.Add(authenticationGrace), cancel: func() {}}
	l.conns[c] = u
	l.enqueue(u, &l.unanswered)
	return 0
}

// earliest returns the connection whose time ends first. There must be one.
func (l *limitListener) earliest() *unauthenticated {
	var earliest *unauthenticated
	for _, queue := range []*list.List{&l.refused, &l.unanswered} {
		first := queue.Front()
		if first == nil {
			continue
		}
		if u, is := first.Value.(*unauthenticated); is && (earliest == nil || u.until.Before(earliest.until)) {
			earliest = u
		}
	}
	return earliest
}

func (l *limitListener) enqueue(u *unauthenticated, in *list.List) {
	u.list, u.element = in, in.PushBack(u)
}

// responded records that an unauthenticated connection got a response: it has refusalGrace from
// now. Authenticated connections are ignored.
func (l *limitListener) responded(ctx context.Context) {
	c, _ := ctx.Value(connKey{}).(net.Conn)
	l.mu.Lock()
	defer l.mu.Unlock()
	if u := l.conns[c]; u != nil {
		u.list.Remove(u.element)
		u.until = time.Now().Add(refusalGrace)
		l.enqueue(u, &l.refused)
	}
}

// remove stops counting a connection that authenticated or was closed.
func (l *limitListener) remove(c net.Conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if u := l.conns[c]; u != nil {
		l.drop(u)
	}
}

func (l *limitListener) drop(u *unauthenticated) {
	u.list.Remove(u.element)
	delete(l.conns, u.conn)
	select {
	case l.released <- struct{}{}:
	default:
	}
}

// closeAll closes all unauthenticated connections; a stop does not wait for them.
func (l *limitListener) closeAll() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, u := range l.conns {
		u.close()
	}
}

// close cancels the connection's requests and closes it; the server then reports it closed.
func (u *unauthenticated) close() {
	u.cancel()
	_ = u.conn.Close() // the error does not matter
}
