package main

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// serving starts the program as an operator does, with a tenant that does not answer, and returns
// it with its output, line by line, and its address.
func serving(t *testing.T, dir string) (cmd *exec.Cmd, output *bufio.Scanner, address string) {
	t.Helper()
	rules, err := os.ReadFile("../../service/altas.example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	filled := strings.NewReplacer("00000000-0000-4000-8000-", "7d0c6a3e-5b1f-4f0a-9c2d-", "19:equipo@thread.tacv2", "").Replace(string(rules))
	write(t, filepath.Join(dir, "altas.yaml"), filled)
	const id = "11111111-1111-4111-8111-111111111111"
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	cmd = exec.CommandContext(ctx, os.Args[0], "serve")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), childEnv+"=1", "ALTAS_LISTEN=127.0.0.1:0", "BOT_APP_ID="+id, "BOT_TENANT_ID="+id,
		"BOT_APP_PASSWORD=s3cret", "AZURE_TENANT_ID="+id, "AZURE_CLIENT_ID="+id, "AZURE_CLIENT_SECRET=s3cret",
		"GRAPH_URL=http://127.0.0.1:1/v1.0", "ENTRA_AUTHORITY_URL=https://127.0.0.1:1")
	out, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	output = bufio.NewScanner(out)
	for output.Scan() {
		line := map[string]any{}
		if err := json.Unmarshal(output.Bytes(), &line); err != nil {
			t.Fatalf("the log is not JSON, an object a line: %s", output.Text())
		}
		if line["msg"] == "altas serves" {
			return cmd, output, line["listen"].(string)
		}
	}
	t.Fatalf("it does not serve: %v", cmd.Wait())
	return nil, nil, ""
}

// The unchanged example, a name instead of an id and a domain instead of a tenant: each is
// reported, and the service does not start.
func TestServeRefusesNonsense(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	rules, err := os.ReadFile("../../service/altas.example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "altas.yaml"), string(rules))
	got := altas(t, dir, []string{
		"BOT_APP_ID=abc", "BOT_TENANT_ID=x", "BOT_APP_PASSWORD=s3cret",
		"AZURE_TENANT_ID=seducoahuila.gob.mx", "AZURE_CLIENT_ID=abc", "AZURE_CLIENT_SECRET=s3cret",
	}, "serve")
	if got.status != 2 {
		t.Errorf("status %d", got.status)
	}
	for _, fault := range []string{"BOT_APP_ID: ", "BOT_TENANT_ID: ", "AZURE_TENANT_ID: ", "AZURE_CLIENT_ID: ",
		"stages[0].approvers: ", "stages[1].approvers: ", "administrators: ", "platform.channel: "} {
		if !strings.Contains(got.errOut, fault) {
			t.Errorf("nothing is said of %q in:\n%s", fault, got.errOut)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "data")); !os.IsNotExist(err) {
		t.Errorf("a store was made: %v", err)
	}
}

// The service stops in order within 10 s: on Ctrl-C, on SIGTERM from systemd or the Windows
// service, and when the terminal is closed.
func TestServeEndsInOrder(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("signals cannot be sent to a process there")
	}
	for _, sent := range []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP} {
		t.Run(sent.String(), func(t *testing.T) {
			t.Parallel()
			if sent == syscall.SIGHUP && signal.Ignored(sent) {
				t.Skip("the tests run under nohup, and the program minds it")
			}
			cmd, output, address := serving(t, t.TempDir())
			answer, err := http.Get("http://" + address + "/healthz") //nolint:noctx // bounded by the test's timeout
			if err != nil || answer.StatusCode != http.StatusOK {
				t.Fatalf("healthz: %v, %v", answer, err)
			}
			_ = answer.Body.Close()
			told := time.Now()
			if err := cmd.Process.Signal(sent); err != nil {
				t.Fatal(err)
			}
			var last string
			for output.Scan() {
				last = output.Text()
			}
			if err := cmd.Wait(); err != nil || !strings.Contains(last, "altas stopped") {
				t.Errorf("it ended with %v, saying last %s", err, last)
			}
			if took := time.Since(told); took > 10*time.Second {
				t.Errorf("ending took %v", took)
			}
		})
	}
}

// A second process on the same store is refused, and the first continues.
func TestOneStoreOneProcess(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	cmd, _, _ := serving(t, dir)
	for _, args := range [][]string{{"check-store"}, {"centres", "import", "centros.csv"}} {
		write(t, filepath.Join(dir, "centros.csv"), "cct,nombre\n05DPR0221C,Benito Juárez\n")
		got := altas(t, dir, nil, args...)
		if got.status != 1 || !strings.Contains(got.errOut, "in use by another process") {
			t.Errorf("%v: %v", args, got)
		}
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Error(err)
	}
	_ = cmd.Wait()
}
