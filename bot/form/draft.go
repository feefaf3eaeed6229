package form

import (
	"context"
	"crypto/rand"
	"errors"
	"maps"
	"time"

	"seducoahuila.gob.mx/altas/bot/post"
	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/bot/words"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// draft is a form being filled in: one new one per person, and one per returned request of
// theirs, kept until it is submitted, discarded or expired (Limits.DraftFor). Every input is
// stored, valid or not; once it is over, only what its card needs.
type draft struct {
	ID      string                   `json:"id"`
	Person  string                   `json:"person"` // Entra object id
	Locale  string                   `json:"locale"`
	Kind    provisioning.RequestKind `json:"kind,omitempty"` // of the request; "" is Create
	Version int                      `json:"version"`        // +1 with every change
	Step    string                   `json:"step"`           // of its kind, such as cards.StepPetition
	Values  map[string]string        `json:"values"`         // of the petition, by input
	People  []person                 `json:"people,omitempty"`
	Typed   map[string]string        `json:"typed,omitempty"`   // the inputs of the person being entered
	Editing int                      `json:"editing,omitempty"` // number of the person in Typed; 0 for a new one
	Rows    []rowFault               `json:"rows,omitempty"`    // pasted ones that were not accepted
	Added   int                      `json:"added,omitempty"`   // how many pasted ones were
	Faults  map[string]*fault        `json:"faults,omitempty"`  // by input; "" for the whole form
	Folio   provisioning.Folio       `json:"folio,omitempty"`   // of the returned request that it corrects; "" for a new form
	Mark    string                   `json:"mark,omitempty"`    // of that request
	Comment string                   `json:"comment,omitempty"` // why that request was returned
	Before  map[string]string        `json:"before,omitempty"`  // its values when it was returned
	Sent    provisioning.Folio       `json:"sent,omitempty"`    // folio of the request, once submitted
	Dropped bool                     `json:"dropped,omitempty"` // discarded
	Expired bool                     `json:"expired,omitempty"` // discarded by Tidy, not by the person
	At      time.Time                `json:"at,omitzero"`       // when it was last changed or requested
	Asked   string                   `json:"asked,omitempty"`   // id of the activity that last requested it
}

// drafts are kept by draftKey.
var drafts = provisioning.Document[draft]{Kind: "draft"}

// person is one entered holder: the inputs, and the preview of their account.
type person struct {
	Values   map[string]string     `json:"values"`
	Holder   identity.Holder       `json:"holder"`
	Proposal provisioning.Proposal `json:"proposal"`
}

// fault is a problem.Error as stored in a draft.
type fault = problem.Error

func newDraft(t turn.Context, kind provisioning.RequestKind, fallback string) draft {
	return draft{ID: rand.Text()[:12], Person: t.By.ID, Kind: kind, Locale: t.Person.Language(fallback), Version: 1}
}

// draftKey is the key of a person's new form ("person" for new accounts, else "person/kind"), or of
// the one that corrects a request ("person/folio").
func draftKey(person string, kind provisioning.RequestKind, correcting provisioning.Folio) string {
	switch {
	case correcting != "":
		return person + "/" + string(correcting)
	case kind.Creates():
		return person
	}
	return person + "/" + string(kind)
}

func (d draft) key() string { return draftKey(d.Person, d.Kind, d.Folio) }

// over reports whether the draft was submitted or discarded.
func (d draft) over() bool { return d.Sent != "" || d.Dropped }

// kept returns what is stored of the draft: once it is over, no inputs.
func (d draft) kept() draft {
	if !d.over() {
		return d
	}
	return draft{
		ID: d.ID, Person: d.Person, Kind: d.Kind, Version: d.Version, Folio: d.Folio,
		Sent: d.Sent, Dropped: d.Dropped, Expired: d.Expired, Asked: d.Asked, At: d.At,
	}
}

// accepts reports whether a click is from the present version of the form. One from an older
// card, or one that Teams repeats, is not: removing the first of three people twice would remove
// two, and submitting is for what the clicked card shows.
func (d draft) accepts(c cards.Click) bool {
	return !d.over() && c.Draft == d.ID && c.Step == d.Step && c.Version == d.Version
}

// form returns the draft as its cards show it.
func (d draft) form(rules *provisioning.Rules, searchable bool) cards.Form {
	f := cards.Form{
		Draft: d.ID, Version: d.Version, Folio: d.Folio, Mark: d.Mark, Comment: d.Comment,
		Values: maps.Clone(d.Values), Editing: d.Editing, Limit: rules.Limits.People, Catalogue: searchable,
		Errors: make(map[string]error, len(d.Faults)),
	}
	if d.Step == cards.StepHolder || d.Step == cards.StepPaste {
		maps.Copy(f.Values, d.Typed)
	}
	f.Accepted = d.Added
	for _, r := range d.Rows {
		f.Rows = append(f.Rows, cards.RowFault{Number: r.Number, Name: r.Name, Field: r.Fault.Field, Err: r.Fault})
	}
	for input, err := range d.Faults {
		if input == "" {
			f.Refused = err
			continue
		}
		f.Errors[input] = err
	}
	for _, p := range d.People {
		entry := cards.Entry{
			Holder: p.Holder, Warnings: p.Proposal.Warnings, Pending: p.Proposal.Pending, Address: p.Proposal.Address,
			Taken: p.Proposal.Taken, Guarded: p.Proposal.Guarded,
		}
		if p.Proposal.Exists {
			entry.Existing, entry.Address = p.Proposal.Address, ""
		}
		f.People = append(f.People, entry)
	}
	return f
}

// holders returns the holders of the requested accounts.
func (d draft) holders() []identity.Holder {
	all := make([]identity.Holder, len(d.People))
	for i, p := range d.People {
		all[i] = p.Holder
	}
	return all
}

// storeInputs stores the inputs of the present step.
func (d *draft) storeInputs(k Kind, inputs map[string]string) {
	known, into := k.inputs(d)
	if *into == nil {
		*into = make(map[string]string)
	}
	for _, name := range known {
		if typed, there := inputs[name]; there {
			most := maxTyped
			if name == "rows" {
				most = cards.MaxPasted
			}
			(*into)[name] = words.Clip(typed, most)
		}
	}
}

// maxTyped bounds what is stored of one input, in characters: more than any input allows.
const maxTyped = 4000

func nonEmpty(m map[string]string) map[string]string {
	maps.DeleteFunc(m, func(_, v string) bool { return v == "" })
	return m
}

// Redraw enqueues the update of a person's forms.
func (fs *Forms) Redraw(tx provisioning.Tx, person string) error {
	now := fs.Now()
	errs := []error{tx.Enqueue(job.Job{Kind: post.JobDraft, Key: person, Urgent: true, Due: now})}
	for key, err := range drafts.Keys(tx, person+"/") {
		errs = append(errs, err, tx.Enqueue(job.Job{Kind: post.JobDraft, Key: key, Urgent: true, Due: now}))
	}
	return errors.Join(errs...)
}

// Show updates the card of a form to its present step. Once the form is submitted, the card is
// the request's and is updated by package status.
func (fs *Forms) Show(ctx context.Context, j job.Job) error {
	d, err := drafts.Read(ctx, fs.Store, j.Key)
	if err != nil || d.ID == "" {
		return err
	}
	return fs.Posts.OneAtATime(ctx, post.OfDraft(d.ID), func() error {
		d, err := drafts.Read(ctx, fs.Store, j.Key) // read again under the lock
		if err != nil || d.Sent != "" {
			return err
		}
		to, err := fs.Recipients.Find(ctx, d.Person)
		if err != nil || to.Chat.ID == "" {
			return err
		}
		card, err := fs.card(ctx, to.Texts, d)
		if err != nil {
			return err
		}
		return fs.Posts.EnsureFor(ctx, post.OfDraft(d.ID), to, card)
	})
}
