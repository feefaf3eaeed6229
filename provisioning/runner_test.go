package provisioning

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
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

// A record that something stumbles over fails its own job; the others go on, and it is
// tried again with growing delays.
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

func TestWhatAFailureIsCalled(t *testing.T) {
	t.Parallel()
	args := map[string]string{"address": "a@b.mx"}
	named := func(reason string) error {
		return fmt.Errorf("create: %w", Permanent(&Error{Code: CodeConflict, Reason: reason, Args: args}))
	}
	for reason, want := range map[string]string{
		DirectoryNoPermission: "trouble.permission", DirectoryBadDomain: "trouble.domain", DirectoryAddressTaken: "trouble.unseen_holder",
		DirectoryNotReady: "trouble.not_ready", DirectoryNotFound: "trouble.vanished", DirectoryWeakPassword: "trouble.password",
		DirectoryRefused: "trouble.refused", "receipts.address_taken": "trouble.receipts", "trouble.addresses": "trouble.addresses",
		"address.held": "address.held",
	} {
		if diff := cmp.Diff(Trouble{Reason: want, Args: args}, troubleOf(named(reason))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", reason, diff)
		}
	}
	if got := troubleOf(errors.New("disk full")); got.Reason != "trouble.internal" || got.Args != nil {
		t.Errorf("an unknown failure is called %+v", got)
	}
}

// shelf is a stock that counts how often it was asked.
type shelf struct {
	free, asked int
	err         error
}

func (s *shelf) Licences(context.Context) ([]Licence, error) {
	s.asked++
	return []Licence{{SKU: "a1", Free: s.free}}, s.err
}

func TestStockRoom(t *testing.T) {
	t.Parallel()
	now := noon
	s := &shelf{free: 2, err: errors.New("away")}
	room := NewStockRoom(s, time.Minute, func() time.Time { return now })
	look := func() {
		t.Helper()
		if _, err := room.Licences(t.Context()); err != nil {
			t.Error(err)
		}
	}
	want := func(what string, free, asked int) {
		t.Helper()
		if room.Free("a1") != free || s.asked != asked {
			t.Errorf("%s: %d free, asked %d times; want %d, %d", what, room.Free("a1"), s.asked, free, asked)
		}
	}
	if _, err := room.Licences(t.Context()); err == nil {
		t.Error("a failure is kept to itself")
	}
	want("never answered", 0, 1)
	s.err = nil
	look()
	look()
	want("kept", 2, 2)
	room.Used("a1")
	room.Used("no such")
	want("one assigned", 1, 2)
	room.Exhausted("a1")
	room.Used("a1")
	want("refused", 0, 2)
	now = now.Add(time.Minute)
	look()
	want("too old", 2, 3)
	room.Forget()
	look()
	want("forgotten", 2, 4)
}
