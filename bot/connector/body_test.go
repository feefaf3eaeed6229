package connector

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// A sender with a valid token may send its body slowly. A bounded number is read at once: the
// next request is refused after a short wait, and accepted once one is through.
func TestBodiesReadAtOnceAreBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := &Connector{bodies: make(chan struct{}, maxBodies)}
		read := func(body io.Reader) (string, error) {
			text, err := c.readBody(t.Context(), &http.Request{ContentLength: -1, Body: io.NopCloser(body)})
			return string(text), err
		}
		slow := make([]*io.PipeWriter, maxBodies)
		var group sync.WaitGroup
		for i := range slow {
			var body *io.PipeReader
			body, slow[i] = io.Pipe()
			group.Go(func() {
				if text, err := read(body); err != nil || text != "hola" {
					t.Errorf("a slow body: %q, %v", text, err)
				}
			})
		}
		synctest.Wait()
		began := time.Now()
		_, err := read(strings.NewReader("x"))
		refused, ok := errors.AsType[*Refusal](err)
		if took := time.Since(began); !ok || refused.Status != http.StatusServiceUnavailable || took != bodyPatience {
			t.Errorf("one too many: %v after %v, want 503 after %v", err, took, bodyPatience)
		}
		time.AfterFunc(bodyPatience/2, func() {
			_, _ = io.WriteString(slow[0], "hola")
			_ = slow[0].Close()
		})
		if text, err := read(strings.NewReader("x")); err != nil || text != "x" {
			t.Errorf("when one is through: %q, %v", text, err)
		}
		for _, s := range slow[1:] {
			_, _ = io.WriteString(s, "hola")
			_ = s.Close()
		}
		group.Wait()
	})
}
