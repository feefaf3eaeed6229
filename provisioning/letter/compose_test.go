package letter_test

import (
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/input"
	"seducoahuila.gob.mx/altas/provisioning/letter"
	"seducoahuila.gob.mx/altas/provisioning/pdf"
	"seducoahuila.gob.mx/altas/provisioning/secret"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// letters are the letters of the golden files, by name.
func letters() map[string]letter.Content {
	all := map[string]letter.Content{
		"one": content(1), "three": content(3), "mixed": mixed(14), "recovery": recovered(), "rejection": rejection(),
		"existed": content(1), "excluded": content(2), "pupils": content(2), "centre": content(1), "recovery-mixed": content(3),
		"replaced": content(1), "excluded-all": content(2), "recovery-rejection": rejection(),
	}
	edit := func(name string, change func(c *letter.Content)) {
		c := all[name]
		change(&c)
		all[name] = c
	}
	edit("existed", func(c *letter.Content) { c.Lines[0].State = provisioning.AccountExists })
	edit("excluded", func(c *letter.Content) { exclude(c.Lines, "No se presentó su nombramiento.", "") })
	edit("excluded-all", func(c *letter.Content) { exclude(c.Lines, "Duplicada.", "No se presentó su nombramiento.") })
	edit("pupils", func(c *letter.Content) {
		c.Type, c.Petition.Medium, c.Petition.Number = identity.Student, input.MediumTarjeta, ""
		c.Lines[0].Group, c.Lines[1].Group = "Primaria 3.º A", "Primaria 3.º B"
	})
	edit("centre", func(c *letter.Content) {
		c.Type, c.Petition.Medium, c.File = identity.WorkCentre, input.MediumCorrespondence, ""
		c.Addressee = letter.Addressee{Name: "Rosa Ávila", Area: "Subsecretaría de Educación Básica"}
		c.Lines[0].Name = "Escuela Primaria Niños Héroes"
	})
	edit("recovery-mixed", func(c *letter.Content) {
		c.Kind = "recovery"
		exclude(c.Lines[2:], "El titular ya la cambió.")
		c.Lines[2].Address = "inigo.nunez3@docentecoahuila.gob.mx"
	})
	edit("replaced", func(c *letter.Content) { c.Replaces = "SEDU/DGTI/SS/0120/2026" })
	edit("recovery-rejection", func(c *letter.Content) { c.Kind, c.Lines = "recovery", c.Lines[:1] })
	return all
}

// exclude takes out the first lines, each for one of the reasons.
func exclude(lines []letter.Line, notes ...string) {
	for i, note := range notes {
		lines[i].State, lines[i].Address, lines[i].Note = provisioning.AccountExcluded, "", note
	}
}

func TestWhatLettersSay(t *testing.T) {
	t.Parallel()
	for name, c := range letters() {
		golden(t, name, letter.Compose(template(), c, seal).Text())
	}
	plain := letter.DefaultTemplate()
	plain.Signer.Name, plain.Zone = "Ing. Ana Sofía Ibáñez", saltillo
	golden(t, "without-page", letter.Compose(plain, content(1), letter.Seal{Code: seal.Code}).Text())
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name+".txt")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (-want +got):\n%s", file, diff)
	}
}

func TestTheReferenceNamesThePetition(t *testing.T) {
	t.Parallel()
	dated := content(1).Petition.Date
	for _, c := range []struct {
		petition provisioning.Petition
		want     string
	}{
		{provisioning.Petition{Medium: input.MediumOficio, Number: "45", Date: dated}, "a su oficio número 45, de fecha 3 de noviembre de 2026, con el folio"},
		{provisioning.Petition{Medium: input.MediumOficio, Number: "S/N", Date: dated}, "a su oficio sin número, de fecha 3 de noviembre de 2026, con el folio"},
		{provisioning.Petition{Medium: input.MediumOficio, Number: "45"}, "a su oficio número 45, con el folio"},
		{provisioning.Petition{Medium: input.MediumTarjeta, Number: "45"}, "a su tarjeta número 45, con"},
		{provisioning.Petition{Medium: input.MediumTarjeta, Number: "s/n"}, "a su tarjeta sin número, con"},
		{provisioning.Petition{Medium: input.MediumCorrespondence, Number: "45"}, "a la solicitud que envió por el sistema de correspondencia con el número 45, con"},
		{provisioning.Petition{Medium: input.MediumCorrespondence}, "a la solicitud que envió por el sistema de correspondencia, con"},
		{provisioning.Petition{Medium: input.MediumMail, Number: "Cuentas"}, "a su correo electrónico con referencia Cuentas, con"},
		{provisioning.Petition{Medium: input.MediumMail, Number: "sin número"}, "a su correo electrónico, con"},
		{provisioning.Petition{Medium: "paloma", Number: "45"}, "a su solicitud número 45, con"},
		{provisioning.Petition{}, "a su solicitud, con"},
	} {
		letterOf := content(1)
		letterOf.Petition = c.petition
		if got := letter.Compose(template(), letterOf, seal).Text(); !strings.Contains(got, "En atención "+c.want) {
			t.Errorf("%+v: the letter does not say %q:\n%s", c.petition, c.want, got)
		}
	}
}

// Days are told where the office is: at half past eight in the evening of the 30th it is the 1st in UTC. The day of
// a petition has no zone.
func TestDaysAreTheOffices(t *testing.T) {
	t.Parallel()
	c := content(1)
	c.Date = c.Date.AddDate(0, 1, 0) // 31 December in Saltillo, 1 January in UTC
	got := letter.Compose(template(), c, seal).Text()
	for _, want := range []string{"a 31 de diciembre de 2026", "de fecha 3 de noviembre de 2026", "el 27 de noviembre de 2026", "Año de Margarita"} {
		if !strings.Contains(got, want) {
			t.Errorf("the letter does not say %q:\n%s", want, got)
		}
	}
	c.Date = c.Date.AddDate(0, 0, 1)
	if got := letter.Compose(template(), c, seal).Text(); strings.Contains(got, "Margarita") || strings.Contains(got, "otro año") {
		t.Errorf("the letter has the legend of another year:\n%s", got)
	}
}

// Each line of a completed request is in one row of the table, and a rejection has none.
func TestEachLineIsThereOnce(t *testing.T) {
	t.Parallel()
	states := []provisioning.AccountState{provisioning.AccountAnnounced, provisioning.AccountExists, provisioning.AccountExcluded}
	rapid.Check(t, func(t *rapid.T) {
		c := content(rapid.IntRange(1, 30).Draw(t, "lines"))
		c.Kind = rapid.SampledFrom([]provisioning.RequestKind{"", provisioning.Create, "recovery", "other"}).Draw(t, "kind")
		for i := range c.Lines {
			c.Lines[i].State = rapid.SampledFrom(states).Draw(t, "state")
		}
		got := letter.Compose(template(), c, seal).Text()
		for _, l := range c.Lines {
			if n := strings.Count(got, "| "+string(l.Address)+" |"); n != 1 {
				t.Fatalf("%s is there %d times:\n%s", l.Address, n, got)
			}
		}
		if filled := strings.NewReplacer("{page}", "", "{pages}", "").Replace(got); strings.ContainsAny(filled, "{}") {
			t.Fatalf("a placeholder is not filled in:\n%s", got)
		}
		c.State = provisioning.StateRejected
		got = letter.Compose(template(), c, seal).Text()
		for _, l := range c.Lines {
			if strings.Contains(got, string(l.Address)) || strings.Contains(got, l.Name) {
				t.Fatalf("a rejection names %s:\n%s", l.Address, got)
			}
		}
	})
}

// No password and no CURP can be in a letter: it has no field for them.
func TestALetterHasNoFieldForASecret(t *testing.T) {
	t.Parallel()
	forbidden := []reflect.Type{reflect.TypeFor[secret.Password](), reflect.TypeFor[identity.CURP](), reflect.TypeFor[identity.Person](), reflect.TypeFor[identity.Holder]()}
	var look func(at string, of reflect.Type)
	look = func(at string, of reflect.Type) {
		for _, f := range forbidden {
			if of == f {
				t.Errorf("%s is a %s", at, f)
			}
		}
		switch of.Kind() {
		case reflect.Struct:
			for f := range of.Fields() {
				if f.IsExported() {
					look(at+"."+f.Name, f.Type)
				}
			}
		case reflect.Slice, reflect.Pointer, reflect.Array, reflect.Map:
			look(at, of.Elem())
		case reflect.Interface:
			t.Errorf("%s may hold anything", at)
		}
	}
	look("Content", reflect.TypeFor[letter.Content]())
}

// What people typed is quoted, bounded, and never read as a placeholder.
func TestWhatPeopleTypedIsOnlyQuoted(t *testing.T) {
	t.Parallel()
	c := rejection()
	c.Decisions[1].Comment = "  Falta {number}.\n\n\u202eVea «aquí» \x00" + strings.Repeat("y más ", 500)
	c.Addressee.Name = "Ana {folio}\nPRESENTE " + strings.Repeat("x", 500)
	c.Decisions = append(c.Decisions, letter.Decision{Verdict: provisioning.Return, Name: "Nadie", Comment: "Nota interna."})
	got := letter.Compose(template(), c, seal).Text()
	if !strings.Contains(got, "«Falta {number}. Vea “aquí” y más") {
		t.Errorf("the reason is not quoted:\n%s", got)
	}
	for line := range strings.Lines(got) {
		if n := len([]rune(line)); n > 650 {
			t.Errorf("a line has %d characters:\n%s", n, line)
		}
	}
	if !strings.Contains(got, "Ana {folio} PRESENTE xxx") {
		t.Errorf("the name is not printed as typed:\n%s", got)
	}
	if strings.Contains(got, "Nota interna") || strings.Contains(got, "Nadie") {
		t.Errorf("the letter tells what an office wrote to the other:\n%s", got)
	}
}

func TestPartsAndTextsAreTheTemplates(t *testing.T) {
	t.Parallel()
	own := template()
	own.Parts = []letter.Part{letter.PartSeal, letter.PartBody, letter.PartCopies}
	own.Texts = map[string]string{"body.made.one": "Hecho: {count} {type}, {folio}.", "body.made.one@recovery": "Renovada."}
	got := letter.Compose(own, content(1), letter.Seal{Code: "ABC"})
	if len(got.Blocks) != 3 {
		t.Errorf("the letter has %d blocks, want 3:\n%s", len(got.Blocks), got.Text())
	}
	if text := got.Text(); !strings.Contains(text, "Hecho: 1 docente, 2026-000123.") || strings.Index(text, "ABC") > strings.Index(text, "Hecho") {
		t.Errorf("the letter says\n%s", text)
	}
	if text := letter.Compose(own, recovered(), seal).Text(); !strings.Contains(text, "Renovada.") {
		t.Errorf("the letter says\n%s", text)
	}
	own.Parts, own.Logo, own.LogoAlt = letter.Parts(), []byte("png"), "Escudo"
	if text := letter.Compose(own, content(1), seal).Text(); !strings.Contains(text, "[image: Escudo]") {
		t.Errorf("the letter has no logo:\n%s", text)
	}
	if got := letter.Compose(letter.Template{}, content(1), seal); len(got.Blocks) != 0 || cmp.Equal(got, pdf.Document{}) {
		t.Errorf("a template without parts writes\n%s", got.Text())
	}
}
