package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"testing"
)

// childEnv makes the test binary run the program, so that the test sees what people run, with its
// exit status.
const childEnv = "ALTAS_TEST_PROGRAM"

// peakEnv names a file to which the program's peak memory is written.
const peakEnv = "ALTAS_TEST_PEAK"

func TestMain(m *testing.M) {
	_ = os.Setenv("ALTAS_LOCALE", cmp.Or(os.Getenv("ALTAS_LOCALE"), "en")) // what most tests expect; that of a test goes before
	if os.Getenv(childEnv) != "" {
		ctx, stop := signal.NotifyContext(context.Background(), stopSignals()...)
		code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
		stop()
		if path := os.Getenv(peakEnv); path != "" {
			status, _ := os.ReadFile("/proc/self/status") // getrusage would include the parent's, from before exec
			_ = os.WriteFile(path, status, 0o600)
		}
		os.Exit(code)
	}
	os.Exit(m.Run())
}

// ended is the result of a run of the program.
type ended struct {
	status      int
	out, errOut string
}

func (e ended) String() string { return fmt.Sprintf("status %d\n%s%s", e.status, e.out, e.errOut) }

// altas runs the program in the folder with only this environment.
func altas(t testing.TB, dir string, env []string, args ...string) ended {
	t.Helper()
	var out, errOut bytes.Buffer
	cmd := exec.CommandContext(t.Context(), os.Args[0], args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &out, &errOut
	cmd.Env = append([]string{childEnv + "=1", "TMPDIR=" + os.TempDir()}, env...)
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return ended{cmd.ProcessState.ExitCode(), out.String(), errOut.String()}
}
