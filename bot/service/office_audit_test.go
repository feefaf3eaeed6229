package service_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"strings"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/audit"
	"seducoahuila.gob.mx/altas/store"
)

// checksAudit fails unless the audit is a sound chain, each act of a person says in which conversation
// it was done, and no entry has a CURP or a password that was shown.
func (o *office) checksAudit() {
	o.t.Helper()
	if _, err := os.Stat(o.env["STORE_PATH"]); err != nil {
		return
	}
	db, err := store.Open(o.env["STORE_PATH"], store.Options{ReadOnly: true})
	if err != nil {
		o.t.Error(err)
		return
	}
	err = db.View(context.Background(), func(tx provisioning.Tx) error {
		for e, err := range tx.Chain() {
			if err != nil {
				return err
			}
			o.checksEntry(e)
		}
		_, err := audit.Verify(tx.Chain())
		return err
	})
	if err := errors.Join(err, db.Close()); err != nil {
		o.t.Errorf("the audit: %v", err)
	}
}

func (o *office) checksEntry(e audit.Entry) {
	o.t.Helper()
	text, err := json.Marshal(e)
	if err != nil {
		o.t.Error(err)
	}
	if found := curpInLog.FindString(string(text)); found != "" {
		o.t.Errorf("audit entry %d (%s) has the CURP %s", e.Seq, e.Act, found)
	}
	for _, p := range o.passwords {
		if strings.Contains(string(text), p) {
			o.t.Errorf("audit entry %d (%s) has the password %s", e.Seq, e.Act, p)
		}
	}
	if person := e.Actor != provisioning.System.ID; !e.At.Before(o.began) && person != (e.Conversation != "") {
		o.t.Errorf("audit entry %d (%s) of %s has the conversation %q", e.Seq, e.Act, e.Actor, e.Conversation)
	}
}
