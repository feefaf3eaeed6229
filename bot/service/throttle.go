package service

import (
	"context"
	"time"

	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/graph"
)

// throttleState stores the end of a Retry-After period across restarts: one time for Graph, a time
// per conversation for Teams.
type throttleState[T any] struct {
	store provisioning.Store
	kind  string
}

const throttledUntil = "silent-until"

var (
	_ graph.Throttle     = throttleState[time.Time]{}
	_ connector.Throttle = throttleState[map[string]time.Time]{}
)

// Load implements graph.Throttle and connector.Throttle.
func (k throttleState[T]) Load(ctx context.Context) (until T, err error) {
	err = k.store.View(ctx, func(tx provisioning.Tx) error {
		_, err := tx.Load(k.kind, throttledUntil, &until)
		return err
	})
	return until, err
}

// Save implements graph.Throttle and connector.Throttle.
func (k throttleState[T]) Save(ctx context.Context, until T) error {
	return k.store.Update(ctx, func(tx provisioning.Tx) error { return tx.Save(k.kind, throttledUntil, until) })
}
