package cards

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files: read the diff, and look at the pictures")

// tuesday is 14 July 2026, 10:32 in Saltillo.
var tuesday = time.Date(2026, time.July, 14, 10, 32, 0, 0, time.FixedZone("America/Monterrey", -6*60*60))

func TestGolden(t *testing.T) {
	t.Parallel()
	for _, g := range Gallery(tuesday) {
		t.Run(g.Locale+"/"+g.Name, func(t *testing.T) {
			t.Parallel()
			golden(t, filepath.Join(g.Locale, g.Name+".json"), pretty(t, g.Card))
		})
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", "golden", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

func pretty(t *testing.T, c Card) []byte {
	t.Helper()
	compact, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	var indented bytes.Buffer
	if err := json.Indent(&indented, compact, "", " "); err != nil {
		t.Fatal(err)
	}
	return append(indented.Bytes(), '\n')
}
