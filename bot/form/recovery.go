package form

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"unicode"

	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/bot/words"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/input"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/problem"
	"seducoahuila.gob.mx/altas/provisioning/recovery"
)

// Finder finds the account to recover; recovery.Recovery implements it.
type Finder interface {
	Find(ctx context.Context, by provisioning.Actor, q recovery.Query) ([]recovery.Found, error)
	Confirm(ctx context.Context, by provisioning.Actor, address identity.Address, objectID string) error
}

// recoveries is the form of a request to recover an account: which account and by what its holder
// was identified, then the review.
type recoveries struct {
	Config
	finder Finder
}

// Recoveries returns the form for recovery.Kind.
func Recoveries(cfg Config, f Finder) Kind { return &recoveries{cfg, f} }

func (rc *recoveries) kind() provisioning.RequestKind { return recovery.Kind }

func (rc *recoveries) command(begin func(context.Context, turn.Context) (cards.Message, error)) turn.Command {
	return turn.Command{
		Name: "recover", Offered: true, Sentence: true,
		Words: []string{
			"recuperar", "contrasena", "olvide mi contrasena", "no puedo entrar", "recover", "password", "reset password",
			"forgot password", "recuperar contrasena", "nueva contrasena", "recover password",
		},
		Personal: func(ctx context.Context, t turn.Context, _ words.Asked) (cards.Message, error) {
			return begin(ctx, t)
		},
	}
}

func (rc *recoveries) mayAsk(ctx context.Context, by provisioning.Actor) error {
	return rc.Access.MayAskOrAdministers(ctx, by)
}

func (rc *recoveries) fill(d *draft, _ turn.Context) { d.Step = cards.StepIdentify }

func (rc *recoveries) refill(tx provisioning.Tx, d *draft, r provisioning.Request) error {
	d.Step = cards.StepIdentify
	d.Values = nonEmpty(map[string]string{
		"identityMedium": string(r.Petition.Medium), "identityDocument": r.Petition.Number, "notes": r.Notes,
	})
	for a, err := range tx.AccountsOf(r.Folio, 0) {
		if err != nil {
			return err
		}
		if a.State != provisioning.AccountExcluded {
			d.Values["address"] = string(a.Address)
		}
	}
	d.Before = maps.Clone(d.Values)
	return nil
}

// changes returns the inputs that differ from the request that the draft corrects.
func (rc *recoveries) changes(d *draft) []string {
	if d.Before == nil {
		return nil
	}
	return slices.DeleteFunc([]string{"address", "identityMedium", "identityDocument", "notes"}, func(name string) bool {
		return d.Values[name] == d.Before[name]
	})
}

func (rc *recoveries) inputs(d *draft) ([]string, *map[string]string) {
	if d.Step == cards.StepReview {
		return []string{"notes"}, &d.Values
	}
	return []string{"address", "holderKey", "holderName", "type", "identityMedium", "identityDocument"}, &d.Values
}

func (rc *recoveries) press(d *draft, c cards.Click) {
	if c.Verb == cards.RequestBack {
		d.Step = cards.StepIdentify
	}
}

func (rc *recoveries) card(_ context.Context, texts *cards.Texts, d draft) cards.Card {
	f := d.form(rc.Rules, false)
	f.Kind = recovery.Kind
	if d.Step == cards.StepReview {
		return texts.Recover(f)
	}
	return texts.Identify(f)
}

// next finds the account and goes on to the review.
func (rc *recoveries) next(ctx context.Context, t turn.Context, d *draft) error {
	q, f := rc.query(d.Values)
	identification(d.Values, f)
	if d.People = nil; len(f) > 0 {
		d.Faults = f
		return nil
	}
	found, err := rc.find(ctx, t, q)
	if refused, ok := errors.AsType[*fault](err); ok {
		d.Faults = map[string]*fault{refused.Field: refused}
		return nil
	}
	if err != nil {
		return err
	}
	d.People, d.Step = []person{{Holder: found.Holder, Proposal: proposalOf(found)}}, cards.StepReview
	return nil
}

// within asks the directory for no longer than a click may wait; then it is DirectoryUnavailable.
func within(ctx context.Context, ask func(context.Context) error) error {
	bounded, cancel := context.WithTimeout(job.Urgent(ctx), previewTimeout)
	defer cancel()
	err := ask(bounded)
	if _, refused := errors.AsType[*fault](err); err != nil && !refused && ctx.Err() == nil && bounded.Err() != nil {
		return problem.Refuse(problem.CodeUnavailable, provisioning.DirectoryUnavailable)
	}
	return err
}

// find returns the one account that the person identified and may recover. If there are several,
// the error is at the input that tells them apart.
func (rc *recoveries) find(ctx context.Context, t turn.Context, q recovery.Query) (recovery.Found, error) {
	if err := rc.Inquiries.About(ctx, t.By, "inquiry.limit_form", q.Inquired()); err != nil {
		return recovery.Found{}, err
	}
	var found []recovery.Found
	err := within(ctx, func(ctx context.Context) (err error) {
		found, err = rc.finder.Find(ctx, t.By, q)
		return err
	})
	if err != nil {
		return recovery.Found{}, err
	}
	if len(found) == 1 {
		return found[0], nil
	}
	for _, f := range found {
		if f.Holder.Type != found[0].Holder.Type {
			return recovery.Found{}, problem.Invalid("type", "recovery.several_types")
		}
	}
	return recovery.Found{}, problem.Invalid("address", "recovery.several")
}

// proposalOf returns the account found as the form and the submission carry it.
func proposalOf(f recovery.Found) provisioning.Proposal {
	p := provisioning.Proposal{Warnings: f.Warnings, Address: f.Entry.Address, ObjectID: f.Entry.ID, Exists: true, Checked: true}
	if f.AtOnce {
		p.Warnings = append(p.Warnings, problem.Warning{Reason: cards.RecoveryAtOnce})
	}
	if f.Entry.Synced {
		p.Warnings = append(p.Warnings, problem.Warning{Reason: "recovery.synchronised"})
	}
	return p
}

// query parses which account is meant: the address, else the holder's CURP or CCT and name.
func (rc *recoveries) query(typed map[string]string) (recovery.Query, faults) {
	f := faults{}
	q := recovery.Query{Address: identity.Address(strings.ToLower(strings.TrimSpace(typed["address"])))}
	key := strings.Map(dropSeparators, typed["holderKey"])
	switch {
	case q.Address != "" && key != "":
		f.add(problem.Invalid("holderKey", "recovery.both"))
	case q.Address != "" && !rc.ours(q.Address):
		f.add(problem.Invalid("address", "recovery.domain"))
	case q.Address != "":
	case key == "":
		f.add(problem.Invalid("address", "recovery.who"))
	default:
		f.add(rc.byHolder(&q, key, typed))
	}
	return q, f
}

// dropSeparators drops what people type between the characters of a key.
func dropSeparators(r rune) rune {
	if r == '.' || r == '−' || unicode.IsSpace(r) || unicode.In(r, unicode.Pd, unicode.Cf) {
		return -1
	}
	return r
}

// ours reports whether the address is valid and of a domain of the rules.
func (rc *recoveries) ours(a identity.Address) bool {
	for _, rule := range rc.Rules.Types {
		if rule.Domain == a.Domain() {
			return a.Valid()
		}
	}
	return false
}

// byHolder sets the query's key, name and type; the error is at its input.
func (rc *recoveries) byHolder(q *recovery.Query, key string, typed map[string]string) (err error) {
	const cctLength = 10
	if len([]rune(key)) == cctLength {
		q.CCT, err = identity.ParseCCT(key)
	} else {
		q.CURP, err = identity.ParseCURP(key)
	}
	if wrong, ok := errors.AsType[*fault](err); ok {
		wrong.Field = "holderKey"
		return wrong
	}
	if q.CURP != "" && !q.CURP.Identifies() {
		return problem.Invalid("holderKey", "recovery.generic")
	}
	if q.Name, err = input.ParseLine("holderName", typed["holderName"], maxHolderName); err == nil && q.Name == "" {
		err = problem.Invalid("holderName", "recovery.name")
	}
	if known, wrong := identity.ParseAccountType(typed["type"]); wrong == nil {
		q.Type = known
	}
	return err
}

// The most characters of what is typed, as on the card.
const (
	maxHolderName = 120
	maxDocument   = 60
)

// identification parses by what the holder was identified.
func identification(typed map[string]string, f faults) provisioning.Petition {
	p := provisioning.Petition{Medium: input.Medium(typed["identityMedium"])}
	if !slices.Contains(recovery.IdentityMedia(), p.Medium) {
		f.add(problem.Invalid("identityMedium", "recovery.medium"))
	}
	var err error
	p.Number, err = input.ParseLine("identityDocument", typed["identityDocument"], maxDocument)
	switch {
	case err == nil && p.Number == "":
		err = problem.Invalid("identityDocument", "recovery.document")
	case identity.ContainsCURP(p.Number): // the approvers' channel has many readers
		err = problem.Invalid("identityDocument", "recovery.document_curp")
	}
	f.add(err)
	return p
}

func (rc *recoveries) submission(ctx context.Context, t turn.Context, d *draft) (s provisioning.Submission, ready bool, err error) {
	f := faults{}
	document := identification(d.Values, f)
	notes, err := input.ParseNotes("notes", d.Values["notes"], false)
	f.add(err)
	if len(d.People) != 1 {
		f.add(problem.Invalid("address", "recovery.who"))
	}
	if len(f) > 0 {
		d.Faults = f
		if f["notes"] == nil {
			d.Step = cards.StepIdentify
		}
		return s, false, nil
	}
	account := d.People[0]
	err = within(ctx, func(ctx context.Context) error {
		return rc.finder.Confirm(ctx, t.By, account.Proposal.Address, account.Proposal.ObjectID)
	})
	if refused, ok := errors.AsType[*fault](err); ok {
		d.Faults, d.Step = map[string]*fault{"": refused}, cards.StepIdentify
		return s, false, nil
	}
	if err != nil {
		return s, false, err
	}
	return provisioning.Submission{
		Kind: recovery.Kind, Folio: d.Folio, Type: account.Holder.Type, Requester: t.By, Locale: d.Locale,
		Area: t.Person.Area, CCT: t.Person.CCT, Phone: t.Person.Phone, Petition: document, Notes: notes,
		Changed: rc.changes(d), Holders: d.holders(), Exist: map[identity.Holder]provisioning.Proposal{account.Holder: account.Proposal},
	}, true, nil
}
