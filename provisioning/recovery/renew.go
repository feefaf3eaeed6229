package recovery

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// The reasons for which the head of department must act: an application may not renew the password.
// Sources: Microsoft Graph, "Update user" (who can update passwordProfile) and the user resource
// (onPremisesSyncEnabled).
const (
	TroubleSynchronised = "trouble.synchronised" // the on-premises directory is the account's source
	TroubleProtected    = "trouble.protected"    // the account has an administrator's role or is in a role-assignable group, or the application lacks its permission or role
	TroubleGone         = "trouble.gone"         // the account is no longer in the directory
	TroubleDisabled     = "trouble.disabled"     // sign-in to the account is blocked
	TroubleOffice       = "trouble.office"       // its owner decides in Altas by now, and the requester is no administrator
	TroubleReplaced     = "trouble.replaced"     // the account no longer has the address
)

// renew replaces the password of the line's account by one that nobody learns and ends its sign-in
// sessions; the line is then announced. Repeated after a crash it does so once more.
func (rc *Recovery) renew(ctx context.Context, a provisioning.Account) (provisioning.Change, error) {
	e, err := rc.Directory.Entry(ctx, a.ObjectID)
	if err != nil {
		return nil, rc.refused(ctx, a, err)
	}
	if reason := obstacle(a, e); reason != "" {
		return nil, trouble(reason, e)
	}
	if withheld, err := rc.decidesMeanwhile(ctx, a); err != nil || withheld {
		return nil, cmp.Or(err, trouble(TroubleOffice, e))
	}
	hand, err := rc.replace(ctx, a)
	if err != nil {
		return nil, rc.refused(ctx, a, err, e)
	}
	return func(tx provisioning.Tx, a provisioning.Account) error { return rc.renewed(tx, a, e, hand) }, nil
}

// decidesMeanwhile reports whether the account's owner has become an approver, a substitute or an
// administrator since the request was sent, and its requester is no administrator.
func (rc *Recovery) decidesMeanwhile(ctx context.Context, a provisioning.Account) (decides bool, err error) {
	approver, err := rc.Offices.InApproverGroup(ctx, a.ObjectID)
	if err != nil {
		return false, fmt.Errorf("see whether the owner of %s decides: %w", a.ObjectID, err)
	}
	err = rc.Store.View(ctx, func(tx provisioning.Tx) error {
		auth, err := rc.Offices.Authority(tx)
		if err != nil {
			return err
		}
		r, err := tx.Request(a.Folio())
		decides = !auth.Administrator(r.Requester) && (approver || inOffice(auth, a.ObjectID))
		return err
	})
	return decides, err
}

// refused returns the error of the step: a TroubleError if the account is gone, or if the directory
// refuses what is to be done with the account seen.
func (rc *Recovery) refused(ctx context.Context, a provisioning.Account, err error, seen ...provisioning.Entry) error {
	switch reason := problem.ReasonOf(err); {
	case reason == provisioning.DirectoryNotFound:
		return trouble(TroubleGone)
	case reason == provisioning.DirectoryNoPermission && len(seen) > 0:
		rc.Log.WarnContext(ctx, "password not replaced", "stamp", a.Stamp, "err", err)
		return trouble(TroubleProtected, seen...)
	}
	return fmt.Errorf("renew the password of %s: %w", a.Stamp, err)
}

// replace ends the sessions before the password is replaced, so that without the permission the
// password stays as it was, and after it, so that no session begun with the former one lasts.
func (rc *Recovery) replace(ctx context.Context, a provisioning.Account) (hand provisioning.Handover, err error) {
	if err = rc.revoke(ctx, a); err != nil {
		return hand, err
	}
	if hand, err = rc.Passwords.Replace(ctx, a); err != nil {
		return hand, err
	}
	return hand, rc.revoke(ctx, a)
}

func (rc *Recovery) revoke(ctx context.Context, a provisioning.Account) error {
	if err := rc.Directory.RevokeSessions(ctx, a.ObjectID); err != nil {
		return fmt.Errorf("end the sessions of %s: %w", a.ObjectID, err)
	}
	return nil
}

// obstacle returns the reason for which the account's password is not renewed; "" for none.
func obstacle(a provisioning.Account, e provisioning.Entry) string {
	switch {
	case !e.Has(a.Address):
		return TroubleReplaced
	case e.Synced:
		return TroubleSynchronised
	case !e.Enabled:
		return TroubleDisabled
	}
	return ""
}

func trouble(reason string, entries ...provisioning.Entry) error {
	return job.Permanent(&provisioning.TroubleError{Trouble: provisioning.Trouble{Reason: reason, Entries: entries}})
}

// renewed announces the line: the requester gets the card that shows a temporary password, the
// holder a notice where the bot has a chat with them, the receipts a note.
func (rc *Recovery) renewed(tx provisioning.Tx, a provisioning.Account, e provisioning.Entry, hand provisioning.Handover) error {
	next, err := moves.Move(a, provisioning.AccountAnnounced)
	if err != nil {
		return err
	}
	r, err := tx.Request(a.Folio())
	if err != nil {
		return err
	}
	now := rc.Now()
	next.Address, next.CreatedAt, next.AnnouncedAt, next.Handover = e.Address, e.Created, now, hand
	receipt := job.Job{Kind: provisioning.JobReceipt, Key: string(a.Stamp), Lane: string(a.Folio()), Due: now}
	return errors.Join(
		tx.Enqueue(receipt),
		rc.Executor.Tell(tx, r, provisioning.NoticeReady, a.Stamp),
		rc.tellHolder(tx, r, next),
		rc.markCreated(tx, next, e),
		rc.Executor.Put(tx, next, "account.recovered", map[string]string{"address": string(e.Address), "sessions": "revoked"}),
	)
}

// markCreated notes the recovery on the line that created the account, if one of ours did: its
// receipts row may not be written yet, or be written again.
func (rc *Recovery) markCreated(tx provisioning.Tx, a provisioning.Account, e provisioning.Entry) error {
	line, err := provisioning.LineOf(tx, e, rc.Now())
	if err != nil || !created(line) {
		return err
	}
	line.Recovery = provisioning.Recovery{Folio: a.Folio(), At: a.AnnouncedAt}
	return tx.PutAccount(line)
}

// tellHolder notifies the account's own chat, if the bot has one, that its password was renewed.
func (rc *Recovery) tellHolder(tx provisioning.Tx, r provisioning.Request, a provisioning.Account) error {
	if a.ObjectID == r.Requester.ID {
		return nil
	}
	return provisioning.Send(tx, provisioning.Notice{
		To: a.ObjectID, Kind: NoticeHolder, Folio: r.Folio, At: rc.Now(), Optional: true, Once: "recovered/" + string(a.Stamp),
		Args: map[string]string{"name": r.Requester.Name, "address": string(a.Address)},
	})
}
