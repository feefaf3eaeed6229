package service_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"seducoahuila.gob.mx/altas/bot/service"
)

// startError opens the office's service, and returns the error of its start.
func (o *office) startError() error {
	o.t.Helper()
	cfg, err := service.LoadConfig(func(name string) string { return o.env[name] })
	o.must(err)
	s, err := service.Open(cfg, service.NewLog(o.log, "debug", "json"))
	if err != nil {
		return err
	}
	return s.Close()
}

// The service does not start with keys or numbers of letters that it cannot read: it would repeat a
// number, or issue letters that nobody can verify later.
func TestTheServiceDoesNotStartWithoutWhatLettersNeed(t *testing.T) {
	t.Parallel()
	o := raise(t)
	key, numbers := filepath.Join(o.dir, "altas.key"), filepath.Join(o.dir, "altas.numbers")
	if err := o.startError(); err != nil {
		t.Fatalf("the first start: %v", err)
	}
	own, err := os.ReadFile(key)
	if err != nil {
		t.Fatal(err)
	}
	if mode, err := os.Stat(key); err != nil || mode.Mode().Perm() != 0o600 {
		t.Errorf("the key can be read by others: %v, %v", mode.Mode(), err)
	}
	for name, c := range map[string]struct{ file, content, says string }{
		"no key":         {key, "hola", "not the keys of letters"},
		"a short key":    {key, "0707", "not the keys of letters"},
		"no line":        {key, "\n", "empty; restore the file"},
		"null":           {numbers, "null", "not the last numbers of letters"},
		"an empty file":  {numbers, " ", "not the last numbers of letters"},
		"another format": {numbers, "[1]", "not the last numbers of letters"},
	} {
		o.must(os.WriteFile(c.file, []byte(c.content), 0o600))
		if err := o.startError(); err == nil || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), c.file) {
			t.Errorf("%s: %v", name, err)
		}
		o.must(os.WriteFile(key, own, 0o600))
		o.must(os.RemoveAll(numbers))
	}
	if err := o.startError(); err != nil {
		t.Errorf("with its own again: %v", err)
	}
}

// The store was restored without the key beside it: letters go on with a new one, the log says which is
// missing, and once its line is back both are verified.
func TestALostKeyComesBack(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	first, second := o.sends(o.silvia, lucia), o.sends(o.silvia, luis)
	o.authorises(first)
	o.letterCard(first, "letter.sent")
	o.stop()
	path := filepath.Join(o.dir, "altas.key")
	former, err := os.ReadFile(path)
	o.must(err)
	o.must(os.Remove(path))
	o.start()
	o.must(o.log.says(o.within(), "letters were issued with a key that is missing"))
	o.authorises(second)
	o.letterCard(second, "letter.sent")
	o.stop()
	of := map[string]string{first: o.lettersOf(first)[0].Code, second: o.lettersOf(second)[0].Code}
	pages := func(want map[string]int) {
		t.Helper()
		o.start()
		for folio, status := range want {
			if got, body := o.page("/oficio/" + of[folio]); got != status {
				t.Errorf("%s: %d\n%s", folio, got, body)
			}
		}
		o.stop()
	}
	pages(map[string]int{first: http.StatusServiceUnavailable, second: http.StatusOK})
	further, err := os.ReadFile(path)
	o.must(err)
	o.must(os.WriteFile(path, append(former, further...), 0o600))
	pages(map[string]int{first: http.StatusOK, second: http.StatusOK})
}
