package service_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/graph/graphfake"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/problem"
	"seducoahuila.gob.mx/altas/provisioning/secret"
)

// propertiesOf returns the properties of an account that rules fill.
func (p *pipeline) propertiesOf(upn string) map[string]any {
	p.t.Helper()
	u, found := p.tenant.User(upn)
	if !found {
		p.t.Fatalf("no %s", upn)
	}
	got := map[string]any{}
	for _, name := range []string{"displayName", "givenName", "surname", "department", "officeLocation", "companyName",
		"jobTitle", "preferredLanguage", "usageLocation", "ageGroup", "consentProvidedForMinor", "mailNickname"} {
		if value, set := u.Properties[name]; set {
			got[name] = value
		}
	}
	return got
}

// A student of 14 at the time of the story; the CURP is invented.
const pupilCURP = "GAPM120515MCLRRRA4"

func TestWhatAnAccountCarries(t *testing.T) {
	t.Parallel()
	base := map[string]any{"companyName": "SEDU Coahuila", "preferredLanguage": "es-MX", "usageLocation": "MX"}
	with := func(more map[string]any) map[string]any {
		maps.Copy(more, base)
		return more
	}
	pupil := person(identity.Student, "María", "García", "Pérez", 1)
	pupil.Person.CURP = pupilCURP
	adult := person(identity.Student, "Íñigo", "O'Farrill", "", 2)
	centre := identity.Holder{Type: identity.WorkCentre, Centre: identity.Centre{
		CCT: ana().Person.CCT, Name: `Escuela Primaria "20 de Noviembre"`, Responsible: "Elena Treviño"}}
	for name, c := range map[string]struct {
		holder identity.Holder
		want   map[string]any
	}{
		"a teacher": {ana(), with(map[string]any{"displayName": "Ana Sofía Ruiz Peña", "givenName": "Ana Sofía", "surname": "Ruiz Peña",
			"department": string(ana().Person.CCT), "officeLocation": string(ana().Person.CCT), "jobTitle": "docente", "mailNickname": "ana.ruiz"})},
		"a pupil under age": {pupil, with(map[string]any{"displayName": "María García Pérez", "givenName": "María", "surname": "García Pérez",
			"department": string(pupil.Person.CCT), "officeLocation": string(pupil.Person.CCT), "jobTitle": "alumno", "mailNickname": "maria.garcia",
			"ageGroup": "Minor", "consentProvidedForMinor": "Granted"})},
		"a student of age": {adult, with(map[string]any{"displayName": "Íñigo O'Farrill", "givenName": "Íñigo", "surname": "O'Farrill",
			"department": string(adult.Person.CCT), "officeLocation": string(adult.Person.CCT), "jobTitle": "alumno", "mailNickname": "inigo.ofarrill", "ageGroup": "Adult"})},
		"a centre": {centre, with(map[string]any{"displayName": `Escuela Primaria "20 de Noviembre"`,
			"department": string(centre.Centre.CCT), "officeLocation": `Escuela Primaria "20 de Noviembre"`, "jobTitle": "centro",
			"mailNickname": strings.ToLower(string(centre.Centre.CCT))})},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPipeline(t, nil)
			a := p.want(p.provision(c.holder), 1, provisioning.AccountAnnounced, "")
			if diff := cmp.Diff(c.want, p.propertiesOf(string(a.Address))); diff != "" {
				t.Errorf("carries (-want +got):\n%s", diff)
			}
		})
	}
}

// Texts longer than the directory's properties are cut between characters; the tenant refuses one
// character more.
func TestTextsAreCutToTheDirectorysLengths(t *testing.T) {
	t.Parallel()
	p := newPipeline(t, func(s *pipelineOptions) {
		rule := s.rules.Types[identity.Teacher]
		rule.Attributes.CompanyName = strings.Repeat("ñ", 70)
		rule.Attributes.JobTitle = strings.Repeat("á", 127) + " é"
		rule.Attributes.Department = strings.Repeat("ú", 61) + " {cct}"
		s.rules.Types[identity.Teacher] = rule
	})
	h := person(identity.Teacher, "Ana "+strings.Repeat("Íñ", 27), "Ruiz "+strings.Repeat("Ñá", 27), "Peña "+strings.Repeat("Éñ", 27), 1)
	a := p.want(p.provision(h), 1, provisioning.AccountAnnounced, "")
	got := p.propertiesOf(string(a.Address))
	for field, limit := range map[string]int{"displayName": 256, "givenName": 64, "surname": 64, "companyName": 64, "jobTitle": 128, "department": 64} {
		text, _ := got[field].(string)
		if n := utf8.RuneCountInString(text); n > limit || n < limit-5 && field != "displayName" && field != "givenName" || !utf8.ValidString(text) {
			t.Errorf("%s has %d characters of %d: %q", field, n, limit, text)
		}
	}
	if !a.Address.Valid() {
		t.Errorf("address %q", a.Address)
	}
}

// reveal shows the first line's password, as somebody.
func (p *pipeline) reveal(f provisioning.Folio, by provisioning.Actor) (secret.Password, error) {
	_, password, err := p.passwords.Reveal(p.t.Context(), provisioning.NewStamp(f, 1), by)
	return password, err
}

func (p *pipeline) wantRefusal(f provisioning.Folio, by provisioning.Actor, reason string) {
	p.t.Helper()
	if password, err := p.reveal(f, by); problem.ReasonOf(err) != reason || password.Reveal() != "" {
		p.t.Errorf("shown %v, %v; want %s", password, err, reason)
	}
}

// A requester who cancels while the directory is slow sees no password, and no reveal is counted.
func TestAPasswordThatNobodyWaitedForIsNotCounted(t *testing.T) {
	t.Parallel()
	p := newPipeline(t, nil)
	f := p.provision(ana())
	ctx, leave := context.WithCancel(t.Context())
	p.tenant.OnRequest(func(op string) (graphfake.Fault, bool) {
		if op == "users.update" {
			leave()
		}
		return graphfake.Fault{Break: graphfake.BreakReset}, op == "users.update"
	})
	if _, password, err := p.passwords.Reveal(ctx, provisioning.NewStamp(f, 1), secretary); err == nil {
		t.Fatalf("shown %q", password.Reveal())
	}
	if got := p.line(f, 1).Handover.Reveals; got != 0 {
		t.Errorf("%d showings are counted, want none", got)
	}
}

// The account is new, and the replica that answers does not have it yet: the requester is told to
// try again, not that it is gone. Hours later it is gone.
func TestAPasswordOfAnAccountThatIsNotEverywhereYet(t *testing.T) {
	t.Parallel()
	for _, op := range []string{"users.get", "users.update"} {
		t.Run(op, func(t *testing.T) {
			t.Parallel()
			p := newPipeline(t, nil)
			f := p.provision(ana())
			p.tenant.OnRequest(func(asked string) (graphfake.Fault, bool) {
				return graphfake.Fault{Status: 404, Code: "Request_ResourceNotFound"}, asked == op
			})
			p.wantRefusal(f, secretary, provisioning.DirectoryNotReady)
			if got := p.line(f, 1).Handover.Reveals; got != 0 {
				t.Errorf("%d showings are counted, want none", got)
			}
			p.clock.advance(2 * time.Hour)
			p.wantRefusal(f, secretary, provisioning.DirectoryNotFound)
		})
	}
}

func TestATemporaryPasswordIsShownToItsRequesterAlone(t *testing.T) {
	t.Parallel()
	p := newPipeline(t, func(s *pipelineOptions) { s.rules.Limits.RevealInterval = time.Hour }) // the clock is fast
	f := p.provision(ana())
	p.wantRefusal(f, neighbour, "authority.requester")
	p.wantRefusal(f, provisioning.Actor{}, "authority.requester")
	p.wantRefusal(f, head.By, "authority.requester")
	password, err := p.reveal(f, secretary)
	if err != nil {
		t.Fatal(err)
	}
	if got := p.tenant.SignIn(anaMail, password.Reveal()); got != graphfake.MustChange {
		t.Errorf("it signs in: %s", got)
	}
	p.wantRefusal(f, secretary, "password.wait")
	p.runFor(time.Hour)
	second, err := p.reveal(f, secretary)
	if err != nil || second.Reveal() == password.Reveal() {
		t.Errorf("shown again: %v, the same %v", err, second.Reveal() == password.Reveal())
	}
	if got := p.tenant.SignIn(anaMail, password.Reveal()); got != graphfake.WrongPassword {
		t.Errorf("the first still signs in: %s", got)
	}
	p.view(func(tx provisioning.Tx) error {
		var by []string
		for e, err := range tx.Entries(f) {
			if err != nil {
				return err
			}
			if e.Act == "password.reveal" {
				by = append(by, e.By.ID)
				if len(e.Detail) > 0 {
					t.Errorf("the audit trail tells more than who and when: %v", e.Detail)
				}
			}
		}
		if !slices.Equal(by, []string{secretary.ID, secretary.ID}) {
			t.Errorf("audited %v", by)
		}
		return nil
	})
	p.runFor(time.Minute)
	if err := p.tenant.ChangePassword(anaMail, second.Reveal(), "Mi-propia-clave-7"); err != nil {
		t.Fatal(err)
	}
	p.runFor(time.Hour)
	p.wantRefusal(f, secretary, "password.used")
	if got := p.tenant.SignIn(anaMail, "Mi-propia-clave-7"); got != graphfake.SignedIn {
		t.Errorf("her own password: %s", got)
	}
	p.wantRefusal(f, secretary, "password.used")
}

func TestLimitsOfShowing(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		before func(p *pipeline, f provisioning.Folio)
		reason string
	}{
		"after seven days": {func(p *pipeline, _ provisioning.Folio) { p.clock.advance(7*24*time.Hour + time.Minute) }, "password.expired"},
		"once handed over": {func(p *pipeline, f provisioning.Folio) {
			if _, err := p.passwords.Done(p.t.Context(), provisioning.NewStamp(f, 1), neighbour); problem.CodeOf(err) != problem.CodeForbidden {
				p.t.Errorf("a stranger closes it: %v", err)
			}
			if _, err := p.passwords.Done(p.t.Context(), provisioning.NewStamp(f, 1), secretary); err != nil {
				p.t.Error(err)
			}
		}, "password.done"},
		"after five": {func(p *pipeline, f provisioning.Folio) {
			for range 5 {
				if _, err := p.reveal(f, secretary); err != nil {
					p.t.Fatal(err)
				}
				p.clock.advance(time.Minute)
			}
		}, "password.limit"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPipeline(t, nil)
			f := p.provision(ana())
			c.before(p, f)
			p.wantRefusal(f, secretary, c.reason)
		})
	}
	t.Run("before it is made", func(t *testing.T) {
		t.Parallel()
		p := newPipeline(t, nil)
		f := p.submit(ana())
		p.wantRefusal(f, secretary, "password.not_ready")
		if _, err := p.passwords.Done(t.Context(), provisioning.NewStamp(f, 1), secretary); problem.ReasonOf(err) != "password.not_ready" {
			t.Errorf("handed over before it is made: %v", err)
		}
	})
}

// The directory is unavailable for six clicks: none of them is counted.
func TestWhatWasNotShownDoesNotCount(t *testing.T) {
	t.Parallel()
	p := newPipeline(t, nil)
	f := p.provision(ana())
	p.tenant.OnRequest(func(op string) (graphfake.Fault, bool) { return graphfake.Fault{Status: 503}, op == "users.update" })
	for range 6 {
		if _, err := p.reveal(f, secretary); problem.CodeOf(err) != problem.CodeUnavailable {
			t.Fatal(err)
		}
		p.clock.advance(time.Minute)
	}
	p.tenant.Heal()
	if _, err := p.reveal(f, secretary); err != nil {
		t.Error(err)
	}
}
