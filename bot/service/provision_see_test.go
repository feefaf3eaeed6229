package service_test

import (
	"fmt"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
)

func (p *pipeline) request(f provisioning.Folio) (r provisioning.Request) {
	p.t.Helper()
	p.view(func(tx provisioning.Tx) (err error) {
		r, err = tx.Request(f)
		return err
	})
	return r
}

// line is the present state of a line.
func (p *pipeline) line(f provisioning.Folio, number int) (a provisioning.Account) {
	p.t.Helper()
	p.view(func(tx provisioning.Tx) (err error) {
		a, err = tx.Account(provisioning.NewStamp(f, number))
		return err
	})
	return a
}

// want fails unless the line is in the state, with the address ("" for any).
func (p *pipeline) want(f provisioning.Folio, number int, state provisioning.AccountState, address identity.Address) provisioning.Account {
	p.t.Helper()
	a := p.line(f, number)
	if a.State != state || address != "" && a.Address != address {
		p.t.Fatalf("line %s is %s with %s, want %s with %s; trouble %+v", a.Stamp, a.State, a.Address, state, address, a.Trouble)
	}
	return a
}

// wantTrouble fails unless the line is in attention for the reason.
func (p *pipeline) wantTrouble(f provisioning.Folio, number int, reason string) provisioning.Account {
	p.t.Helper()
	a := p.want(f, number, provisioning.AccountAttention, "")
	if a.Trouble == nil || a.Trouble.Reason != reason {
		p.t.Fatalf("line %s: trouble %+v, want %s", a.Stamp, a.Trouble, reason)
	}
	return a
}

func (p *pipeline) wantState(f provisioning.Folio, state provisioning.RequestState) {
	p.t.Helper()
	if r := p.request(f); r.State != state {
		p.t.Fatalf("request %s is %s, want %s", f, r.State, state)
	}
}

// wantUsers fails unless the tenant has exactly these users, apart from deleted ones.
func (p *pipeline) wantUsers(upns ...string) {
	p.t.Helper()
	want := map[string]bool{}
	for _, upn := range upns {
		want[upn] = true
	}
	for _, u := range p.tenant.Users() {
		if !want[u.UserPrincipalName] {
			p.t.Errorf("the tenant has %s, whom nobody expects", u.UserPrincipalName)
		}
		delete(want, u.UserPrincipalName)
	}
	for upn := range want {
		p.t.Errorf("the tenant has no %s", upn)
	}
}

// notices are a person's pending notices, each as "kind stamp".
func (p *pipeline) notices(to string) []string {
	p.t.Helper()
	var all []string
	p.view(func(tx provisioning.Tx) error {
		all = nil
		for n, err := range tx.Pending(to) {
			if err != nil {
				return err
			}
			about := string(n.Stamp)
			if about == "" {
				about = string(n.Folio)
			}
			all = append(all, fmt.Sprintf("%s %s", n.Kind, about))
		}
		return nil
	})
	return all
}

// rowsOf returns the receipts of a holder.
func (p *pipeline) rowsOf(h identity.Holder) []provisioning.Receipt {
	p.t.Helper()
	found, err := p.rows.Find(p.t.Context(), provisioning.ReceiptQuery{Type: h.Type, CURP: h.Person.CURP, CCT: h.Centre.CCT})
	if err != nil {
		p.t.Fatal(err)
	}
	return found
}
