package job

import (
	"errors"
	"fmt"
	"testing"
	"time"
)

func TestDelaysGrowAndEnd(t *testing.T) {
	t.Parallel()
	plain := errors.New("any")
	for attempt, want := range map[int]time.Duration{0: 2 * time.Second, 1: 4 * time.Second, 8: 512 * time.Second, 9: 10 * time.Minute, 500: 10 * time.Minute} {
		if got := delay(attempt, plain); got < want || got > want+want/4 {
			t.Errorf("delay(%d) = %s, want %s and up to a quarter more", attempt, got, want)
		}
	}
	if got := delay(500, fmt.Errorf("x: %w", RetryAfter(time.Minute, plain))); got < time.Minute || got > 61*time.Second {
		t.Errorf("a delay that was told = %s, want a minute", got)
	}
}

// A record that causes a panic fails only its own job, which is retried with growing delays; the
// others continue.
func TestAPanicFailsItsJobAlone(t *testing.T) {
	t.Parallel()
	if err := Safely(func() error { panic("a nil map, say") }); err == nil || IsPermanent(err) {
		t.Errorf("Safely = %v, want an error to try again after", err)
	}
}

func TestTheOuterMarkCounts(t *testing.T) {
	t.Parallel()
	plain := errors.New("any")
	for name, c := range map[string]struct {
		err  error
		want bool
	}{
		"none":                      {plain, false},
		"permanent":                 {fmt.Errorf("x: %w", Permanent(plain)), true},
		"retry":                     {RetryAfter(1, plain), false},
		"permanent, yet to retry":   {RetryAfter(1, fmt.Errorf("x: %w", Permanent(plain))), false},
		"to retry, yet permanent":   {Permanent(fmt.Errorf("x: %w", RetryAfter(1, plain))), true},
		"permanent among others":    {errors.Join(plain, Permanent(plain)), true},
		"nothing":                   {nil, false},
		"permanent, wrapped in two": {fmt.Errorf("y: %w", fmt.Errorf("x: %w", Permanent(plain))), true},
	} {
		if got := IsPermanent(c.err); got != c.want {
			t.Errorf("%s: IsPermanent = %v, want %v", name, got, c.want)
		}
	}
}
