package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
)

// askGroups bounds the question whether somebody belongs to a stage's group.
const askGroups = 5 * time.Second

// decide applies an approver's click, and shows them what is true then.
func (b *Bot) decide(ctx context.Context, t turn, c cards.Click) (shown, error) {
	proven, err := b.proven(ctx, t)
	if err != nil {
		return shown{}, err
	}
	excluded, readable := c.Excluded()
	if !readable {
		return b.outdated(t), nil
	}
	act := provisioning.Act{
		Folio: c.Folio, Stage: c.Stage, Round: c.Round, Verdict: verdicts[c.Verb],
		Excluded: excluded, Click: proven,
	}
	act.Comment, err = provisioning.ParseNotes("comment", c.Inputs["comment"], act.Verdict != provisioning.Approve || len(act.Excluded) > 0)
	if err == nil {
		err = b.Store.Update(ctx, func(tx provisioning.Tx) error {
			auth, err := b.authority(tx)
			if err != nil {
				return err
			}
			if err := b.adopt(tx, postOfStage(act.Folio, act.Stage, act.Round), t); err != nil {
				return err
			}
			_, err = b.Desk.Decide(tx, auth, act)
			return err
		})
	}
	var refused *provisioning.Error
	switch {
	case errors.As(err, &refused) && refused.Code == provisioning.CodeInvalid:
		return b.approvalCard(ctx, t, act, map[string]error{refused.Field: refused}, c.Inputs)
	case provisioning.CodeOf(err) == provisioning.CodeConflict && err != nil: // decided already: the true state says by whom
		s, err := b.approvalCard(ctx, t, act, nil, nil)
		return s, errors.Join(err, b.keepTrue(ctx, postOfStage(act.Folio, act.Stage, act.Round), act.Folio, act.Round, t))
	case err == nil:
		return b.approvalCard(ctx, t, act, nil, nil)
	}
	return shown{}, err
}

var verdicts = map[string]provisioning.Verdict{
	cards.ApprovalApprove: provisioning.Approve,
	cards.ApprovalReturn:  provisioning.Return,
	cards.ApprovalReject:  provisioning.Reject,
}

// approvalCard draws the stage's card as it is now, with what was found wrong.
func (b *Bot) approvalCard(ctx context.Context, t turn, act provisioning.Act, faults map[string]error, typed map[string]string) (shown, error) {
	view, err := b.approval(ctx, act.Folio, act.Stage, act.Round)
	if len(faults) > 0 {
		view.Errors, view.Values, view.Tried = faults, typed, act.Verdict
	}
	return shown{card: t.texts.Approval(view)}, err
}

// proven returns what the verified activity proves about who clicks: themselves,
// the stage whose channel it came from, and their groups where a stage asks.
func (b *Bot) proven(ctx context.Context, t turn) (provisioning.Click, error) {
	click := provisioning.Click{By: t.by, Channel: t.stage}
	stage, ok := b.Rules.Stages.Get(t.stage)
	if !ok || stage.ApproverGroup == "" || slices.Contains(stage.Approvers, t.by.ID) {
		return click, nil
	}
	groups, err := b.groupsOf(ctx, t.by, stage.ApproverGroup)
	click.Groups = groups
	return click, err
}

// groupsOf returns the group, if the person belongs to it.
func (b *Bot) groupsOf(ctx context.Context, who provisioning.Actor, group string) ([]string, error) {
	bounded, cancel := context.WithTimeout(provisioning.Urgent(ctx), askGroups)
	defer cancel()
	groups, err := b.Memberships.MemberOf(bounded, who.ID, []string{group})
	if err != nil {
		return nil, fmt.Errorf("ask whether %s belongs to %s: %w", who.ID, group, err)
	}
	return groups, nil
}

// authority returns who may decide now.
func (b *Bot) authority(tx provisioning.Tx) (provisioning.Authority, error) {
	named, err := b.namedSubstitutes(tx)
	return b.Rules.Authority(b.Now(), named), err
}

// attend settles a line in attention as the head of department clicked, and shows
// the card as it is then.
func (b *Bot) attend(ctx context.Context, t turn, c cards.Click) (shown, error) {
	click := provisioning.Click{By: t.by, Channel: t.stage}
	if err := b.act(ctx, c, click); err != nil {
		var refused *provisioning.Error
		if errors.As(err, &refused) && refused.Code == provisioning.CodeInvalid {
			view, err := b.attention(ctx, c.Stamp)
			view.Errors = map[string]error{refused.Field: refused}
			return shown{card: t.texts.Attention(view)}, err
		}
		if provisioning.CodeOf(err) != provisioning.CodeConflict {
			return shown{}, err
		}
	}
	view, err := b.attention(ctx, c.Stamp)
	if err == nil {
		err = b.keepTrue(ctx, postOfAttention(c.Stamp), c.Stamp.Folio(), view.Request.Round, t)
	}
	return shown{card: t.texts.Attention(view)}, err
}

// act does what an attention verb says: first in the directory, where it changes
// something there, then at the desk.
func (b *Bot) act(ctx context.Context, c cards.Click, click provisioning.Click) error {
	if c.Verb == cards.AttentionRestore || c.Verb == cards.AttentionDisable {
		if err := b.inDirectory(ctx, c, click); err != nil {
			return err
		}
	}
	return b.Store.Update(ctx, func(tx provisioning.Tx) error {
		auth, err := b.authority(tx)
		if err != nil {
			return err
		}
		comment, err := provisioning.ParseNotes("comment", c.Inputs["comment"], c.Verb == cards.AttentionDrop)
		if err != nil {
			return err
		}
		if err := b.settledBy(tx, c, click.By); err != nil {
			return err
		}
		switch c.Verb {
		case cards.AttentionAdopt, cards.AttentionRestore:
			return b.Desk.Adopt(tx, auth, c.Stamp, c.Entry, click)
		case cards.AttentionRename:
			return b.Desk.Rename(tx, auth, c.Stamp, c.Inputs["address"], click)
		case cards.AttentionDrop:
			return b.Desk.Drop(tx, auth, c.Stamp, comment, click)
		case cards.AttentionDisable:
			return b.Desk.Disabled(tx, auth, c.Stamp, click)
		}
		return b.Desk.Retry(tx, auth, c.Stamp, click)
	})
}

// inDirectory restores or disables the account that a trouble names, once the
// click is known to be allowed.
func (b *Bot) inDirectory(ctx context.Context, c cards.Click, click provisioning.Click) error {
	var a provisioning.Account
	err := b.Store.View(ctx, func(tx provisioning.Tx) error {
		auth, err := b.authority(tx)
		if err != nil {
			return err
		}
		a, err = b.Desk.Attending(tx, auth, c.Stamp, click)
		return err
	})
	if err != nil {
		return err
	}
	if c.Verb == cards.AttentionDisable {
		return b.Custody.SetEnabled(ctx, a.ObjectID, false)
	}
	entry, ok := a.Trouble.Entry(c.Entry)
	if !ok {
		return provisioning.Refuse(provisioning.CodeConflict, "attention.settled")
	}
	_, err = b.Custody.Restore(ctx, entry.ID)
	return err
}
