package bot_test

import (
	"errors"
	"testing"

	"seducoahuila.gob.mx/altas/provisioning"
)

// One record cannot be read. The others are deleted nevertheless, and the error is returned.
func TestTidyPassesOverWhatItCannotRead(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "2022-09-05 09:00")
	old := map[string]any{"post": "line/2022-000001-0001", "verb": "attention.drop", "comment": "No labora ahí.", "at": o.Now()}
	o.update(func(tx provisioning.Tx) error {
		return errors.Join(
			tx.Save("question", "director/a", "no question"),
			tx.Save("question", "director/b", old), tx.Save("question", "platform/c", old),
		)
	})
	o.until("2022-09-05 10:00")
	if err := o.bot.Tidy(t.Context()); err == nil {
		t.Error("no error for the record that cannot be read")
	}
	var left []string
	o.update(func(tx provisioning.Tx) error {
		left = nil
		for key, err := range tx.Keys("question", "") {
			if err != nil {
				return err
			}
			left = append(left, key)
		}
		return nil
	})
	if len(left) != 1 || left[0] != "director/a" {
		t.Errorf("left: %q, want the one that cannot be read", left)
	}
}
