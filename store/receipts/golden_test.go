package receipts

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jmoiron/sqlx"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// bound returns the statement with the driver's placeholders.
func bound(t *testing.T, driver, text string) string {
	t.Helper()
	args := map[string]any{"schema": "dbo", "table": "Correos", formerAddress: "", formerCURP: "", erasedState: ""}
	for row := range 3 {
		for _, f := range fields() {
			args[rowName(f.name, row)] = ""
		}
		args[rowName(constantName(0), row)] = ""
	}
	// Named replaces parameters by ?, which a quoted name may contain as well: Rebind must not see
	// those.
	const mark = "\x00"
	q, _, err := sqlx.Named(strings.ReplaceAll(text, "?", mark), args)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(strings.ReplaceAll(sqlx.Rebind(sqlx.BindType(driver), q), mark, "?"))
}
