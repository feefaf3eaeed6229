package connector

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

// 2,000 messages for one channel: no window ever has more than Teams allows, and none waits
// longer than necessary.
func TestNoLimitIsBroken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPacer(time.Now)
		var sent []time.Time
		for range 2000 {
			wait, ok := p.reserve(writing, "19:channel", time.Hour*2)
			if !ok {
				t.Fatal("not reserved")
			}
			_ = sleep(t.Context(), wait)
			sent = append(sent, time.Now())
		}
		for _, w := range writing.limits() {
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

// A person asks while the cards of a long list are being updated in their chat: the answer goes
// first, and all calls together keep to the limits.
func TestAnswersGoBeforeTheBackground(t *testing.T) {
	t.Parallel()
	now := time.Unix(1e9, 0)
	p := newPacer(func() time.Time { return now })
	slots := func() []time.Time { return p.histories[historyKey{writing, "chat"}].slots }
	redrawn, asked := 0, 0
	for step := range 40_000 {
		now = now.Add(100 * time.Millisecond)
		for range 5 {
			if _, ok := p.reserve(background, "chat", 3*time.Second); ok {
				redrawn++
			}
		}
		if step%300 == 0 { // every 30 s
			if wait, ok := p.reserve(writing, "chat", 3*time.Second); !ok || wait > time.Second {
				t.Fatalf("an answer after %v: wait = %v, %v", time.Duration(step)*100*time.Millisecond, wait, ok)
			}
			asked++
		}
		all := slots()
		if len(all) > 1800 {
			t.Fatalf("%d calls remembered, want those of an hour", len(all))
		}
		for _, w := range writing.limits() {
			for i := max(w.calls, len(all)-50); i < len(all); i++ {
				if d := all[i].Sub(all[i-w.calls]); d <= w.span {
					t.Fatalf("%d calls within %v", w.calls+1, d)
				}
			}
		}
	}
	if lasted := 4000 * time.Second; redrawn+asked < int(lasted/time.Hour)*1575 || redrawn+asked > 2*1800 {
		t.Errorf("%d redrawn and %d answered in %v", redrawn, asked, lasted)
	}
}

func TestImpatientTakesNoSlot(t *testing.T) {
	t.Parallel()
	now := time.Unix(1e9, 0)
	p := newPacer(func() time.Time { return now })
	for range 7 {
		if wait, ok := p.reserve(writing, "t", 0); !ok || wait != 0 {
			t.Fatalf("wait = %v, %v", wait, ok)
		}
	}
	for range 100 {
		if wait, ok := p.reserve(writing, "t", 0); ok || wait <= time.Second || wait > 2*time.Second {
			t.Fatalf("8th: wait = %v, %v", wait, ok)
		}
	}
	if _, ok := p.reserve(writing, "another", 0); !ok {
		t.Error("another thread had to wait")
	}
	if _, ok := p.reserve(reading, "t", 0); !ok {
		t.Error("reading had to wait for writing")
	}
}

func TestRetryAfterKeepsAThreadQuiet(t *testing.T) {
	t.Parallel()
	now := time.Unix(1e9, 0)
	p := newPacer(func() time.Time { return now })
	p.markThrottled("t", 150*time.Second)
	p.markThrottled("t", 10*time.Second) // a shorter one does not shorten it
	if wait, ok := p.reserve(writing, "t", time.Second); ok || wait != 150*time.Second {
		t.Errorf("wait = %v, %v, want 150 s", wait, ok)
	}
	now = now.Add(150 * time.Second)
	if wait, ok := p.reserve(writing, "t", 0); !ok {
		t.Errorf("afterwards: wait = %v", wait)
	}
}

// The number of throttled conversations is bounded: ended ones are dropped, and the longest are
// kept.
func TestThrottledConversationsAreBounded(t *testing.T) {
	t.Parallel()
	now := time.Unix(1e9, 0)
	p := newPacer(func() time.Time { return now })
	for i := range 3 * maxThrottled {
		p.markThrottled(fmt.Sprint("chat", i), time.Minute+time.Duration(i)*time.Second)
	}
	if n := len(p.throttled); n != maxThrottled {
		t.Errorf("%d conversations throttled, want %d", n, maxThrottled)
	}
	if wait, ok := p.reserve(writing, fmt.Sprint("chat", 3*maxThrottled-1), 0); ok {
		t.Errorf("the longest was forgotten: wait = %v", wait)
	}
	now = now.Add(2 * time.Hour)
	p.markThrottled("one more", time.Minute)
	if n := len(p.throttled); n != 1 {
		t.Errorf("%d conversations throttled after all others ended", n)
	}
}

func TestPacerForgets(t *testing.T) {
	t.Parallel()
	now := time.Unix(1e9, 0)
	p := newPacer(func() time.Time { return now })
	for i := range 10 * maxHistories {
		now = now.Add(time.Millisecond)
		p.reserve(writing, fmt.Sprint("chat", i), 0)
	}
	if n := len(p.histories); n > maxHistories {
		t.Errorf("%d threads kept, want at most %d", n, maxHistories)
	}
}

// The limit of one chat is distinguished from that of all chats together, which is waited for;
// no wait begins that exceeds its context's deadline.
func TestChatsAndCrowds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		still := time.Now() // no call waits: all are made at the same time
		c := &Connector{pace: newPacer(func() time.Time { return still }), maxWait: 3 * time.Second, sleep: func(context.Context, time.Duration) error { return nil }}
		ask := func(ctx context.Context, thread string) string {
			err := c.paceFor(ctx, request{op: "send", lane: writing, thread: thread})
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
		fastClock, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
		defer cancel()
		c.pace = newPacer(func() time.Time { return still })
		for range 7 {
			_ = ask(t.Context(), "one")
		}
		if code := ask(fastClock, "one"); code != CodePaced {
			t.Errorf("a wait of a second with half a second left: %q, want %s", code, CodePaced)
		}
	})
}
