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

// childVariable in the environment makes the test binary run the service: a process of its own that
// can be killed.
const childVariable = "ALTAS_TEST_SERVES"

func TestMain(m *testing.M) {
	if os.Getenv(childVariable) == "" {
		debug.SetGCPercent(400) // many small heaps: garbage collection would take a fifth of the time
		flag.Parse()
		if err := flag.Set("test.parallel", strconv.Itoa(parallelTests())); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
		os.Exit(m.Run())
	}
	if err := serveAsChild(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// parallelTests is the number of parallel tests: without the race detector they mostly wait.
func parallelTests() int {
	if racing {
		return max(4, runtime.GOMAXPROCS(0))
	}
	return max(8, runtime.GOMAXPROCS(0))
}

// serveAsChild serves until SIGTERM, or until its parent has ended.
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

// child is the service in a process of its own, which is started again when it is killed, as a
// supervisor would do.
type child struct {
	o *office

	mu      sync.Mutex
	process *exec.Cmd
	parent  io.Closer // the child ends when this is closed
	drained chan struct{}
	starts  int
	address string // host:port
}

// startChild starts the service in a process of its own, without any test hooks: it trusts the
// fakes' certificate by SSL_CERT_FILE.
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
	p := exec.Command(os.Args[0]) //nolint:noctx // this binary; ended by kill or stop
	p.Env = []string{childVariable + "=1", "SSL_CERT_FILE=" + o.certificate(), "SSL_CERT_DIR=" + o.dir, "LOG_FORMAT=json"}
	for name, value := range o.env {
		p.Env = append(p.Env, name+"="+value)
	}
	stdin, err := p.StdinPipe()
	if err != nil {
		o.t.Error(err)
		return
	}
	output, err := p.StderrPipe()
	if err == nil {
		err = p.Start()
	}
	if err != nil {
		o.t.Error(err)
		return
	}
	c.process, c.parent, c.drained = p, stdin, make(chan struct{})
	c.starts++
	listening := make(chan string, 1)
	go c.read(output, listening, c.drained)
	select {
	case at := <-listening:
		c.address = at
		o.teams.Connect(o.urls.teams, "http://"+at+"/api/messages")
	case <-c.drained:
		o.t.Errorf("the service does not start: %s", o.log.tail(2000))
	}
}

// read copies the child's log, and sends its address.
func (c *child) read(output io.Reader, listening chan<- string, drained chan<- struct{}) {
	defer close(drained)
	for lines := bufio.NewReader(output); ; {
		line, err := lines.ReadString('\n')
		_, _ = c.o.log.Write([]byte(line)) // never fails
		var started struct{ Listen string }
		if strings.Contains(line, `"listen"`) && json.Unmarshal([]byte(line), &started) == nil {
			listening <- started.Listen
		}
		if err != nil {
			return
		}
	}
}

// wait waits for the process to end.
func (c *child) wait() error {
	<-c.drained
	_ = c.parent.Close() // the process has ended
	return c.process.Wait()
}

// kill kills the process with SIGKILL and starts it again.
func (c *child) kill() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.o.stop == nil {
		return // stopped
	}
	_ = c.process.Process.Kill() // it may have ended
	var killed *exec.ExitError
	if err := c.wait(); !errors.As(err, &killed) {
		c.o.t.Errorf("a killed service ended with: %v", err)
	}
	c.startLocked()
}

// killer kills a service at its n-th call of the fakes: before the call has an effect, or after it,
// so that the service does not get the response.
type killer struct {
	mu    sync.Mutex
	calls int
	at    int
	after bool
	armed bool
	child *child
}

// wrap forwards calls to a fake, except the one at which the service is killed.
func (d *killer) wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if d.intercept(next, r) {
			panic(http.ErrAbortHandler)
		}
		next.ServeHTTP(w, r)
	})
}

// intercept counts a call, and kills the service if it is the n-th.
func (d *killer) intercept(next http.Handler, r *http.Request) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.armed || strings.Contains(r.URL.Path, "/oauth2/") || strings.Contains(r.URL.Path, ".well-known") {
		return false
	}
	if d.calls++; d.calls != d.at {
		return false
	}
	if d.after {
		next.ServeHTTP(&discardedResponse{header: make(http.Header)}, r)
	}
	d.child.kill()
	return true
}

func (d *killer) arm() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.armed = true
}

// disarm stops the killing and returns how many calls there were.
func (d *killer) disarm() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.armed = false
	return d.calls
}

// discardedResponse is a response that is not sent.
type discardedResponse struct{ header http.Header }

func (l *discardedResponse) Header() http.Header         { return l.header }
func (l *discardedResponse) Write(p []byte) (int, error) { return len(p), nil }
func (l *discardedResponse) WriteHeader(int)             {}
