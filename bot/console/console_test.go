package console

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"syscall"
	"testing"
)

func TestErrorInEachLanguage(t *testing.T) {
	t.Parallel()
	domain := Errorf("%s.domain: %q is no domain", "types.docente", "x")
	missing := &fs.PathError{Op: "open", Path: "altas.db", Err: syscall.ENOENT}
	for name, c := range map[string]struct {
		err    error
		es, en string
	}{
		"a fault":      {domain, `types.docente.domain: "x" no es un dominio`, `types.docente.domain: "x" is no domain`},
		"in another":   {Errorf("%w (ALTAS_CONFIG names the file)", domain), `types.docente.domain: "x" no es un dominio (ALTAS_CONFIG nombra el archivo)`, `types.docente.domain: "x" is no domain (ALTAS_CONFIG names the file)`},
		"a phrase":     {Errorf("%s: want %s, not %v", "a", Phrase("a list"), 1), "a: debe ser una lista, no 1", "a: want a list, not 1"},
		"joined":       {errors.Join(domain, errors.New("differences remain")), "types.docente.domain: \"x\" no es un dominio\nquedan diferencias", "types.docente.domain: \"x\" is no domain\ndifferences remain"},
		"wrapped":      {fmt.Errorf("serve: %w", domain), `serve: types.docente.domain: "x" no es un dominio`, `serve: types.docente.domain: "x" is no domain`},
		"a file":       {Errorf("check-store: %w (STORE_PATH or -path names another)", missing), "check-store: altas.db: no existe (STORE_PATH o -path nombran otro; Altas lo crea al arrancar)", "check-store: open altas.db: no such file or directory (STORE_PATH or -path names another)"},
		"without text": {errors.New("token expired"), "token expired", "token expired"},
	} {
		for _, locale := range []string{"", "es-MX", "es"} {
			if got := In(locale).Error(c.err); got != c.es {
				t.Errorf("%s in %q: %s, want %s", name, locale, got, c.es)
			}
		}
		for _, got := range []string{In("en").Error(c.err), In(" EN-us").Error(c.err), c.err.Error()} {
			if got != c.en {
				t.Errorf("%s in English: %s, want %s", name, got, c.en)
			}
		}
	}
	if !errors.Is(Errorf("x: %w", fs.ErrNotExist), fs.ErrNotExist) {
		t.Error("what an error wraps is lost")
	}
}

// A text with a percent sign from elsewhere is no format.
func TestValuesAreNoFormats(t *testing.T) {
	t.Parallel()
	if got := In("es-MX").Error(Errorf("%s is empty", "100%d")); !strings.HasPrefix(got, "100%d ") {
		t.Error(got)
	}
}
