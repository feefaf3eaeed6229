package creation

import (
	"context"
	"errors"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
)

// slowStock is a tenant that answers when the test lets it.
type slowStock struct {
	asked  chan struct{}
	answer chan []provisioning.Licence
}

func (s slowStock) Licences(ctx context.Context) ([]provisioning.Licence, error) {
	s.asked <- struct{}{}
	select {
	case l := <-s.answer:
		return l, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Transactions ask how many licences are free. While the tenant is slow, none of them waits for it,
// and so no other writer waits for them.
func TestATenantThatIsSlowHoldsUpNoTransaction(t *testing.T) {
	t.Parallel()
	tenant := slowStock{asked: make(chan struct{}, 1), answer: make(chan []provisioning.Licence)}
	room := NewLicenceCache(tenant, time.Minute, time.Now)
	first := make(chan error)
	go func() { _, err := room.Licences(t.Context()); first <- err }()
	<-tenant.asked
	if n := room.Free("a1"); n != 0 {
		t.Errorf("%d free, before anybody knows", n)
	}
	room.Used("a1")
	room.Exhausted("a1")
	impatient, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := room.Licences(impatient); !errors.Is(err, context.Canceled) {
		t.Errorf("who will not wait gets %v", err)
	}
	tenant.answer <- []provisioning.Licence{{SKU: "a1", Free: 7}}
	if err := <-first; err != nil {
		t.Fatal(err)
	}
	all, err := room.Licences(t.Context())                         // fresh: no request
	if err != nil || all["a1"].Free != 6 || room.Free("a1") != 6 { // without the one assigned meanwhile
		t.Errorf("stock %v, %v", all, err)
	}
	room.Used("a1")
	if n := room.Free("a1"); n != 5 {
		t.Errorf("%d free after one was assigned", n)
	}
}

// countingStock counts its calls.
type countingStock struct {
	free, asked int
	err         error
}

func (s *countingStock) Licences(context.Context) ([]provisioning.Licence, error) {
	s.asked++
	return []provisioning.Licence{{SKU: "a1", Free: s.free}}, s.err
}

func TestLicenceCache(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 9, 14, 12, 0, 0, 0, time.UTC)
	s := &countingStock{free: 2, err: errors.New("away")}
	room := NewLicenceCache(s, time.Minute, func() time.Time { return now })
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
