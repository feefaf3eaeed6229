package bot

import (
	"context"
	"errors"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
)

// showRequest makes every card of a request show what is true: the requester's,
// one for each stage and round, one for each line in attention. One that cannot be
// drawn does not keep the others from it.
func (b *Bot) showRequest(ctx context.Context, j job.Job) error {
	d, err := b.view.Request(ctx, provisioning.Folio(j.Key))
	if err != nil {
		return job.Permanent(err)
	}
	own := make(chan error, 1) // whoever decides does not wait for the requester's chat, nor the other way round
	go func() { own <- job.Safely(func() error { return b.requests.Refresh(ctx, d) }) }()
	return errors.Join(b.approvals.Refresh(ctx, d), b.lines.Refresh(ctx, d), <-own)
}
