package main

import (
	"os"
	"path/filepath"
	"testing"

	"seducoahuila.gob.mx/altas/provisioning/reconcile"
)

// A display name is never a formula in a spreadsheet, and each line is written to the file at once.
func TestDifferencesInAFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "d.csv")
	tell, finish, err := differenceReport(nil, path)
	if err != nil {
		t.Fatal(err)
	}
	if err := tell(reconcile.Difference{Kind: reconcile.AccountUnasked, User: `=HYPERLINK("x")`}, false); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want := "kind,stamp,altas_address,receipts_address,directory_address,object_id,mended\naccount_unasked,,,,\"'=HYPERLINK(\"\"x\"\")\",,false\n"
	if string(got) != want {
		t.Errorf("CSV = %q, want %q", got, want)
	}
	if err := finish(); err != nil {
		t.Error(err)
	}
}
