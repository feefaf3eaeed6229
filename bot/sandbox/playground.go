package sandbox

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"syscall"
	"time"
)

// Options are the options of Playground.
type Options struct {
	Out, Log io.Writer
	Port     int    // of its page; another is used if it is taken
	Dir      string // the folder of the store and the receipts; "" for a temporary one
	Verbose  bool   // write the service's log to Log
}

// Playground runs the service behind Microsoft 365 Agents Playground until ctx ends, and then
// ends every process and server that it started.
func Playground(ctx context.Context, o Options) (err error) {
	client, err := findPlayground(ctx, o.Out)
	if err != nil {
		return unlessTold(ctx, err)
	}
	temporary, err := os.MkdirTemp("", "altas-sandbox-")
	if err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(temporary)) }()
	dir := o.Dir
	if dir == "" {
		dir = temporary
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	var log io.Writer
	if o.Verbose {
		log = o.Log
	}
	w, err := newWorld(dir, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	door, err := openDoor(w, newCast())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, door.Close()) }()
	page, end, err := client.start(ctx, temporary, door.URL+"/api/messages", o.Port)
	if err != nil {
		return unlessTold(ctx, err)
	}
	defer end()
	door.to(page + "/_connector")
	w.env["BOT_SERVICE_HOSTS"] += "," + host(door.URL)
	if err := w.start(ctx, rules(door.cast, playgroundChannels())); err != nil {
		return err
	}
	door.bot = w.Bot
	tell(o.Out, page, door.cast)
	select {
	case <-ctx.Done():
		return nil
	case err := <-w.done:
		w.done <- err // Close waits for it too
		return fmt.Errorf("the service ended: %w", err)
	}
}

// unlessTold returns the error of a start; nil if ctx ended, by Ctrl-C.
func unlessTold(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil //nolint:nilerr // ended by the user
	}
	return err
}

func tell(out io.Writer, page string, c cast) {
	someone := exampleCast()[0] // a valid CURP to type
	fmt.Fprintf(out, `
Altas, en esta máquina. Abra: %s

  1. En «Personal Chat» escriba: solicitar
  2. Llene el formulario y envíelo; por ejemplo, para %s,
     CURP %s, CCT %s.
  3. Escriba ahí mismo: actuar como director   y turne en «DGTI - General».
  4. Escriba: actuar como subdirector          y autorice en «DGTI - Subdirección».
  5. Escriba: actuar como secretaria           y vea la cuenta en «Personal Chat».

  %s solicita; %s y %s deciden;
  %s resuelve lo que requiere atención, en «Plataforma Office 365».
  Ctrl-C termina todo.

`, page, nameOf(someone), someone["curp"], someone["cct"], c.Requester.Name, c.Director.Name, c.Subdirector.Name, c.Head.Name)
}

// client is the Playground, installed in the folder playground.
type client struct{ cli string }

// findPlayground finds Microsoft's client, and installs it with npm the first time.
func findPlayground(ctx context.Context, out io.Writer) (client, error) {
	_, here, _, _ := runtime.Caller(0)
	dir := filepath.Join(filepath.Dir(here), "playground")
	if _, err := os.Stat(dir); err != nil {
		return client{}, errors.New("the sandbox runs from a clone of the repository: go run ./bot/cmd/altas sandbox")
	}
	if version := nodeVersion(ctx); version < oldestNode {
		return client{}, fmt.Errorf("the sandbox needs Node %d or later: install it from nodejs.org, or try altas demo, which needs nothing", oldestNode)
	}
	installed := filepath.Join(dir, "node_modules")
	cli := filepath.Join(installed, "@microsoft", "m365agentsplayground", "cli.js")
	if _, err := os.Stat(filepath.Join(installed, ".package-lock.json")); err == nil { // npm writes it last
		return client{cli}, nil
	}
	fmt.Fprintln(out, "Instalando el cliente local de Teams (npm ci, solo la primera vez)…")
	install := exec.CommandContext(ctx, "npm", "ci", "--no-audit", "--no-fund")
	install.Dir = dir
	if said, err := install.CombinedOutput(); err != nil {
		return client{}, fmt.Errorf("npm ci in %s: %w\n%s", dir, err, said)
	}
	return client{cli}, nil
}

// oldestNode is the first version that runs the Playground.
const oldestNode = 20

// nodeVersion returns Node's major version; 0 if Node is not installed.
func nodeVersion(ctx context.Context) int {
	said, err := exec.CommandContext(ctx, "node", "--version").Output()
	if err != nil {
		return 0
	}
	var major int
	_, _ = fmt.Sscanf(string(said), "v%d.", &major) // 0 if the format is another
	return major
}

var listening = regexp.MustCompile(`Listening on (\d+)`)

// startWithin is how long the Playground may take to open its page.
const startWithin = 30 * time.Second

// start starts the Playground with dir as its folder, and returns the URL of its page and a
// function that ends it.
func (c client) start(ctx context.Context, dir, endpoint string, port int) (page string, end func(), err error) {
	if err := os.WriteFile(filepath.Join(dir, ".m365agentsplayground.yml"), []byte(playgroundYAML(newCast())), 0o600); err != nil {
		return "", nil, fmt.Errorf("write the Playground's configuration: %w", err)
	}
	p := exec.Command("node", c.cli, "start", "-e", endpoint, "-c", "msteams", "-p", strconv.Itoa(port), "--disable-telemetry") //nolint:noctx,gosec // ended by end, with SIGTERM first; the file is ours
	p.Dir = dir
	p.Env = append(os.Environ(), "BROWSER=/bin/true", "APPLICATION_INSIGHTS_NO_STATSBEAT=1")
	p.SysProcAttr = apart()
	out, err := p.StdoutPipe()
	if err != nil {
		return "", nil, err
	}
	complaint, err := os.Create(filepath.Join(dir, "stderr"))
	if err != nil {
		return "", nil, err
	}
	defer complaint.Close()
	p.Stderr = complaint
	if err := p.Start(); err != nil {
		return "", nil, fmt.Errorf("start the Playground: %w", err)
	}
	end = func() {
		if p.Process.Signal(syscall.SIGTERM) != nil { // Windows has none
			_ = p.Process.Kill()
		}
		kill := time.AfterFunc(3*time.Second, func() { _ = p.Process.Kill() })
		defer kill.Stop()
		_ = p.Wait()
	}
	heard := make(chan string, 1)
	go listen(out, heard)
	if page, err = await(ctx, heard); err != nil {
		end()
		said, _ := os.ReadFile(complaint.Name())
		return "", nil, fmt.Errorf("%w: %s", err, bytes.TrimSpace(said))
	}
	return page, end, nil
}

// await waits until the Playground has printed its port and answers there.
func await(ctx context.Context, heard <-chan string) (page string, err error) {
	bounded, cancel := context.WithTimeout(ctx, startWithin)
	defer cancel()
	beat := time.NewTicker(100 * time.Millisecond)
	defer beat.Stop()
	for {
		select {
		case <-bounded.Done():
			return "", fmt.Errorf("the Playground does not start within %v", startWithin)
		case port, alive := <-heard:
			if !alive {
				return "", errors.New("the Playground ended at once")
			}
			page = "http://localhost:" + port
		case <-beat.C:
			if page != "" && pong(bounded, page) {
				return page, nil
			}
		}
	}
}

func pong(ctx context.Context, page string) bool {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, page+"/_debug/ping", nil)
	if err != nil {
		return false
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return false
	}
	defer answer.Body.Close()
	said, _ := io.ReadAll(io.LimitReader(answer.Body, 16))
	return string(said) == "pong"
}

// listen reads the Playground's output to its end and sends its port to heard.
func listen(out io.Reader, heard chan<- string) {
	defer close(heard)
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if m := listening.FindStringSubmatch(lines.Text()); m != nil {
			select {
			case heard <- m[1]:
			default:
			}
		}
	}
}
