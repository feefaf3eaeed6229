package cards

import "seducoahuila.gob.mx/altas/provisioning"

// opening makes a row of a list open something when it is chosen anywhere: a visible "Abrir ›" at its
// end, and a title of the action that says what the row does, because screen readers read it in
// place of the row.
func (t *Texts) opening(row container, name string, r provisioning.Request, opens action) container {
	title := t.plain("row.opens", "name", clip(flat(name), 120), "folio", string(r.Folio), "state", t.RequestState(r.State))
	opens.Title = title
	if opens.Fallback != nil {
		fallback := *opens.Fallback
		fallback.Title = title
		opens.Fallback = &fallback
	}
	open := next(t.fixed["row.open"])
	open.Size, open.Weight = "Small", "Bolder"
	row.Items = append(row.Items, open)
	row.Select = &opens
	return row
}
