package provisioningtest

import (
	"context"
	"errors"
	"iter"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

const (
	line1 = provisioning.Stamp("2026-000001-0001")
	line2 = provisioning.Stamp("2026-000001-0002")
	line3 = provisioning.Stamp("2026-000001-0003")
)

func addressCases() cases {
	return cases{
		"a reserved address is held":                         reserveHolds,
		"reserving again for the same line changes nothing":  reserveAgain,
		"reserving an address of another line is a conflict": reserveHeld,
		"only the line that holds an address releases it":    releaseByHolder,
		"a released address can be reserved":                 releaseFrees,
		"of concurrent reservations one succeeds":            reserveRace,
		"a retired address is held for ever":                 retireHolds,
		"an address of another line is not retired":          retireHeld,
	}
}

func seatCases() cases {
	return cases{
		"a seat is held once":                            holdOnce,
		"seats are counted by SKU":                       heldBySKU,
		"holding another SKU releases the former seat":   holdAnother,
		"lines wait first in, first out":                 waitInOrder,
		"waiting again keeps the position":               waitOnce,
		"a line waits in one queue":                      waitInOne,
		"holding a seat removes the line from its queue": holdLeavesQueue,
		"waiting releases the seat":                      waitReleases,
		"leaving releases the seat and the position":     leaveReleases,
		"seats may be held while the queue is read":      waitingWhileHolding,
	}
}

// take reserves the address for the line and puts the line with it, as provisioning does.
func take(a identity.Address, line provisioning.Stamp) func(provisioning.Tx) error {
	return func(tx provisioning.Tx) error {
		if err := tx.Reserve(a, line); err != nil {
			return err
		}
		acc, err := tx.Account(line)
		acc.Address = a
		return errors.Join(err, tx.PutAccount(acc))
	}
}

func wantHolder(t *testing.T, s provisioning.Store, a identity.Address, want provisioning.Stamp) {
	t.Helper()
	view(t, s, func(tx provisioning.Tx) error {
		got, err := tx.HolderOf(a)
		if got != want {
			t.Errorf("HolderOf(%s) = %q, want %q", a, got, want)
		}
		return err
	})
}

func reserveHolds(t *testing.T, s Subject) {
	putLines(t, s, "2026-000001", 1, 0)
	update(t, s, take("ana@docente.example", line1))
	wantHolder(t, s, "ana@docente.example", line1)
	wantHolder(t, s, "an@docente.example", "")
}

func reserveAgain(t *testing.T, s Subject) {
	putLines(t, s, "2026-000001", 1, 0)
	update(t, s, take("ana@docente.example", line1))
	update(t, s, take("ana@docente.example", line1))
	wantHolder(t, s, "ana@docente.example", line1)
}

func reserveHeld(t *testing.T, s Subject) {
	putLines(t, s, "2026-000001", 2, 0)
	update(t, s, take("ana@docente.example", line1))
	err := s.Update(context.Background(), take("ana@docente.example", line2))
	wantCode(t, "Reserve", err, problem.CodeConflict, "address.held")
	wantHolder(t, s, "ana@docente.example", line1)
}

func releaseByHolder(t *testing.T, s Subject) {
	putLines(t, s, "2026-000001", 2, 0)
	update(t, s, take("ana@docente.example", line1))
	update(t, s, func(tx provisioning.Tx) error {
		return errors.Join(tx.Release("ana@docente.example", line2), tx.Release("nadie@docente.example", line2), tx.Release("", line2))
	})
	wantHolder(t, s, "ana@docente.example", line1)
}

func releaseFrees(t *testing.T, s Subject) {
	putLines(t, s, "2026-000001", 2, 0)
	update(t, s, take("ana@docente.example", line1))
	update(t, s, func(tx provisioning.Tx) error {
		return errors.Join(tx.Release("ana@docente.example", line1), take("ana@docente.example", line2)(tx))
	})
	wantHolder(t, s, "ana@docente.example", line2)
}

// retire retires the address and puts the line without it and without its holder.
func retire(a identity.Address, line provisioning.Stamp) func(provisioning.Tx) error {
	return func(tx provisioning.Tx) error {
		if err := tx.Retire(a, line); err != nil {
			return err
		}
		acc, err := tx.Account(line)
		acc.Address, acc.ErasedAt = "", time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC)
		return errors.Join(err, tx.PutAccount(acc))
	}
}

func retireHolds(t *testing.T, s Subject) {
	putLines(t, s, "2026-000001", 3, 0)
	update(t, s, take("ana@docente.example", line1))
	for range 2 { // the second time changes nothing
		update(t, s, retire("ana@docente.example", line1))
	}
	update(t, s, retire("eva@docente.example", line3)) // was not reserved
	update(t, s, func(tx provisioning.Tx) error { return tx.Release("ana@docente.example", line1) })
	wantHolder(t, s, "ana@docente.example", line1)
	wantHolder(t, s, "eva@docente.example", line3)
	wantHolder(t, s, "an@docente.example", "")
	err := s.Update(context.Background(), take("ana@docente.example", line2))
	wantCode(t, "Reserve", err, problem.CodeConflict, "address.held")
}

func retireHeld(t *testing.T, s Subject) {
	putLines(t, s, "2026-000001", 2, 0)
	update(t, s, take("ana@docente.example", line1))
	update(t, s, func(tx provisioning.Tx) error { return tx.Retire("ana@docente.example", line2) })
	wantHolder(t, s, "ana@docente.example", line1)
	update(t, s, func(tx provisioning.Tx) error { return tx.Release("ana@docente.example", line1) })
	wantHolder(t, s, "ana@docente.example", "")
}

func reserveRace(t *testing.T, s Subject) {
	const callers = 50
	putLines(t, s, "2026-000001", callers, 0)
	var (
		group  sync.WaitGroup
		won    atomic.Int64
		winner atomic.Value
	)
	for i := range callers {
		group.Go(func() {
			line := provisioning.NewStamp("2026-000001", i+1)
			err := s.Update(context.Background(), take("ana@docente.example", line))
			if err == nil {
				won.Add(1)
				winner.Store(line)
				return
			}
			wantCode(t, "Reserve", err, problem.CodeConflict, "address.held")
		})
	}
	group.Wait()
	if won.Load() != 1 {
		t.Fatalf("%d lines got the address, want 1", won.Load())
	}
	wantHolder(t, s, "ana@docente.example", winner.Load().(provisioning.Stamp))
}

func wantHeld(t *testing.T, s provisioning.Store, sku string, want int) {
	t.Helper()
	view(t, s, func(tx provisioning.Tx) error {
		got, err := tx.Held(sku)
		if got != want {
			t.Errorf("Held(%s) = %d, want %d", sku, got, want)
		}
		return err
	})
}

func wantWaiting(t *testing.T, s provisioning.Store, queue string, want ...provisioning.Stamp) {
	t.Helper()
	wantAll(t, s, "Waiting("+queue+")", func(tx provisioning.Tx) iter.Seq2[provisioning.Stamp, error] { return tx.Waiting(queue) },
		func(s provisioning.Stamp) provisioning.Stamp { return s }, want...)
}

func hold(sku string, line provisioning.Stamp) func(provisioning.Tx) error {
	return func(tx provisioning.Tx) error { return tx.Hold(sku, line) }
}

func wait(queue string, line provisioning.Stamp) func(provisioning.Tx) error {
	return func(tx provisioning.Tx) error { return tx.Wait(queue, line) }
}

func leave(line provisioning.Stamp) func(provisioning.Tx) error {
	return func(tx provisioning.Tx) error { return tx.Leave(line) }
}

func holdOnce(t *testing.T, s Subject) {
	putLines(t, s, "2026-000001", 1, 0)
	update(t, s, hold("a1", line1))
	update(t, s, hold("a1", line1))
	wantHeld(t, s, "a1", 1)
}

func heldBySKU(t *testing.T, s Subject) {
	putLines(t, s, "2026-000001", 3, 0)
	for sku, line := range map[string]provisioning.Stamp{"a1": line1, "a3": line2} {
		update(t, s, hold(sku, line))
	}
	update(t, s, hold("a1", line3))
	wantHeld(t, s, "a1", 2)
	wantHeld(t, s, "a3", 1)
	wantHeld(t, s, "a5", 0)
}

func holdAnother(t *testing.T, s Subject) {
	putLines(t, s, "2026-000001", 1, 0)
	update(t, s, hold("a1", line1))
	update(t, s, hold("a3", line1))
	wantHeld(t, s, "a1", 0)
	wantHeld(t, s, "a3", 1)
}

func waitInOrder(t *testing.T, s Subject) {
	putLines(t, s, "2026-000001", 3, 0)
	for _, line := range []provisioning.Stamp{line3, line1, line2} {
		update(t, s, wait("docente", line))
	}
	wantWaiting(t, s, "docente", line3, line1, line2)
	wantWaiting(t, s, "alumno")
}

func waitOnce(t *testing.T, s Subject) {
	putLines(t, s, "2026-000001", 2, 0)
	for _, line := range []provisioning.Stamp{line1, line2, line1} {
		update(t, s, wait("docente", line))
	}
	wantWaiting(t, s, "docente", line1, line2)
}

func waitInOne(t *testing.T, s Subject) {
	putLines(t, s, "2026-000001", 1, 0)
	update(t, s, wait("docente", line1))
	update(t, s, wait("alumno", line1))
	wantWaiting(t, s, "docente", line1)
	wantWaiting(t, s, "alumno")
}

func holdLeavesQueue(t *testing.T, s Subject) {
	putLines(t, s, "2026-000001", 2, 0)
	update(t, s, wait("docente", line1))
	update(t, s, wait("docente", line2))
	update(t, s, hold("a1", line1))
	wantWaiting(t, s, "docente", line2)
	wantHeld(t, s, "a1", 1)
}

func waitReleases(t *testing.T, s Subject) {
	putLines(t, s, "2026-000001", 1, 0)
	update(t, s, hold("a1", line1))
	update(t, s, wait("docente", line1))
	wantHeld(t, s, "a1", 0)
	wantWaiting(t, s, "docente", line1)
}

func leaveReleases(t *testing.T, s Subject) {
	putLines(t, s, "2026-000001", 2, 0)
	update(t, s, hold("a1", line1))
	update(t, s, wait("docente", line2))
	for range 2 { // the second time it holds and waits for nothing
		update(t, s, leave(line1))
		update(t, s, leave(line2))
	}
	wantHeld(t, s, "a1", 0)
	wantWaiting(t, s, "docente")
}

func waitingWhileHolding(t *testing.T, s Subject) {
	putLines(t, s, "2026-000001", 3, 0)
	for _, line := range []provisioning.Stamp{line1, line2, line3} {
		update(t, s, wait("docente", line))
	}
	update(t, s, func(tx provisioning.Tx) error {
		free := 2
		for line, err := range tx.Waiting("docente") {
			if err != nil || free == 0 {
				return err
			}
			free--
			if err := tx.Hold("a1", line); err != nil {
				return err
			}
		}
		return nil
	})
	wantHeld(t, s, "a1", 2)
	wantWaiting(t, s, "docente", line3)
}
