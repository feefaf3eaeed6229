package form

import (
	"context"
	"errors"

	"seducoahuila.gob.mx/altas/bot/recipient"
	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// submit submits the form as a request, once.
func (fs *Forms) submit(ctx context.Context, t turn.Context, k Kind, d draft) (turn.Answer, error) {
	if err := fs.mayAsk(ctx, t, k); err != nil {
		return turn.Answer{}, err
	}
	s, ready, err := k.submission(ctx, t, &d)
	if err != nil {
		return turn.Answer{}, err
	}
	if !ready {
		return fs.saveStep(ctx, t, d)
	}
	var now draft
	err = fs.Store.Update(ctx, func(tx provisioning.Tx) (err error) {
		if now, err = unchanged(tx, d); err != nil || now.Version != d.Version {
			return err // submitted or changed by another click
		}
		r, err := fs.Workflow.Submit(tx, s)
		if err != nil {
			return err
		}
		now = d
		now.Sent = r.Folio
		now.Version++
		return errors.Join(fs.keep(tx, now, fs.Now()), fs.rememberInputs(tx, t, s), fs.Posts.TakeOver(tx, r, d.ID))
	})
	if refused, ok := errors.AsType[*problem.Error](err); ok {
		d.Faults = map[string]*fault{refused.Field: refused}
		return fs.saveStep(ctx, t, d)
	}
	if err != nil {
		return turn.Answer{}, err
	}
	return fs.present(ctx, t, now, d.ID)
}

// rememberInputs stores the inputs to be offered in the requester's next form.
func (fs *Forms) rememberInputs(tx provisioning.Tx, t turn.Context, s provisioning.Submission) error {
	return fs.Recipients.Change(tx, t.By.ID, func(c *recipient.Person) {
		c.Area, c.Phone, c.CCT = s.Area, s.Phone, s.CCT
		if s.Kind.Creates() {
			c.Medium = s.Petition.Medium
		}
	})
}
