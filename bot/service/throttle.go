package service

import (
	"context"
	"time"

	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/graph"
)

// kept stores the end of a Retry-After period across restarts: one time for Graph, a time per
// conversation for Teams.
type kept[T any] struct {
	store provisioning.Store
	kind  string
}

const silentUntil = "silent-until"

var (
	_ graph.Throttle     = kept[time.Time]{}
	_ connector.Throttle = kept[map[string]time.Time]{}
)

// Load implements graph.Throttle and connector.Throttle.
func (k kept[T]) Load(ctx context.Context) (until T, err error) {
	err = k.store.View(ctx, func(tx provisioning.Tx) error {
		_, err := tx.Load(k.kind, silentUntil, &until)
		return err
	})
	return until, err
}

// Save implements graph.Throttle and connector.Throttle.
func (k kept[T]) Save(ctx context.Context, until T) error {
	return k.store.Update(ctx, func(tx provisioning.Tx) error { return tx.Save(k.kind, silentUntil, until) })
}
