package letter_test

import (
	"bytes"
	"flag"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning/letter"
	"seducoahuila.gob.mx/altas/provisioning/pdf"
)

// pdfs is where the letters that the tests print are left, to be looked at.
var pdfs = flag.String("pdfs", "", "directory for the printed letters")

// printed returns the letter as a file, also left in *pdfs by its name.
func printed(t testing.TB, name string, c letter.Content) string {
	t.Helper()
	var b bytes.Buffer
	if err := (pdf.Folio{}).Render(&b, letter.Compose(template(), c, seal)); err != nil {
		t.Fatal(err)
	}
	dir := *pdfs
	if dir == "" {
		dir = t.TempDir() // a new one for each letter
	}
	file := filepath.Join(dir, name+".pdf")
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// poppler returns what one of poppler's programs writes; the test is skipped where it is not installed, but not in CI.
func poppler(t testing.TB, program string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s is required in CI: poppler-utils", program)
		}
		t.Skipf("%s is not installed", program)
	}
	out, err := exec.CommandContext(t.Context(), program, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v: %s", program, err, out)
	}
	return string(out)
}

// The usual letter fits one page; others end with the signature, not with a code alone.
func TestLettersArePrinted(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		content letter.Content
		pages   string
	}{
		"one": {content(1), "1"}, "recovery": {recovered(), "1"}, "rejection": {rejection(), "1"}, "forty": {mixed(40), "3"},
	} {
		file := printed(t, name, c.content)
		if info := poppler(t, "pdfinfo", file); !regexp.MustCompile(`Pages:\s+` + c.pages + `\n`).MatchString(info) {
			t.Errorf("%s: want %s pages, and pdfinfo says\n%s", name, c.pages, info)
		}
		last := poppler(t, "pdftotext", "-f", c.pages, file, "-")
		for _, want := range []string{"Sin otro particular", "ATENTAMENTE", "Titular de la", "c.c.p.", "K7QF-3M2X-9TBD", "Página " + c.pages + " de " + c.pages} {
			if !strings.Contains(last, want) {
				t.Errorf("%s: the last page has no %q:\n%s", name, want, last)
			}
		}
	}
}

// Wherever the page ends, the farewell, the signature and the code stay together.
func TestTheEndOfALetterStaysTogether(t *testing.T) {
	t.Parallel()
	for n := 1; n <= 12; n++ {
		text := poppler(t, "pdftotext", printed(t, "end", content(n)), "-")
		pages := strings.Split(strings.TrimSuffix(text, "\f"), "\f")
		for _, want := range []string{"Sin otro particular", "Titular de la", "K7QF-3M2X-9TBD"} {
			if last := pages[len(pages)-1]; !strings.Contains(last, want) {
				t.Errorf("%d accounts: the last page has no %q:\n%s", n, want, last)
			}
		}
	}
}

// Every name and every account of 3,000 can be read from the file.
func TestThreeThousandAccountsArePrinted(t *testing.T) {
	t.Parallel()
	c := mixed(3000)
	text := poppler(t, "pdftotext", "-raw", printed(t, "three-thousand", c), "-")
	text = strings.Join(strings.Fields(strings.ReplaceAll(text, "\n@", "@")), " ")
	for _, l := range c.Lines {
		if !strings.Contains(text, " "+l.Name+" "+string(l.CCT)+" "+string(l.Address)) {
			t.Fatalf("the text has no line of %s, %s", l.Name, l.Address)
		}
	}
}

// BenchmarkThreeThousandAccounts also reports how much memory the letter takes beyond what was in
// use before.
func BenchmarkThreeThousandAccounts(b *testing.B) {
	c, t := mixed(3000), template()
	runtime.GC()
	before := inUse()
	peak, done := make(chan uint64), make(chan struct{})
	go func() {
		most, tick := uint64(0), time.NewTicker(2*time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				most = max(most, inUse())
			case <-done:
				peak <- most
				return
			}
		}
	}()
	for b.Loop() {
		if err := (pdf.Folio{}).Render(io.Discard, letter.Compose(t, c, seal)); err != nil {
			b.Fatal(err)
		}
	}
	close(done)
	b.ReportMetric(float64(<-peak-before)/1e6, "peak-MB")
}

func inUse() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse + m.StackInuse
}
