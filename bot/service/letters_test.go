package service_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"seducoahuila.gob.mx/altas/bot/service"
	"seducoahuila.gob.mx/altas/provisioning/letter"
	"seducoahuila.gob.mx/altas/store"
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

// The service does not start with another key than that of the letters that people have, nor with
// numbers that it cannot read: it would say of genuine letters that they are none, or repeat a number.
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
	for name, c := range map[string]struct {
		file    string
		content string // "" removes it
		says    string
	}{
		"no key":         {key, "", "not the key with which letters were issued; restore it from its backup"},
		"another key":    {key, strings.Repeat("07", letter.KeySize), "not the key with which letters were issued"},
		"no key at all":  {key, "hola", "not a key of letters"},
		"null":           {numbers, "null", "not the last numbers of letters"},
		"an empty file":  {numbers, " ", "not the last numbers of letters"},
		"another format": {numbers, "[1]", "not the last numbers of letters"},
	} {
		if c.content == "" {
			o.must(os.Remove(c.file))
		} else {
			o.must(os.WriteFile(c.file, []byte(c.content), 0o600))
		}
		if err := o.startError(); err == nil || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), c.file) {
			t.Errorf("%s: %v", name, err)
		}
		o.must(os.WriteFile(key, own, 0o600))
		o.must(os.RemoveAll(numbers))
	}
	if err := o.startError(); err != nil {
		t.Errorf("with its own again: %v", err)
	}
	db, err := store.Open(o.env["STORE_PATH"], store.Options{})
	o.must(err)
	o.must(db.Update(t.Context(), letter.ForgetKey))
	o.must(db.Close())
	o.must(os.Remove(key))
	if err := o.startError(); err != nil {
		t.Errorf("after the key was given up: %v", err)
	}
}
