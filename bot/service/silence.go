package service

import (
	"context"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/graph"
)

// silence keeps in the store until when Graph asked to be left alone.
type silence struct{ store provisioning.Store }

var _ graph.Silence = silence{}

// Silent implements graph.Silence.
func (s silence) Silent(ctx context.Context) (until time.Time, err error) {
	err = s.store.View(ctx, func(tx provisioning.Tx) error {
		_, err := tx.Load("graph", "silent-until", &until)
		return err
	})
	return until, err
}

// Hush implements graph.Silence.
func (s silence) Hush(ctx context.Context, until time.Time) error {
	return s.store.Update(ctx, func(tx provisioning.Tx) error { return tx.Save("graph", "silent-until", until) })
}
