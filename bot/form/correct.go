package form

import (
	"context"
	"time"

	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
)

// correct opens a returned request as a form, and sends it unless it was sent within the interval.
func (fs *Forms) correct(ctx context.Context, t turn.Context, f provisioning.Folio, interval time.Duration) (turn.Answer, error) {
	err := fs.Store.Update(ctx, func(tx provisioning.Tx) error {
		r, err := fs.Access.Correctable(tx, t.By, f)
		if err != nil {
			return err
		}
		k, err := fs.of(r.Kind)
		if err != nil {
			return err
		}
		d, found, err := drafts.Get(tx, draftKey(t.By.ID, r.Kind, f))
		if err != nil {
			return err
		}
		if !found || d.over() {
			if err := fs.forgetDiscarded(tx, d); err != nil {
				return err
			}
			if d, err = correction(tx, t, k, r, fs.Locale); err != nil {
				return err
			}
		}
		return fs.sendAnew(tx, d, interval)
	})
	return turn.Answer{Text: t.Texts.Say("correct.open", map[string]string{"folio": string(f)})}, fs.Inquiries.Counted(ctx, t.By, f, err)
}

func (fs *Forms) correctClick(ctx context.Context, t turn.Context, c cards.Click) (turn.Answer, error) {
	return fs.correct(ctx, t, c.Folio, resendInterval)
}

// correction returns a form with the values of a returned request.
func correction(tx provisioning.Tx, t turn.Context, k Kind, r provisioning.Request, fallback string) (draft, error) {
	d := newDraft(t, r.Kind, fallback)
	d.Folio, d.Mark = r.Folio, r.Mark
	if last, ok := r.LastDecision(); ok {
		d.Comment = last.Comment
	}
	return d, k.refill(tx, &d, r)
}
