package approval

import (
	"context"
	"errors"

	"seducoahuila.gob.mx/altas/bot/post"
	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// Waiting lists the requests that wait for the stage of the turn's channel.
func (ap *Approvals) Waiting(ctx context.Context, t turn.Context) (cards.Message, error) {
	return ap.pending(ctx, t, t.Stage, "")
}

// pending lists a page of the requests that a stage holds, those after a folio, longest waiting
// first.
func (ap *Approvals) pending(ctx context.Context, t turn.Context, stage provisioning.StageName, after provisioning.Folio) (cards.Message, error) {
	if stage == "" {
		return cards.Message{}, problem.Refuse(problem.CodeForbidden, "authority.channel")
	}
	l, err := ap.View.Waiting(ctx, after, stage.Waiting())
	if err != nil {
		return cards.Message{}, err
	}
	l.Stage = stage
	if after == "" {
		err = ap.repost(ctx, stage, l.Rows)
	}
	if err = errors.Join(err, ap.linkRows(ctx, stage, l.Rows)); err != nil {
		return cards.Message{}, err
	}
	return cards.Message{Card: t.Texts.Pending(l)}, nil
}

func (ap *Approvals) pendingClick(ctx context.Context, t turn.Context, c cards.Click) (turn.Answer, error) {
	m, err := ap.pending(ctx, t, t.Stage, c.Folio)
	return turn.Answer{Card: m.Card}, err
}

// repost updates the stage's cards of the rows even if unchanged. Bots are not notified when
// somebody deletes their message; the update fails for a deleted card, which is then sent again.
func (ap *Approvals) repost(ctx context.Context, stage provisioning.StageName, rows []cards.Row) error {
	return ap.Store.Update(ctx, func(tx provisioning.Tx) error {
		for _, row := range rows {
			next := job.Job{Kind: provisioning.JobCards, Key: string(row.Request.Folio), Urgent: true, Due: ap.Now()}
			found, err := post.Redraw(tx, stage, row.Request)
			if found && err == nil {
				err = tx.Enqueue(next)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// linkRows sets the deep link of each row's card in the stage's channel, if it is there.
func (ap *Approvals) linkRows(ctx context.Context, stage provisioning.StageName, rows []cards.Row) error {
	return ap.Store.View(ctx, func(tx provisioning.Tx) error {
		c, _, err := ap.Recipients.Channel(tx, stage)
		if err != nil {
			return err
		}
		for i, row := range rows {
			if rows[i].URL, err = ap.Posts.Link(tx, c, stage, row.Request); err != nil {
				return err
			}
		}
		return nil
	})
}
