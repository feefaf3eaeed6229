package receipts

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// The README's example is valid, and it names every field.
func TestReadmeIsTrue(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(readme), "```yaml\n")
	example, _, _ := strings.Cut(rest, "```")
	var config struct {
		Receipts struct{ Table TableMap }
	}
	if err := yaml.Unmarshal([]byte(example), &config); err != nil {
		t.Fatal(err)
	}
	if err := config.Receipts.Table.Validate(); err != nil {
		t.Error(err)
	}
	for _, f := range fields() {
		if !strings.Contains(string(readme), "`"+f.name+"`") {
			t.Errorf("README names no field %s", f.name)
		}
	}
}

// Every migration has a column for each field, with the field's length.
func TestMigrationsHoldWhatFieldsTake(t *testing.T) {
	t.Parallel()
	for _, d := range []dialect{sqlite(), postgres(), mysql(), sqlserver()} {
		schema := ""
		for _, name := range []string{"00001_receipts.sql", "00002_recovery.sql"} {
			text, err := migrations.ReadFile("migrations/" + d.label + "/" + name)
			if err != nil {
				t.Fatal(err)
			}
			schema += string(text)
		}
		columns := strings.ReplaceAll(strings.Join(strings.Fields(schema), " "), "NVARCHAR", "VARCHAR")
		for _, f := range fields() {
			want := " " + f.name + " "
			if f.sort == text {
				want += fmt.Sprintf("VARCHAR(%d)", f.size)
			}
			if !strings.Contains(columns, want) {
				t.Errorf("%s: no %q", d.label, want)
			}
		}
	}
}
