package service_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"seducoahuila.gob.mx/altas/bot/service"
)

// childMark in the environment makes the test binary be `altas serve`: a process of
// its own that can be killed as nothing in this one can.
const childMark = "ALTAS_TEST_SERVES"

func TestMain(m *testing.M) {
	if os.Getenv(childMark) == "" {
		debug.SetGCPercent(400) // many small worlds: a fifth of the time would be spent on tidying up
		flag.Parse()
		if err := flag.Set("test.parallel", strconv.Itoa(atOnce())); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
		os.Exit(m.Run())
	}
	if err := serveAsChild(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// atOnce is how many tests run at once: they wait more than they work, but for those
// that the race detector watches.
func atOnce() int {
	if racing {
		return max(4, runtime.GOMAXPROCS(0))
	}
	return max(8, runtime.GOMAXPROCS(0))
}

// serveAsChild serves until it is told to stop, or its parent is gone.
func serveAsChild() error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin) // ends with the parent
		stop()
	}()
	cfg, err := service.LoadConfig(os.Getenv)
	if err != nil {
		return err
	}
	return service.Run(ctx, cfg, service.NewLog(os.Stderr, cfg.LogLevel, cfg.LogFormat))
}

// child is the service in a process of its own, which starts again when it is
// killed, as a supervisor would start it.
type child struct {
	o *office

	mu      sync.Mutex
	process *exec.Cmd
	parent  io.Closer // the child lives as long as this is open
	drained chan struct{}
	lives   int
	address string // host:port
}

// startChild starts the service in a process of its own. Nothing is put in its
// way: it trusts the stand-ins' certificate by SSL_CERT_FILE.
func (o *office) startChild() *child {
	o.t.Helper()
	c := &child{o: o}
	c.start()
	o.stop = func() {
		o.stop = nil
		c.mu.Lock()
		defer c.mu.Unlock()
		if err := c.process.Process.Signal(syscall.SIGTERM); err != nil {
			o.t.Error(err)
		}
		if err := c.wait(); err != nil {
			o.t.Errorf("the service ended with: %v", err)
		}
	}
	return c
}

func (c *child) start() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.startLocked()
}

func (c *child) startLocked() {
	o := c.o
	p := exec.Command(os.Args[0]) //nolint:noctx // this very binary; killed on purpose, or ended by stop
	p.Env = []string{childMark + "=1", "SSL_CERT_FILE=" + o.certificate(), "SSL_CERT_DIR=" + o.dir, "LOG_FORMAT=json"}
	for name, value := range o.env {
		p.Env = append(p.Env, name+"="+value)
	}
	stdin, err := p.StdinPipe()
	if err != nil {
		o.t.Error(err)
		return
	}
	said, err := p.StderrPipe()
	if err == nil {
		err = p.Start()
	}
	if err != nil {
		o.t.Error(err)
		return
	}
	c.process, c.parent, c.drained = p, stdin, make(chan struct{})
	c.lives++
	listening := make(chan string, 1)
	go c.read(said, listening, c.drained)
	select {
	case at := <-listening:
		c.address = at
		o.teams.Connect(o.urls.teams, "http://"+at+"/api/messages")
	case <-c.drained:
		o.t.Errorf("the service does not start: %s", o.log.tail(2000))
	}
}

// read passes the child's log on, and its address from the line that tells it.
func (c *child) read(said io.Reader, listening chan<- string, drained chan<- struct{}) {
	defer close(drained)
	for lines := bufio.NewReader(said); ; {
		line, err := lines.ReadString('\n')
		_, _ = c.o.log.Write([]byte(line)) // never fails
		var told struct{ Listen string }
		if strings.Contains(line, `"listen"`) && json.Unmarshal([]byte(line), &told) == nil {
			listening <- told.Listen
		}
		if err != nil {
			return
		}
	}
}

// wait waits for the process to end.
func (c *child) wait() error {
	<-c.drained
	_ = c.parent.Close() // it is gone
	return c.process.Wait()
}

// kill kills the process, as nothing can prevent, and starts it again.
func (c *child) kill() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.o.stop == nil {
		return // ended by itself
	}
	_ = c.process.Process.Kill() // it may have ended
	var killed *exec.ExitError
	if err := c.wait(); !errors.As(err, &killed) {
		c.o.t.Errorf("a killed service ended with: %v", err)
	}
	c.startLocked()
}

// doom kills a service at its n-th call of the stand-ins: before the call has an
// effect, or after, so that the service never hears of it.
type doom struct {
	mu    sync.Mutex
	calls int
	at    int
	after bool
	armed bool
	child *child
}

// watch lets calls through to a stand-in, but for the fatal one.
func (d *doom) watch(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if d.struck(next, r) {
			panic(http.ErrAbortHandler)
		}
		next.ServeHTTP(w, r)
	})
}

// struck counts a call, and kills the service if it is the fatal one.
func (d *doom) struck(next http.Handler, r *http.Request) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.armed || strings.Contains(r.URL.Path, "/oauth2/") || strings.Contains(r.URL.Path, ".well-known") {
		return false
	}
	if d.calls++; d.calls != d.at {
		return false
	}
	if d.after {
		next.ServeHTTP(&lost{header: make(http.Header)}, r)
	}
	d.child.kill()
	return true
}

func (d *doom) arm() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.armed = true
}

// spent makes the service immortal, and returns how many calls there were.
func (d *doom) spent() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.armed = false
	return d.calls
}

// lost is an answer that nobody reads.
type lost struct{ header http.Header }

func (l *lost) Header() http.Header         { return l.header }
func (l *lost) Write(p []byte) (int, error) { return len(p), nil }
func (l *lost) WriteHeader(int)             {}
