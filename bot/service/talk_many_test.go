package service_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
)

// aPupil is what is typed of a pupil whose class is on the form already.
func aPupil(given, first, second string, n int) teamsfake.Inputs {
	return teamsfake.Inputs{
		"givenNames": given, "firstSurname": first, "secondSurname": second, "curp": string(provisioningtest.ChildCURP(n)),
	}
}

// Silvia enters three pupils of one class. What they share carries over to the next; "Guardar y
// agregar otra" saves each and goes on, and after the last one that the rules allow is not offered.
func TestPupilsOfAClassOneAfterTheOther(t *testing.T) {
	t.Parallel()
	o := openOffice(t, func(o *office, _ *tenantConfig) { o.rules(officeRules + "\nlimits: {people: 3}\n") })
	form := o.begins(o.silvia, "solicitar")
	if got := form.Input("medium").Value; got != "oficio" {
		t.Errorf("the first form has the medium %q, want the procedure's", got)
	}
	typed := maps.Clone(petitionTyped)
	typed["type"] = "alumno"
	form = o.shows(o.silvia, form, "request.next", typed)
	first := without(iker, "type")
	first["level"], first["grade"], first["group"] = "primaria", "3.º", "B"
	form = o.shows(o.silvia, form, "request.another", first)
	for _, input := range []string{"cct", "level", "grade", "group"} {
		if got := form.Input(input).Value; got != first[input] {
			t.Errorf("%s of the next is %q, want %q", input, got, first[input])
		}
	}
	if form.Input("curp").Value != "" || form.Input("givenNames").Value != "" {
		t.Errorf("what is a person's own carries over:\n%s", form.Text())
	}
	second, third := aPupil("Ana", "Soto", "Luna", 3), aPupil("Beto", "Sosa", "Mena", 4)
	wrong := o.shows(o.silvia, form, "request.another", map[string]string{"givenNames": "Ana", "firstSurname": "Soto", "curp": "SOMV120309MCLLRLA2"})
	if !strings.Contains(wrong.Text(), "CURP") || wrong.Input("givenNames").Value != "Ana" {
		t.Fatalf("an invalid person is saved:\n%s", wrong.Text())
	}
	form = o.shows(o.silvia, wrong, "request.another", second)
	if form.Offers("request.another") {
		t.Errorf("a fourth is offered:\n%s", form.Text())
	}
	review := o.shows(o.silvia, form, "request.next", third)
	for _, name := range []string{"Iker Ruelas", "Ana Soto", "Beto Sosa", "3.º B"} {
		if !strings.Contains(review.Text(), name) {
			t.Errorf("the review lacks %s:\n%s", name, review.Text())
		}
	}
}

// Three pupils of one request have their accounts: Silvia sees the three passwords in one view, each
// opens its account, and one click hands them over. Nothing of it is kept.
func TestThreePupilsAreHandedOverTogether(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	second, third := maps.Clone(iker), maps.Clone(iker)
	maps.Copy(second, aPupil("Ana", "Soto", "Luna", 3))
	maps.Copy(third, aPupil("Beto", "Sosa", "Mena", 4))
	folio := o.sends(o.silvia, iker, second, third)
	o.authorises(folio)
	addresses := []string{"iker.ruelas@alumnocoahuila.gob.mx", "ana.soto@alumnocoahuila.gob.mx", "beto.sosa@alumnocoahuila.gob.mx"}
	var card *teamsfake.Card
	for _, address := range addresses {
		card = o.announced(o.silvia, address)
	}
	view := o.shows(o.silvia, card, "password.revealAll", nil)
	lines := strings.Split(view.Monospace(), "\n")
	if len(lines) != len(addresses) {
		t.Fatalf("%d lines, want %d:\n%s", len(lines), len(addresses), view.Text())
	}
	for i, line := range lines {
		address, password, _ := strings.Cut(line, " / ")
		if address != addresses[i] {
			t.Errorf("line %d is of %s, want %s", i+1, address, addresses[i])
		}
		o.passwords = append(o.passwords, password)
		o.signsIn(address, password)
	}
	left := o.shows(o.silvia, view, "password.doneAll", nil)
	if !strings.Contains(left.Text(), "Nada por entregar") {
		t.Errorf("what is left:\n%s", left.Text())
	}
	o.waits("closed cards", func() bool {
		return o.teams.NewestCard(o.chats[o.silvia.ID], o.silvia.ID, "password.reveal") == nil &&
			o.teams.NewestCard(o.chats[o.silvia.ID], o.silvia.ID, "password.revealAll") == nil
	})
	o.stop()
	acts := o.acts(folio)
	for _, act := range []string{"password.reveal", "password.done"} {
		if n := len(slices.DeleteFunc(slices.Clone(acts), func(a string) bool { return a != act })); n != 3 {
			t.Errorf("%s is recorded %d times, want once for each", act, n)
		}
	}
}

// The accounts' cards have scrolled away. From "estado" Silvia comes back to what is to be handed over,
// shows one of the three by itself, then the others; when all are handed over nothing is offered.
func TestTheWayBackToWhatIsNotHandedOver(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	second := maps.Clone(iker)
	maps.Copy(second, aPupil("Ana", "Soto", "Luna", 3))
	folio := o.sends(o.silvia, iker, second)
	o.authorises(folio)
	o.announced(o.silvia, "iker.ruelas@")
	o.announced(o.silvia, "ana.soto@")
	before := o.teams.Cards(o.chats[o.silvia.ID], o.silvia.ID)
	o.says(o.silvia, "estado "+folio)
	status := o.comes(o.silvia, before, "password.list")
	before = o.teams.Cards(o.chats[o.silvia.ID], o.silvia.ID)
	o.presses(o.silvia, status, "password.list", nil)
	list := o.comes(o.silvia, before, "password.revealAll")
	for _, want := range []string{"2 cuentas por entregar", folio, "iker.ruelas@", "ana.soto@"} {
		if !strings.Contains(list.Text(), want) {
			t.Errorf("the list lacks %q:\n%s", want, list.Text())
		}
	}
	one := o.shows(o.silvia, list, "password.reveal", teamsfake.Inputs{"number": "2"})
	o.passwords = append(o.passwords, one.Monospace())
	o.signsIn("ana.soto@alumnocoahuila.gob.mx", one.Monospace())
	o.tells("the list again", o.shows(o.silvia, one, "password.done", nil), []string{"Una cuenta por entregar", "iker.ruelas@"})
	before = o.teams.Cards(o.chats[o.silvia.ID], o.silvia.ID)
	o.presses(o.silvia, status, "password.list", nil)
	last := o.shows(o.silvia, o.comes(o.silvia, before, "password.revealAll"), "password.revealAll", nil)
	address, password, _ := strings.Cut(last.Monospace(), " / ")
	if address != "iker.ruelas@alumnocoahuila.gob.mx" || strings.Contains(password, "\n") {
		t.Errorf("the one that is left: %s", address)
	}
	o.passwords = append(o.passwords, password)
	o.presses(o.silvia, last, "password.doneAll", nil)
	before = o.teams.Cards(o.chats[o.silvia.ID], o.silvia.ID)
	o.says(o.silvia, "estado "+folio)
	if again := o.comes(o.silvia, before, "request.begin"); again.Offers("password.list") {
		t.Errorf("something is still offered:\n%s", again.Text())
	}
	before = o.teams.Cards(o.chats[o.silvia.ID], o.silvia.ID)
	o.presses(o.silvia, status, "password.list", nil)
	o.tells("an old card", o.comes(o.silvia, before, "request.status"), []string{"Nada por entregar"})
}

// Silvia pastes thirty pupils of one class. One row has a wrong CURP: the others are kept, and that
// row stays in the box with its reason. Corrected, all thirty are sent, decided and handed over.
func TestThirtyPupilsArePasted(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	form := o.begins(o.silvia, "solicitar")
	typed := maps.Clone(petitionTyped)
	typed["type"] = "alumno"
	paste := o.shows(o.silvia, o.shows(o.silvia, form, "request.next", typed), "request.paste", nil)
	var rows []string
	for n := range provisioning.MostTogether {
		name := "Ana " + string(rune('A'+n%26)) + "rce"
		rows = append(rows, strings.Join([]string{name, "Soto", "Luna", string(provisioningtest.ChildCURP(n + 1))}, "\t"))
	}
	wrong := slices.Clone(rows)
	wrong[4] = "Eva\tSoto\tLuna\tSOMV120309MCLLRLA2"
	shared := teamsfake.Inputs{"cct": "05DPR0221C", "level": "primaria", "grade": "3", "group": "B", "rows": strings.Join(wrong, "\r\n")}
	paste = o.shows(o.silvia, paste, "request.next", shared)
	o.tells("the faulty row", paste, []string{"29 personas quedaron", "Fila 5, Eva Soto Luna: CURP: "})
	if got := paste.Input("rows").Value; got != wrong[4] {
		t.Errorf("in the box stays %q", got)
	}
	review := o.shows(o.silvia, paste, "request.next", teamsfake.Inputs{"rows": rows[4]})
	if review.Offers("request.add") {
		t.Error("a thirty-first is offered")
	}
	folio := folioShape.FindString(o.shows(o.silvia, review, "request.submit", nil).Text())
	o.tells("the director's card", o.approval("director", folio), []string{`30\. Ana`, `1\. Ana`})
	o.authorises(folio)
	o.told(o.silvia, folio, "Se crearon 30 cuentas")
	before := o.teams.Cards(o.chats[o.silvia.ID], o.silvia.ID)
	o.says(o.silvia, "estado "+folio)
	status := o.comes(o.silvia, before, "password.list")
	before = o.teams.Cards(o.chats[o.silvia.ID], o.silvia.ID)
	o.presses(o.silvia, status, "password.list", nil)
	list := o.comes(o.silvia, before, "password.revealAll")
	o.tells("the list", list, []string{"30 cuentas por entregar"})
	view := o.shows(o.silvia, list, "password.revealAll", nil)
	lines := strings.Split(view.Monospace(), "\n")
	if len(lines) != len(rows) {
		t.Fatalf("%d lines, want %d:\n%s", len(lines), len(rows), view.Text())
	}
	for _, line := range lines {
		address, password, _ := strings.Cut(line, " / ")
		o.passwords = append(o.passwords, password)
		o.signsIn(address, password)
	}
	o.tells("what is left", o.shows(o.silvia, view, "password.doneAll", nil), []string{"Nada por entregar"})
	o.stop()
	if n := len(o.stamped()); n != len(rows) {
		t.Errorf("%d accounts, want %d", n, len(rows))
	}
	o.oneEach()
}

// "Otra como esta" opens a new form with the petition of a sent request, its type, work centre and
// level; the document's number and the people are asked for anew. Nobody else's request is copied.
func TestAnotherRequestLikeTheLast(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	folio := o.sends(o.silvia, iker)
	before := o.teams.Cards(o.chats[o.silvia.ID], o.silvia.ID)
	o.says(o.silvia, "estado "+folio)
	status := o.comes(o.silvia, before, "request.again")
	before = o.teams.Cards(o.chats[o.silvia.ID], o.silvia.ID)
	o.presses(o.silvia, status, "request.again", nil)
	form := o.comes(o.silvia, before, "request.next")
	for input, want := range map[string]string{"type": "alumno", "medium": "oficio", "oficio": "", "area": "Servicios Regionales"} {
		if got := form.Input(input).Value; got != want {
			t.Errorf("%s is %q, want %q", input, got, want)
		}
	}
	pupil := o.shows(o.silvia, form, "request.next", teamsfake.Inputs{"oficio": "SEDU/SRS/046/2026"})
	for input, want := range map[string]string{"cct": "05DPR0221C", "level": "primaria", "grade": "", "givenNames": "", "curp": ""} {
		if got := pupil.Input(input).Value; got != want {
			t.Errorf("%s is %q, want %q", input, got, want)
		}
	}
}
