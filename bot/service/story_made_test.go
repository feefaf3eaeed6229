package service_test

import (
	"fmt"
	"strings"
	"testing"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
	"seducoahuila.gob.mx/altas/provisioning/graph/graphfake"
)

// Lucía's account is created, and its licence refused. Gabriela excludes the line: the card does
// not say that there will be no account, it offers to disable the existing one, and nobody is told
// afterwards that none was created.
func TestAnAccountThatWasMadeIsTakenOut(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.refusesLicences()
	folio := o.sends(o.silvia, lucia)
	o.authorises(folio)
	platform := o.channels["platform"]
	card := o.card(platform, o.gabriela, "attention.disable", folio)
	if text := fmt.Sprint(card.Content); strings.Contains(text, "No se creará") || !strings.Contains(text, "no se borra") {
		t.Errorf("the card says:\n%s", text)
	}
	after := o.shows(o.gabriela, card, "attention.disable", nil)
	if after.Offers("attention.disable") || !strings.Contains(after.Text(), "Inhabilitada") {
		t.Errorf("disabled, the card says:\n%s", after.Text())
	}
	o.shows(o.gabriela, after, "attention.drop", teamsfake.Inputs{"comment": "Ya no labora."})
	o.waits("the end", func() bool {
		return o.count(o.channels["subdirector"], o.ernesto, luciaMail, "se creó y quedó fuera", "Ya no labora") == 1
	})
	o.told(o.silvia, "quedó fuera", "Ya no labora")
	for who, chat := range map[string]string{"the subdirector": o.channels["subdirector"], "the platform": platform, "Silvia": o.chats[o.silvia.ID]} {
		if o.count(chat, o.silvia, "No se creó") > 0 || o.count(chat, o.silvia, "No se creará") > 0 {
			t.Errorf("%s is told that there is no account:\n%s", who, o.conversations())
		}
	}
	if u, found := o.tenant.User(luciaMail); !found || u.Enabled {
		t.Errorf("the account is there %v, enabled %v", found, u.Enabled)
	}
}

// The account was created and somebody deleted it. It cannot be disabled: Gabriela is told why, and
// the line stays in attention.
func TestAnAccountThatIsGoneCannotBeDisabled(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.refusesLicences()
	folio := o.sends(o.silvia, lucia)
	o.authorises(folio)
	card := o.card(o.channels["platform"], o.gabriela, "attention.disable", folio)
	o.tenant.OnRequest(func(op string) (graphfake.Fault, bool) {
		return graphfake.Fault{Status: 404, Code: "Request_ResourceNotFound"}, op == "users.update"
	})
	o.refused(o.presses(o.gabriela, card, "attention.disable", nil), "directory.not_found")
	o.card(o.channels["platform"], o.gabriela, "attention.disable", folio)
}

// Gabriela types an address that a person with another name has: the error is shown at the input,
// which keeps her text, and nothing is created. The next one is free, and the card shows it.
func TestAnAddressThatIsTakenIsRefusedAtItsField(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.seeds(map[string]any{"userPrincipalName": luciaMail, "displayName": "Lucía Ñáñez Garza"})
	o.seeds(map[string]any{"userPrincipalName": "lulu@docentecoahuila.gob.mx", "displayName": "Lourdes Peña"})
	folio := o.sends(o.silvia, lucia)
	o.authorises(folio)
	card := o.card(o.channels["platform"], o.oscar, "attention.rename", folio)
	users := len(o.tenant.Users())
	for typed, address := range map[string]string{"lulu": "lulu@docentecoahuila.gob.mx", luciaMail: luciaMail} {
		again := o.shows(o.gabriela, card, "attention.rename", teamsfake.Inputs{"address": typed})
		if !strings.Contains(again.Text(), "La dirección "+address+" ya está ocupada. Escriba otra.") {
			t.Errorf("%s typed, the card says:\n%s", typed, again.Text())
		}
		if in := again.Input("address"); in == nil || in.Value != typed {
			t.Errorf("%s typed, the field has %+v", typed, in)
		}
	}
	o.refused(o.presses(o.rosa, card, "attention.rename", teamsfake.Inputs{"address": "lulu"}), "authority.office")
	if n := len(o.tenant.Users()); n != users {
		t.Errorf("%d users, want %d", n, users)
	}
	settled := o.shows(o.gabriela, card, "attention.rename", teamsfake.Inputs{"address": "lucia.n"})
	if !strings.Contains(settled.Text(), "decidió crear otra cuenta: lucia.n@docentecoahuila.gob.mx") {
		t.Errorf("settled, the card says:\n%s", settled.Text())
	}
	o.account("lucia.n@docentecoahuila.gob.mx", folio)
	o.announced(o.silvia, "lucia.n@docentecoahuila.gob.mx")
}
