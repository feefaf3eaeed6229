package bot

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/provisioning"
)

// inquire counts what the person asks about, and returns the refusal, of the reason given,
// where that is more than they may in a day.
func (b *Bot) inquire(ctx context.Context, t turn.Context, reason string, about ...string) (*fault, error) {
	var may bool
	err := b.Store.Update(ctx, func(tx provisioning.Tx) error {
		auth, err := b.Access.Authority(tx)
		if err != nil {
			return err
		}
		may, err = b.Desk.Inquire(tx, auth, t.By, about...)
		return err
	})
	if err != nil || may {
		return nil, err
	}
	return provisioning.Refuse(provisioning.CodeLimited, reason, "most", strconv.Itoa(b.Rules.Limits.Inquiries)), nil
}

func inquired(holders []provisioning.Holder) []string {
	about := make([]string, len(holders))
	for i, h := range holders {
		about[i] = h.Inquired()
	}
	return about
}

// disclosed writes down what the form is about to tell of others.
func (b *Bot) disclosed(ctx context.Context, t turn.Context, d draft) error {
	return b.Store.Update(ctx, func(tx provisioning.Tx) error {
		var errs []error
		for _, p := range d.People {
			if e, tells := p.Proposal.Disclosure(p.Holder); tells {
				errs = append(errs, b.Desk.Disclosed(tx, t.By, p.Holder.Inquired(), e))
			}
		}
		return errors.Join(errs...)
	})
}

// counted returns err, and counts that the person asked about a request where it says
// that they have none of that folio.
func (b *Bot) counted(ctx context.Context, t turn.Context, f provisioning.Folio, err error) error {
	if !errors.Is(err, &provisioning.Error{Code: provisioning.CodeNotFound, Reason: "request.not_found"}) {
		return err
	}
	if asked := b.ofAnother(ctx, t, f); asked != nil {
		return asked
	}
	return err
}

// ofAnother counts that a person asked about a request which is not theirs, and writes
// down where there is one. They are told the same whether there is or not.
func (b *Bot) ofAnother(ctx context.Context, t turn.Context, f provisioning.Folio) error {
	about := "folio/" + string(f)
	refused, err := b.inquire(ctx, t, "inquiry.limit", about)
	switch {
	case err != nil:
		return err
	case refused != nil:
		return refused
	}
	return b.Store.Update(ctx, func(tx provisioning.Tx) error {
		_, err := tx.Request(f)
		if provisioning.CodeOf(err) == provisioning.CodeNotFound {
			return nil
		}
		return errors.Join(err, b.Desk.Disclosed(tx, t.By, about, provisioning.Entered{Act: "inquiry.folio", Folio: f}))
	})
}

// tidyInquiries forgets what was asked about on another day than today.
func (b *Bot) tidyInquiries(tx provisioning.Tx, key string) error {
	if person, _, _ := strings.Cut(key, "/"); key == b.Desk.InquiryKey(person) {
		return nil
	}
	return tx.Drop(provisioning.InquiryKind, key)
}
