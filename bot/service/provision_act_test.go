package service_test

import (
	"maps"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/input"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
)

// submit sends a form of the secretary's.
func (p *pipeline) submit(holders ...identity.Holder) provisioning.Folio {
	p.t.Helper()
	return p.submitBy(secretary, "", holders...)
}

// submitBy sends somebody's form: a new one, or the correction of a folio.
func (p *pipeline) submitBy(who provisioning.Actor, f provisioning.Folio, holders ...identity.Holder) provisioning.Folio {
	p.t.Helper()
	var r provisioning.Request
	p.update("submit", func(tx provisioning.Tx) (err error) {
		r, err = p.workflow.Submit(tx, form(who, f, holders...))
		return err
	})
	return r.Folio
}

func form(who provisioning.Actor, f provisioning.Folio, holders ...identity.Holder) provisioning.Submission {
	return provisioning.Submission{
		Folio: f, Type: holders[0].Type, Requester: who, Locale: "es-MX", Area: "Zona 12", CCT: provisioningtest.CCT(1),
		Petition: provisioning.Petition{Medium: input.MediumOficio, Number: "SEDU/045/2026"}, Holders: holders,
	}
}

// approve takes the requests through both stages.
func (p *pipeline) approve(folios ...provisioning.Folio) {
	p.t.Helper()
	for _, f := range folios {
		p.decide(f, director, provisioning.Approve)
		p.decide(f, subdirector, provisioning.Approve)
	}
}

func (p *pipeline) decide(f provisioning.Folio, click provisioning.Click, v provisioning.Verdict) {
	p.t.Helper()
	p.update("decide "+string(f), func(tx provisioning.Tx) error {
		r, err := tx.Request(f)
		if err != nil {
			return err
		}
		_, err = p.workflow.Decide(tx, p.authority(), provisioning.Act{
			Folio: f, Stage: click.Channel, Round: r.Round, Verdict: v, Comment: "Revisado.", Click: click,
		})
		return err
	})
}

func (p *pipeline) authority() provisioning.Authority { return p.rules.Authority(p.clock.Now(), nil) }

// provision submits a request, has it authorised, and runs until nothing is left to do.
func (p *pipeline) provision(holders ...identity.Holder) provisioning.Folio {
	p.t.Helper()
	f := p.submit(holders...)
	p.approve(f)
	p.settle()
	return f
}

// asHead does an action of the head of department.
func (p *pipeline) asHead(what string, act func(tx provisioning.Tx, auth provisioning.Authority) error) {
	p.t.Helper()
	p.update(what, func(tx provisioning.Tx) error { return act(tx, p.authority()) })
}

// seed adds a user to the tenant who existed before Altas.
func (p *pipeline) seed(upn, name string, more ...map[string]any) string {
	p.t.Helper()
	properties := map[string]any{"userPrincipalName": upn, "displayName": name, "usageLocation": "MX"}
	for _, extra := range more {
		maps.Copy(properties, extra)
	}
	id, err := p.tenant.Seed(properties)
	if err != nil {
		p.t.Fatal(err)
	}
	return id
}

// receipt writes a row of another system, or of an earlier request.
func (p *pipeline) receipt(r provisioning.Receipt) {
	p.t.Helper()
	if err := p.rows.Put(p.t.Context(), r); err != nil {
		p.t.Fatal(err)
	}
}

// person is an invented holder with that name; n distinguishes CURPs.
func person(kind identity.AccountType, given, first, second string, n int) identity.Holder {
	return identity.Holder{Type: kind, Person: identity.Person{
		GivenNames: given, FirstSurname: first, SecondSurname: second,
		CURP: provisioningtest.CURP(n), CCT: provisioningtest.CCT(n),
	}}
}

// ana is the teacher of most stories.
func ana() identity.Holder { return person(identity.Teacher, "Ana Sofía", "Ruiz", "Peña", 1) }

const anaMail = "ana.ruiz@" + teachersMail
