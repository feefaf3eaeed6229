package main

import (
	"bytes"
	"flag"
	"image/png"
	"os"
	"path/filepath"
	"testing"
)

var updateFlow = flag.Bool("update", false, "rewrite the flow chart of the example file's rules")

const (
	exampleRules = "../../service/altas.example.yaml"
	committed    = "../../guide/flujo.svg"
)

// The flow chart in the documentation is that of the example file's rules. Look at it after -update.
func TestTheFlowChartIsThatOfTheRules(t *testing.T) {
	t.Parallel()
	out := filepath.Join(t.TempDir(), "flujo.svg")
	if code := run(t.Context(), []string{"flow", "-config", exampleRules, "-o", out}, t.Output(), t.Output()); code != 0 {
		t.Fatalf("altas flow: %d", code)
	}
	got, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	if *updateFlow {
		if err := os.WriteFile(committed, got, 0o644); err != nil { //nolint:gosec // as git has it
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(committed)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is not that of %s: go test -update rewrites it", committed, exampleRules)
	}
}

func TestFlowOfARecoveryAsPNG(t *testing.T) {
	t.Parallel()
	out := filepath.Join(t.TempDir(), "recovery.png")
	if code := run(t.Context(), []string{"flow", "-config", exampleRules, "-recovery", "-lang", "en", "-o", out}, t.Output(), t.Output()); code != 0 {
		t.Fatalf("altas flow: %d", code)
	}
	file, err := os.Open(out)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	size, err := png.DecodeConfig(file)
	if err != nil || size.Width != 2048 {
		t.Errorf("%+v, %v", size, err)
	}
}

func TestFlowNeedsAPictureToWrite(t *testing.T) {
	t.Parallel()
	for _, out := range []string{"", "flujo.txt"} {
		if code := run(t.Context(), []string{"flow", "-config", exampleRules, "-o", out}, t.Output(), t.Output()); code != 2 {
			t.Errorf("-o %q: %d, want 2", out, code)
		}
	}
}
