package service

import (
	"context"
	"strconv"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/audit"
)

// auditAnchor keeps, under the key anchorKey, what was posted of the audit last.
var auditAnchor = provisioning.Document[anchor]{Kind: "audit_anchor"}

const anchorKey = "head"

type anchor struct {
	Day string `json:"day"` // of the last look, in the organisation's zone
	Seq uint64 `json:"seq"` // of the head posted last; 0 for none
}

// postAuditHead posts the head of the audit in the platform channel and logs it, at the first look of
// each day on which there are new entries. What is kept there shows later whether the newest entries
// were removed, or all written anew.
func (s *Service) postAuditHead(ctx context.Context) {
	var posted audit.Head
	err := s.records.Update(ctx, func(tx provisioning.Tx) (err error) {
		posted, err = anchorAudit(tx, s.cfg.Now(), s.cfg.Location)
		return err
	})
	switch {
	case err != nil && ctx.Err() == nil:
		s.log.ErrorContext(ctx, "head of the audit not posted", "err", err)
	case err == nil && posted.Seq > 0:
		s.log.InfoContext(ctx, "head of the audit; altas audit verify -head holds the store to it", "entries", posted.Seq, "head", posted.String())
	}
}

// anchorAudit posts the head, and returns it; the zero Head if nothing is to be posted. A look on a day
// without new entries counts too: those of the day are posted on the next.
func anchorAudit(tx provisioning.Tx, now time.Time, zone *time.Location) (audit.Head, error) {
	today := now.In(zone).Format(time.DateOnly)
	last, _, err := auditAnchor.Get(tx, anchorKey)
	if err != nil || last.Day == today {
		return audit.Head{}, err
	}
	head, err := tx.Head()
	if err != nil {
		return audit.Head{}, err
	}
	if err := auditAnchor.Put(tx, anchorKey, anchor{today, head.Seq}); err != nil || head.Seq == last.Seq {
		return audit.Head{}, err
	}
	return head, provisioning.TellPlatform(tx, provisioning.Notice{
		Kind: provisioning.NoticeAuditHead, At: now, Optional: true, // the next head stands for this one
		Args: map[string]string{"entries": strconv.FormatUint(head.Seq, 10), "head": head.String()},
	})
}
