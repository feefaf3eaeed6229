package bot

import (
	"context"
	"errors"

	"seducoahuila.gob.mx/altas/bot/post"
	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
)

// pending shows a page of what a stage holds, in its channel: those after a folio,
// the longest waiting first.
func (b *Bot) pending(ctx context.Context, t turn.Context, stage provisioning.StageName, after provisioning.Folio) (cards.Message, error) {
	if stage == "" {
		return cards.Message{}, provisioning.Refuse(provisioning.CodeForbidden, "authority.channel")
	}
	l, err := b.view.Waiting(ctx, stage.Waiting(), after)
	if err != nil {
		return cards.Message{}, err
	}
	l.Stage = stage
	if after == "" {
		err = b.repost(ctx, stage, l.Rows)
	}
	if err = errors.Join(err, b.linkRows(ctx, stage, l.Rows)); err != nil {
		return cards.Message{}, err
	}
	return cards.Message{Card: t.Texts.Pending(l)}, nil
}

func (b *Bot) pendingClick(ctx context.Context, t turn.Context, c cards.Click) (turn.Answer, error) {
	m, err := b.pending(ctx, t, t.Stage, c.Folio)
	return turn.Answer{Card: m.Card}, err
}

// repost has the cards of the rows put before the stage once more, where they stand: of
// one that somebody deleted nobody tells the bot, and it is sent anew.
func (b *Bot) repost(ctx context.Context, stage provisioning.StageName, rows []cards.Row) error {
	return b.Store.Update(ctx, func(tx provisioning.Tx) error {
		for _, row := range rows {
			next := job.Job{Kind: provisioning.JobCards, Key: string(row.Request.Folio), Urgent: true, Due: b.Now()}
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

// linkRows gives each row the address of its card in the stage's channel, where the
// card stands there.
func (b *Bot) linkRows(ctx context.Context, stage provisioning.StageName, rows []cards.Row) error {
	return b.Store.View(ctx, func(tx provisioning.Tx) error {
		c, _, err := b.recipients.Channel(tx, stage)
		if err != nil {
			return err
		}
		for i, row := range rows {
			if rows[i].URL, err = b.posts.Link(tx, c, stage, row.Request); err != nil {
				return err
			}
		}
		return nil
	})
}
