package view

import (
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/letter"
)

// LetterIn reads a letter of a request, the newest for serial 0; false if there is none.
func (rd *Reader) LetterIn(tx provisioning.Tx, f provisioning.Folio, serial int) (v cards.LetterView, found bool, err error) {
	if v.Request, err = tx.Request(f); err != nil {
		return v, false, err
	}
	all, err := letter.Of(tx, f)
	if serial == 0 {
		serial = len(all)
	}
	if err != nil || serial < 1 || serial > len(all) {
		return v, false, err
	}
	v.Letter, v.Office, v.Source, v.Link = all[serial-1], rd.Letters.Stage, rd.Letters.Numbering.Source, rd.Pages
	return v, true, nil
}
