package service_test

import (
	"errors"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/creation"
	"seducoahuila.gob.mx/altas/provisioning/graph/graphfake"
	"seducoahuila.gob.mx/altas/provisioning/identity"
)

// A line stops just before its account is created, because its type has no licence. One is added to
// the configuration, Altas is restarted, and the head of department retries the line: a licence is
// reserved and the line is finished.
func TestARetriedLineGetsALicenceAddedSince(t *testing.T) {
	t.Parallel()
	p := newPipeline(t, func(s *pipelineOptions) {
		rule := s.rules.Types[identity.Teacher]
		rule.SKUs = nil
		s.rules.Types[identity.Teacher] = rule
	})
	p.tenant.Fail(graphfake.Fault{Op: "users.create", Status: 400, Code: "Request_BadRequest", Message: "Invalid value specified for property 'x'."})
	f := p.provision(ana())
	stopped := p.want(f, 1, provisioning.AccountAttention, anaMail)
	if stopped.Trouble.Resume != provisioning.AccountReserved || stopped.SKU != "" {
		t.Fatalf("the line stopped at %s, with the licence %q", stopped.Trouble.Resume, stopped.SKU)
	}
	p.close()
	rule := p.rules.Types[identity.Teacher]
	rule.SKUs = []string{faculty}
	p.rules.Types[identity.Teacher] = rule
	p.open()
	p.asHead("retry", func(tx provisioning.Tx, auth provisioning.Authority) error {
		return p.workflow.Retry(tx, auth, stopped.Stamp, head)
	})
	p.settle()
	if a := p.want(f, 1, provisioning.AccountAnnounced, anaMail); a.SKU != faculty {
		t.Errorf("the line is finished with the licence %q", a.SKU)
	}
	p.wantState(f, provisioning.StateCompleted)
}

// A request of a kind that this version does not know, stored by a later one, is left unchanged and
// asks nobody, and continues when that version runs again.
func TestARequestOfALaterVersionWaits(t *testing.T) {
	t.Parallel()
	p := newPipeline(t, nil)
	f := p.submit(ana())
	const later provisioning.RequestKind = "later"
	p.update("of a later version", func(tx provisioning.Tx) error {
		r, err := tx.Request(f)
		if err != nil {
			return err
		}
		a, err := tx.Account(provisioning.NewStamp(f, 1))
		if err != nil {
			return err
		}
		r.Kind, a.Kind = later, later
		return errors.Join(tx.PutRequest(r), tx.PutAccount(a))
	})
	p.approve(f)
	p.runFor(2 * time.Hour)
	p.want(f, 1, provisioning.AccountPending, anaMail)
	p.wantState(f, provisioning.StateProvisioning)
	if d := p.depth(); d[provisioning.JobStart].Jobs != 1 {
		t.Fatalf("its start is not owed any more: %+v", d)
	}
	p.executor.Kinds[later] = &creation.Creation{Config: p.creation.Config}
	p.settle()
	p.want(f, 1, provisioning.AccountAnnounced, anaMail)
	p.wantState(f, provisioning.StateCompleted)
}
