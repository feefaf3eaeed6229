package letter

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
)

// centreNames are the names of the work centres of a request, from the catalogue.
type centreNames map[identity.CCT]string

// centreNames reads the names of the request's work centres before the transaction of the letter: the
// catalogue has a transaction of its own.
func (ls *Letters) centreNames(ctx context.Context, f provisioning.Folio) (centreNames, error) {
	names := make(centreNames)
	var r provisioning.Request
	err := ls.Store.View(ctx, func(tx provisioning.Tx) (err error) {
		r, err = tx.Request(f)
		return err
	})
	if err != nil || r.CCT == "" || ls.Centres == nil {
		return names, err
	}
	names[r.CCT] = ls.Centres.CentreName(ctx, r.CCT)
	return names, nil
}

// content says how the request ended.
func (ls *Letters) content(tx provisioning.Tx, l Letter, r provisioning.Request, number string, names centreNames) (Content, error) {
	now := ls.Now()
	c := Content{
		Number: number, Folio: r.Folio, Kind: r.Kind, Type: r.Type, State: r.State, Date: now, Petition: r.Petition,
		File:      FileNumber(ls.Settings.File, now.In(ls.Location).Year(), r.Folio),
		Addressee: addressee(r, names),
		Decisions: decisions(r),
	}
	c.Petition.Number = identity.MaskCURPs(c.Petition.Number)
	if l.Serial > 1 {
		before, _, err := letters.Get(tx, key(r.Folio, l.Serial-1))
		if err != nil {
			return c, err
		}
		c.Replaces = before.Number
	}
	for a, err := range tx.AccountsOf(r.Folio, 0) {
		if err != nil {
			return c, err
		}
		c.Lines = append(c.Lines, lineOf(a))
	}
	return c, nil
}

// FileNumber returns the expediente of a letter of a year, by the pattern of Settings.File.
func FileNumber(pattern string, year int, f provisioning.Folio) string {
	return strings.NewReplacer("{year}", strconv.Itoa(year), "{folio}", string(f)).Replace(pattern)
}

// addressee is the requester, at the work centre whose own account they asked for; the centre of the
// people on a request need not be theirs.
func addressee(r provisioning.Request, names centreNames) Addressee {
	a := Addressee{Name: r.Requester.Name, Area: identity.MaskCURPs(r.Area)}
	if r.Type == identity.WorkCentre {
		a.CCT, a.Centre = r.CCT, names[r.CCT]
	}
	return a
}

// decisions returns those of the request's last round, in order.
func decisions(r provisioning.Request) []Decision {
	var all []Decision
	for _, d := range r.Decisions {
		if d.Round == r.Round {
			all = append(all, Decision{Stage: d.Stage, Verdict: d.Verdict, Name: d.By.Name, At: d.At, Comment: identity.MaskCURPs(d.Comment)})
		}
	}
	return all
}

// lineOf returns a line as the letter has it: the address only of an account that there is.
func lineOf(a provisioning.Account) Line {
	p := a.Holder.Person
	line := Line{Number: a.Number, Name: a.Holder.DisplayName(), CCT: a.Holder.CCT(), State: a.State, Note: identity.MaskCURPs(a.Note)}
	line.Group = strings.Join(slices.DeleteFunc([]string{p.Level, p.Grade, p.Group}, func(s string) bool { return s == "" }), " ")
	if a.State == provisioning.AccountAnnounced || a.State == provisioning.AccountExists {
		line.Address = a.Address
	}
	return line
}
