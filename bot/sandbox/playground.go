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

	"seducoahuila.gob.mx/altas/bot/console"
	"seducoahuila.gob.mx/altas/cards"
)

// Options are the options of Playground.
type Options struct {
	Out, Log io.Writer
	Port     int    // of its page; another is used if it is in use
	Dir      string // the folder of the store and the receipts; "" for a temporary one
	Verbose  bool   // write the service's log to Log
}

// Playground runs the service behind Microsoft 365 Agents Playground until ctx ends, and then
// ends every process and server that it started.
func Playground(ctx context.Context, o Options) (err error) {
	client, err := findPlayground(ctx, o.Out)
	if err != nil {
		return unlessCancelled(ctx, err)
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
	e, err := newEnvironment(dir, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, e.Close()) }()
	proxy, err := newBotProxy(e, newStaff())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, proxy.Close()) }()
	page, end, err := client.start(ctx, temporary, proxy.URL+"/api/messages", o.Port)
	if err != nil {
		return unlessCancelled(ctx, err)
	}
	defer end()
	proxy.forwardTo(page + "/_connector")
	e.vars["BOT_SERVICE_HOSTS"] += "," + host(proxy.URL)
	if err := e.start(ctx, rules(proxy.staff, playgroundChannels())); err != nil {
		return err
	}
	proxy.bot = e.Bot
	tab, err := newTabHost(e, proxy.staff)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, tab.Close()) }()
	printInstructions(o.Out, page, tab.URL, proxy.staff)
	select {
	case <-ctx.Done():
		return nil
	case err := <-e.done:
		e.done <- err // Close waits for it too
		return fmt.Errorf("the service ended: %w", err)
	}
}

// unlessCancelled returns the error of a start; nil if ctx ended, by Ctrl-C.
func unlessCancelled(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil //nolint:nilerr // ended by the user
	}
	return err
}

func printInstructions(out io.Writer, page, tab string, s staff) {
	example := examplePeople()[0] // a valid CURP to type
	texts := cards.In(cards.Spanish)
	button := func(name string) string { return "«" + texts.Say("button."+name, nil) + "»" }
	fmt.Fprintf(out, `
Altas, en esta máquina. Abra: %s

  1. En «Personal Chat» escriba: %s
  2. Llene el formulario y oprima %s; por ejemplo, para %s,
     CURP %s, CCT %s.
  3. Escriba ahí mismo: actuar como director      y en «General», de «DGTI», oprima %s.
  4. Escriba: actuar como subdirector             y en «Subdirección», de «DGTI», oprima %s.
  5. Escriba: actuar como secretaria              y en «Personal Chat» oprima %s.
  6. Si alguien olvida su contraseña, escriba: %s   y autorice como subdirector.

  En el canal, «@Altas %s» muestra lo que espera; abrir uno llevaría a Teams, que aquí no hay: su tarjeta está arriba, en el canal.
  Al recargar la página se olvida lo que se mostró, no las solicitudes.

  %s solicita; %s y %s deciden;
  %s resuelve lo que requiere atención, en «Plataforma Office 365».
  La pestaña personal, con las listas de cada quien: %s
  Ctrl-C termina todo.

`, page, texts.Command("begin"), button("send"), nameOf(example), example["curp"], example["cct"],
		button("turn"), button("authorize"), button("reveal"), texts.Command("recover"), texts.Command("pending"), s.Requester.Name, s.Director.Name, s.Subdirector.Name, s.Head.Name, tab)
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
		return client{}, console.Errorf("the sandbox needs Node %d or later: install it from nodejs.org, or try altas demo, which needs nothing", oldestNode)
	}
	installed := filepath.Join(dir, "node_modules")
	cli := filepath.Join(installed, "@microsoft", "m365agentsplayground", "cli.js")
	if _, err := os.Stat(filepath.Join(installed, ".package-lock.json")); err == nil { // npm writes it last
		return client{cli}, nil
	}
	fmt.Fprintln(out, "Instalando el cliente local de Teams (npm ci, solo la primera vez)…")
	install := exec.CommandContext(ctx, "npm", "ci", "--no-audit", "--no-fund")
	install.Dir = dir
	if output, err := install.CombinedOutput(); err != nil {
		return client{}, console.Errorf("npm ci in %s: %w\n%s", dir, err, output)
	}
	return client{cli}, nil
}

// oldestNode is the first version that runs the Playground.
const oldestNode = 20

// nodeVersion returns Node's major version; 0 if Node is not installed.
func nodeVersion(ctx context.Context) int {
	output, err := exec.CommandContext(ctx, "node", "--version").Output()
	if err != nil {
		return 0
	}
	var major int
	_, _ = fmt.Sscanf(string(output), "v%d.", &major) // 0 if the format is another
	return major
}

var portPattern = regexp.MustCompile(`Listening on (\d+)`)

// startTimeout is how long the Playground may take to open its page.
const startTimeout = 30 * time.Second

// start starts the Playground with dir as its folder, and returns the URL of its page and a
// function that ends it.
func (c client) start(ctx context.Context, dir, endpoint string, port int) (page string, end func(), err error) {
	if err := os.WriteFile(filepath.Join(dir, ".m365agentsplayground.yml"), []byte(playgroundYAML(newStaff())), 0o600); err != nil {
		return "", nil, fmt.Errorf("write the Playground's configuration: %w", err)
	}
	p := exec.Command("node", c.cli, "start", "-e", endpoint, "-c", "msteams", "-p", strconv.Itoa(port), "--disable-telemetry") //nolint:noctx,gosec // ended by end, with SIGTERM first; the file is ours
	p.Dir = dir
	p.Env = append(os.Environ(), "BROWSER=/bin/true", "APPLICATION_INSIGHTS_NO_STATSBEAT=1")
	p.SysProcAttr = newProcessGroup()
	out, err := p.StdoutPipe()
	if err != nil {
		return "", nil, err
	}
	stderr, err := os.Create(filepath.Join(dir, "stderr"))
	if err != nil {
		return "", nil, err
	}
	defer stderr.Close()
	p.Stderr = stderr
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
	ports := make(chan string, 1)
	go readPort(out, ports)
	if page, err = awaitPage(ctx, ports); err != nil {
		end()
		message, _ := os.ReadFile(stderr.Name())
		return "", nil, fmt.Errorf("%w: %s", err, bytes.TrimSpace(message))
	}
	return page, end, nil
}

// awaitPage waits until the Playground has printed its port and answers there.
func awaitPage(ctx context.Context, ports <-chan string) (page string, err error) {
	bounded, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	ticker := time.NewTicker(100 * time.Millisecond)
	defer ticker.Stop()
	for {
		select {
		case <-bounded.Done():
			return "", console.Errorf("the Playground does not start within %v", startTimeout)
		case port, alive := <-ports:
			if !alive {
				return "", errors.New("the Playground ended at once")
			}
			page = "http://localhost:" + port
		case <-ticker.C:
			if page != "" && answersPing(bounded, page) {
				return page, nil
			}
		}
	}
}

func answersPing(ctx context.Context, page string) bool {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, page+"/_debug/ping", nil)
	if err != nil {
		return false
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return false
	}
	defer answer.Body.Close()
	body, _ := io.ReadAll(io.LimitReader(answer.Body, 16))
	return string(body) == "pong"
}

// readPort reads the Playground's output to its end and sends its port to ports.
func readPort(out io.Reader, ports chan<- string) {
	defer close(ports)
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if m := portPattern.FindStringSubmatch(lines.Text()); m != nil {
			select {
			case ports <- m[1]:
			default:
			}
		}
	}
}
