package service_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/input"
)

// declareOthers says, as the head of department, that the accounts on the card are other people's.
func (p *pipeline) declareOthers(f provisioning.Folio) {
	p.t.Helper()
	p.asHead("rename", func(tx provisioning.Tx, auth provisioning.Authority) error {
		return p.workflow.Rename(tx, auth, provisioning.NewStamp(f, 1), "", head)
	})
	p.settle()
}

// wantShown fails unless the line waits for the reason, with a card that shows these accounts.
func (p *pipeline) wantShown(f provisioning.Folio, reason string, ids ...string) {
	p.t.Helper()
	var shown []string
	for _, e := range p.wantTrouble(f, 1, reason).Trouble.Shown() {
		shown = append(shown, e.ID)
	}
	if diff := cmp.Diff(ids, shown); diff != "" {
		p.t.Errorf("the card shows (-want +got):\n%s", diff)
	}
}

// There are two accounts with Ana's name, one in the recycle bin and one in use. The card shows the
// deleted one, and the head of department says that it is somebody else's: the other one is still
// asked about.
func TestAnAccountBesideADeletedOneIsAskedAbout(t *testing.T) {
	t.Parallel()
	p := newPipeline(t, nil)
	gone := p.seed(anaMail, "Ana Sofía Ruiz Peña")
	p.remove(gone)
	live := p.seed("aruiz70@"+teachersMail, "Ana Sofía Ruiz Peña")
	f := p.provision(ana())
	p.wantShown(f, "trouble.deleted", gone)
	p.declareOthers(f)
	p.wantShown(f, "trouble.homonym", live)
	p.declareOthers(f)
	p.want(f, 1, provisioning.AccountAnnounced, "ana.ruiz.pena@"+teachersMail)
}

// Ana's CURP is known as Bruno's, and there is an account with her name. That Bruno is somebody
// else decides nothing about that account; once both are decided, a third name with the CURP would
// be asked about again.
func TestANamesakeBesideADoubtfulKeyIsAskedAbout(t *testing.T) {
	t.Parallel()
	p := newPipeline(t, nil)
	live := p.seed("aruiz70@"+teachersMail, "Ana Sofía Ruiz Peña")
	named := func(given, first, second string) identity.Holder {
		h := ana()
		h.Person.GivenNames, h.Person.FirstSurname, h.Person.SecondSurname = given, first, second
		return h
	}
	row := func(upn string, h identity.Holder) {
		p.receipt(provisioning.Receipt{Stamp: provisioning.NewStamp("2025-000001", len(p.rowsOf(h))+1), Folio: "2025-000001",
			Address: identity.Address(upn), Holder: h, State: provisioning.ReceiptActive, RequestedAt: p.clock.Now(),
			CreatedAt: p.clock.Now(), Petition: provisioning.Petition{Medium: input.MediumOficio}})
	}
	bruno := p.seed("bruno.paz@"+teachersMail, "Bruno Paz León")
	row("bruno.paz@"+teachersMail, named("Bruno", "Paz", "León"))
	f := p.provision(ana())
	p.wantShown(f, "trouble.curp", bruno)
	p.declareOthers(f)
	p.wantShown(f, "trouble.homonym", live)
	row("carla.sosa@"+teachersMail, named("Carla", "Sosa", "Ríos"))
	p.declareOthers(f)
	if a := p.wantTrouble(f, 1, "trouble.curp"); a.Trouble.Args["name"] != "Carla Sosa Ríos" || len(a.Trouble.Entries) > 0 {
		t.Errorf("asked about %+v", a.Trouble)
	}
	p.declareOthers(f)
	p.want(f, 1, provisioning.AccountAnnounced, anaMail)
}

// Four accounts with her name: a card shows three. Once these are somebody else's, the fourth is
// shown.
func TestTheFourthNamesakeIsAskedAbout(t *testing.T) {
	t.Parallel()
	p := newPipeline(t, nil)
	var ids []string
	for _, local := range []string{"a1@", "a2@", "a3@", "a4@"} {
		ids = append(ids, p.seed(local+teachersMail, "Ana Sofía Ruiz Peña"))
	}
	f := p.provision(ana())
	p.wantShown(f, "trouble.homonym", ids[:3]...)
	p.declareOthers(f)
	p.wantShown(f, "trouble.homonym", ids[3])
	p.declareOthers(f)
	p.want(f, 1, provisioning.AccountAnnounced, anaMail)
}

// A decision from before decisions named accounts covers all of them.
func TestAnEarlierDecisionOfEverybodyStands(t *testing.T) {
	t.Parallel()
	p := newPipeline(t, nil)
	p.seed("aruiz70@"+teachersMail, "Ana Sofía Ruiz Peña")
	f := p.submit(ana())
	p.update("the record of before", func(tx provisioning.Tx) error {
		a, err := tx.Account(provisioning.NewStamp(f, 1))
		if err != nil {
			return err
		}
		a.Distinct = true
		return tx.PutAccount(a)
	})
	p.approve(f)
	p.settle()
	p.want(f, 1, provisioning.AccountAnnounced, anaMail)
}
