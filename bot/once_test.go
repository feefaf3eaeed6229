package bot

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/bot/turn"
)

// Teams repeats a message while the first is being handled, and the first fails: the second is
// handled, a third is not.
func TestSentAgainWhileTheFirstFails(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := &Bot{seen: turn.NewDedupe(turn.SeenFor, time.Now)}
		a := &connector.Activity{ID: "1", Conversation: connector.Conversation{ID: "a:silvia"}}
		release, first := make(chan struct{}), make(chan error, 1)
		go func() {
			first <- b.once(t.Context(), a, func(context.Context, *connector.Activity) error {
				<-release
				return errors.New("the disk is full")
			})
		}()
		synctest.Wait()
		handled, second := 0, make(chan error, 1)
		count := func(context.Context, *connector.Activity) error { handled++; return nil }
		go func() { second <- b.once(t.Context(), a, count) }()
		synctest.Wait()
		if handled != 0 || len(second) != 0 {
			t.Error("the second did not wait for the first")
		}
		close(release)
		if err := <-first; err == nil {
			t.Error("the first did not fail")
		}
		if err := <-second; err != nil || handled != 1 {
			t.Errorf("the second: %v, handled %d times", err, handled)
		}
		if err := b.once(t.Context(), a, count); err != nil || handled != 1 {
			t.Errorf("the third: %v, handled %d times", err, handled)
		}
	})
}
