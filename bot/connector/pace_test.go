package connector

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

// Someone has 2,000 things to say in one channel. No window ever holds more than
// Teams allows, and nothing waits longer than it must.
func TestNoLimitIsBroken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPacer(time.Now)
		var sent []time.Time
		for range 2000 {
			wait, ok := p.reserve(sending, "19:channel", time.Hour*2)
			if !ok {
				t.Fatal("not reserved")
			}
			_ = sleep(t.Context(), wait)
			sent = append(sent, time.Now())
		}
		for _, w := range sending.limits() {
			for i := w.calls; i < len(sent); i++ {
				if d := sent[i].Sub(sent[i-w.calls]); d <= w.span {
					t.Fatalf("%d calls within %v", w.calls+1, d)
				}
			}
		}
		if took := sent[1799].Sub(sent[0]); took > 16*time.Minute {
			t.Errorf("the first 1,800 took %v", took)
		}
	})
}

func TestImpatientTakesNoSlot(t *testing.T) {
	t.Parallel()
	now := time.Unix(1e9, 0)
	p := newPacer(func() time.Time { return now })
	for range 7 {
		if wait, ok := p.reserve(sending, "t", 0); !ok || wait != 0 {
			t.Fatalf("wait = %v, %v", wait, ok)
		}
	}
	for range 100 {
		if wait, ok := p.reserve(sending, "t", 0); ok || wait <= time.Second || wait > 2*time.Second {
			t.Fatalf("8th: wait = %v, %v", wait, ok)
		}
	}
	if _, ok := p.reserve(sending, "another", 0); !ok {
		t.Error("another thread had to wait")
	}
	if _, ok := p.reserve(reading, "t", 0); !ok {
		t.Error("reading had to wait for sending")
	}
}

func TestRetryAfterKeepsAThreadQuiet(t *testing.T) {
	t.Parallel()
	now := time.Unix(1e9, 0)
	p := newPacer(func() time.Time { return now })
	p.block(sending, "t", 150*time.Second)
	p.block(sending, "t", 10*time.Second) // a shorter one does not shorten it
	if wait, ok := p.reserve(sending, "t", time.Second); ok || wait != 150*time.Second {
		t.Errorf("wait = %v, %v, want 150 s", wait, ok)
	}
	now = now.Add(150 * time.Second)
	if wait, ok := p.reserve(sending, "t", 0); !ok {
		t.Errorf("afterwards: wait = %v", wait)
	}
}

func TestPacerForgets(t *testing.T) {
	t.Parallel()
	now := time.Unix(1e9, 0)
	p := newPacer(func() time.Time { return now })
	for i := range 10 * maxTrails {
		now = now.Add(time.Millisecond)
		p.reserve(sending, fmt.Sprint("chat", i), 0)
	}
	if n := len(p.trails); n > maxTrails {
		t.Errorf("%d threads kept, want at most %d", n, maxTrails)
	}
}

// A chat that is written to too fast is told apart from a crowd of chats, which is
// worth waiting for; and nobody begins a wait that outlasts their time.
func TestChatsAndCrowds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		still := time.Now() // nothing is waited for, all ask in the same moment
		c := &Connector{pace: newPacer(func() time.Time { return still }), maxWait: 3 * time.Second, sleep: func(context.Context, time.Duration) error { return nil }}
		ask := func(ctx context.Context, thread string) string {
			err := c.paceFor(ctx, request{op: "send", lane: sending, thread: thread})
			if failed, ok := errors.AsType[*Error](err); ok {
				return failed.Code
			}
			return ""
		}
		for i := range 8 {
			if code := ask(t.Context(), "one"); code != "" {
				t.Fatalf("message %d of one chat: %s", i+1, code)
			}
		}
		for range 200 {
			_ = ask(t.Context(), "one")
		}
		if code := ask(t.Context(), "one"); code != CodePaced {
			t.Errorf("the next of the same chat: %q, want %s", code, CodePaced)
		}
		answered := 0
		for i := range 300 {
			if ask(t.Context(), fmt.Sprint("chat ", i)) == "" {
				answered++
			}
		}
		if answered < 130 || answered > 150 {
			t.Errorf("%d of 300 chats within three seconds, want 50 a second", answered)
		}
		if code := ask(t.Context(), "late"); code != CodeCrowded {
			t.Errorf("a chat in the crowd: %q, want %s", code, CodeCrowded)
		}
		hurried, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
		defer cancel()
		c.pace = newPacer(func() time.Time { return still })
		for range 7 {
			_ = ask(t.Context(), "one")
		}
		if code := ask(hurried, "one"); code != CodePaced {
			t.Errorf("a wait of a second with half a second left: %q, want %s", code, CodePaced)
		}
	})
}
