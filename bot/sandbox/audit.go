package sandbox

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/store"
)

// actTexts are the Spanish descriptions of the demo's audit entries, by act.
var actTexts = map[string]string{
	"request.submit": "envió la solicitud", "approval.approve": "la aprobó",
	"account.created": "creó la cuenta", "account.licensed": "le dio su licencia", "account.recorded": "la registró en recibos",
	"account.announced": "avisó a quien la solicitó", "account.exists": "encontró que ya existía",
	"password.reveal": "mostró la contraseña", "password.done": "la entregó",
	"letter.issue": "preparó el oficio de respuesta", "letter.send": "lo envió", "letter.fetch": "recibió el oficio",
}

// audit prints the audit entries of the first request from the store. It stops the service first,
// because only one process at a time can open the store.
func (d *demo) audit(ctx context.Context, name string) error {
	if err := d.env.stopService(); err != nil {
		return err
	}
	db, err := store.Open(d.env.vars["STORE_PATH"], store.Options{})
	if err != nil {
		return err
	}
	var acts []string
	err = db.View(ctx, func(tx provisioning.Tx) error {
		d.printHeading("Lo que quedó en la bitácora de " + name)
		for e, err := range tx.Entries(provisioning.Folio(d.firstFolio)) {
			if err != nil {
				return err
			}
			acts = append(acts, e.Act)
			fmt.Fprintf(d.out, "   %s  %s %s\n", e.At.In(d.env.Zone).Format(time.TimeOnly), actorName(e.By), actText(e.Act))
		}
		return nil
	})
	problems, broken := db.Check(ctx)
	if err = errors.Join(err, broken, db.Close()); err != nil {
		return err
	}
	if len(problems) > 0 {
		return fmt.Errorf("the store breaks an invariant: %s", problems[0])
	}
	for _, act := range []string{"request.submit", "account.created", "account.recorded", "password.reveal", "letter.issue", "letter.send", "letter.fetch"} {
		if !slices.Contains(acts, act) {
			return fmt.Errorf("the audit has no %s", act)
		}
	}
	return nil
}

func actorName(by provisioning.Actor) string {
	if by.ID == provisioning.System.ID {
		return "Altas"
	}
	return by.Name
}

func actText(act string) string {
	if words, known := actTexts[act]; known {
		return words
	}
	return act
}
