package cards

import (
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/problem"
	"seducoahuila.gob.mx/altas/provisioning/recovery"
)

// recoveries adds the recovery form and the cards of its request.
func (g *gallery) recoveries() {
	t := g.t
	g.add("recovery-new", t.Identify(Form{Draft: "K3VQ7M2PXA4R", Kind: recovery.Kind, Version: 1}))
	g.add("recovery-errors", t.Identify(g.identifyErrors()))
	refused := g.identified()
	refused.Refused = problem.Refuse(problem.CodeNotFound, "recovery.unknown")
	g.add("recovery-unknown", t.Identify(refused))
	g.add("recovery-review", t.Recover(g.identified()))
	synchronised := g.identified()
	synchronised.People[0].Warnings = []problem.Warning{{Reason: "recovery.synchronised"}}
	g.add("recovery-synchronised", t.Recover(synchronised))
	atOnce := g.identified()
	atOnce.People[0].Warnings = []problem.Warning{{Reason: RecoveryAtOnce}}
	g.add("recovery-at-once", t.Recover(atOnce))
	g.add("recovery-sent", t.Sent(g.recovery(provisioning.StateSubdirector, provisioning.AccountPending)))
	g.add("recovery-approval", t.Approval(g.recoveryApproval(provisioning.StateSubdirector, provisioning.AccountPending)))
	g.add("recovery-authorised", t.Approval(g.recoveryApproval(provisioning.StateCompleted, provisioning.AccountAnnounced)))
	for _, c := range []struct {
		state provisioning.RequestState
		line  provisioning.AccountState
	}{
		{provisioning.StateProvisioning, provisioning.AccountPending},
		{provisioning.StateAttention, provisioning.AccountAttention},
		{provisioning.StateCompleted, provisioning.AccountAnnounced},
		{provisioning.StateRejected, provisioning.AccountPending},
	} {
		g.add("recovery-status-"+string(c.state), t.Status(g.recovery(c.state, c.line)))
	}
	ready := g.recovery(provisioning.StateCompleted, provisioning.AccountAnnounced).Accounts[0]
	g.add("recovery-ready", t.Ready(Delivery{Account: ready, Mark: sampleMark, Until: g.s.now.AddDate(0, 0, 7), Left: 5}))
	g.add("recovery-attention", t.Attention(g.unrecoverable()))
	mine := g.recovery(provisioning.StateSubdirector, provisioning.AccountPending)
	g.add("recovery-mine", t.Mine(List{Rows: []Row{{Request: mine.Request}}, First: true}))
}

func (g *gallery) identified() Form {
	f := g.s.form(1)
	f.Kind = recovery.Kind
	f.Values = map[string]string{
		"address": "lucia.nanez@docentecoahuila.gob.mx", "identityMedium": "persona", "identityDocument": "Credencial de elector",
	}
	f.People[0].Existing, f.People[0].Address = f.People[0].Address, ""
	return f
}

func (g *gallery) identifyErrors() Form {
	f := g.identified().typed(map[string]string{"address": "", "holderKey": "XAGL910703MCLXRC01", "holderName": "", "identityDocument": ""})
	f.Errors = map[string]error{
		"holderKey":        problem.Invalid("holderKey", "curp.check_digit"),
		"holderName":       problem.Invalid("holderName", "recovery.name"),
		"identityDocument": problem.Invalid("identityDocument", "recovery.document"),
	}
	return f
}

// recovery is a request to recover one account; its only stage is the subdirector.
func (g *gallery) recovery(state provisioning.RequestState, line provisioning.AccountState) RequestView {
	d := g.s.requestView(g.s.holders(1), state, line)
	d.Request.Kind, d.Accounts[0].Kind = recovery.Kind, recovery.Kind
	d.Request.Petition = provisioning.Petition{Medium: "persona", Number: "Credencial de elector"}
	d.Stages = []provisioning.StageName{provisioning.Subdirector}
	d.Request.Decisions = nil
	if state.Authorised() {
		d.Request.Decisions = []provisioning.Decision{g.s.decision(provisioning.Subdirector, provisioning.Approve, "")}
	}
	if state == provisioning.StateRejected {
		d.Request.Decisions = []provisioning.Decision{g.s.decision(provisioning.Subdirector, provisioning.Reject, "No se mostró un documento.")}
	}
	return d
}

func (g *gallery) recoveryApproval(state provisioning.RequestState, line provisioning.AccountState) Approval {
	d := g.recovery(state, line)
	d.Accounts[0].Warnings = []problem.Warning{{Reason: "recovery.area", Args: map[string]string{"name": "Martha Peña"}}}
	return Approval{RequestView: d, Stage: provisioning.Subdirector, Round: 1}
}

// unrecoverable is a line whose password an application may not reset.
func (g *gallery) unrecoverable() Attention {
	d := g.recovery(provisioning.StateAttention, provisioning.AccountAttention)
	a := d.Accounts[0]
	a.ObjectID = "0f6d"
	a.Trouble = &provisioning.Trouble{
		Reason: "trouble.synchronised", Since: g.s.ago(1), Resume: provisioning.AccountPending,
		Entries: []provisioning.Entry{{ID: "0f6d", Address: a.Address, DisplayName: a.Holder.DisplayName(), Enabled: true, Synced: true, Department: "05DPR0221C"}},
	}
	return Attention{Account: a, Request: d.Request, Alike: 1}
}
