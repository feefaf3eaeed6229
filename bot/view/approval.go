package view

import (
	"context"
	"time"

	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
)

// Approval reads a request as a stage's card shows it.
func (rd *Reader) Approval(ctx context.Context, f provisioning.Folio, stage provisioning.StageName, round int) (cards.Approval, error) {
	d, err := rd.Request(ctx, f)
	if err != nil {
		return cards.Approval{}, err
	}
	return cards.Approval{RequestView: d, Stage: stage, Round: round, Stock: rd.stock(ctx, d.Request), Due: rd.due(d.Request)}, nil
}

// due returns when the request expires if its stage does not decide; zero if it never does. After an
// outage it may be given longer: see provisioning.Reminder.
func (rd *Reader) due(r provisioning.Request) time.Time {
	after := rd.Rules.Deadlines.Expire
	if after <= 0 || r.StageSince.IsZero() {
		return time.Time{}
	}
	return rd.Rules.Calendar.Next(rd.Rules.Calendar.Add(r.StageSince, after))
}

// stockTimeout bounds how long a card waits for the tenant's licences.
const stockTimeout = 3 * time.Second

// stock returns the licences of the request's type; nil if they cannot be read, or if the
// request is final or needs none.
func (rd *Reader) stock(ctx context.Context, r provisioning.Request) []provisioning.Licence {
	rule := rd.Rules.Types[r.Type]
	if len(rule.SKUs) == 0 || r.State.Final() || !r.Kind.Creates() {
		return nil
	}
	bounded, cancel := context.WithTimeout(ctx, stockTimeout)
	defer cancel()
	all, err := rd.Stock.Licences(bounded)
	if err != nil {
		rd.Log.WarnContext(ctx, "licences not read", "err", err)
		return nil
	}
	var stock []provisioning.Licence
	for _, sku := range rule.SKUs {
		if l, ok := all[sku]; ok {
			stock = append(stock, l)
		}
	}
	return stock
}
