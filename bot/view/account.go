package view

import (
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
)

// Delivery returns an account as its requester's card shows it.
func (rd *Reader) Delivery(a provisioning.Account, r provisioning.Request) cards.Delivery {
	d := cards.Delivery{Account: a, Mark: r.Mark, Together: r.Lines > 1}
	d.Until, d.Left, d.Closed = rd.Allowance.Remaining(a, r.Requester)
	return d
}
