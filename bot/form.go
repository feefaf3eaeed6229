package bot

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
)

// jobDraft is the job that keeps a form's card true; its key is the draft's.
const jobDraft provisioning.JobKind = "draft"

// lookFor bounds how long a click waits for the directory before it is answered
// without it.
const lookFor = 3 * time.Second

// formStands is how long a form that was just sent is not sent once more for a click:
// people press twice, and Teams sends a click again, under a new id, after half a minute.
const formStands = time.Minute

// begin shows the person's form again, below what was said since, or a new one; not
// where it was sent within the time given.
func (b *Bot) begin(ctx context.Context, t turn, stands time.Duration) error {
	if t.chat.Role == roleGuest && b.isGuest(ctx, t) {
		return errGuest
	}
	if err := b.mayAsk(ctx, t); err != nil {
		return err
	}
	return b.Store.Update(ctx, func(tx provisioning.Tx) error {
		d, found, err := drafts.get(tx, t.by.ID)
		if err != nil {
			return err
		}
		if found && d.Asked == t.ID && t.ID != "" {
			return nil // Teams sends it again, and the bot was started anew meanwhile
		}
		if !found || d.over() {
			d = newDraft(t, b.Locale)
		}
		d.Asked = t.ID
		return b.showAnew(tx, d, stands)
	})
}

// mayAsk returns nil for whoever may ask for accounts: everybody of the tenant, or
// the members of the group that the rules name.
func (b *Bot) mayAsk(ctx context.Context, t turn) error {
	if b.Rules.RequesterGroup == "" {
		return nil
	}
	groups, err := b.groupsOf(ctx, t.by, b.Rules.RequesterGroup)
	if err == nil && len(groups) == 0 {
		return provisioning.Refuse(provisioning.CodeForbidden, "authority.asking")
	}
	return err
}

// correct opens a returned request as a form.
func (b *Bot) correct(ctx context.Context, t turn, f provisioning.Folio) (shown, error) {
	err := b.Store.Update(ctx, func(tx provisioning.Tx) error {
		r, err := b.own(tx, t, f)
		if err != nil {
			return err
		}
		if r.Requester.ID != t.by.ID { // an administrator sees it, and corrects nothing
			return provisioning.Refuse(provisioning.CodeForbidden, "authority.requester")
		}
		if r.State != provisioning.StateReturned {
			return provisioning.Refuse(provisioning.CodeConflict, "state.request", "folio", string(f), "state", string(r.State))
		}
		d, found, err := drafts.get(tx, draftKey(t.by.ID, f))
		if err != nil {
			return err
		}
		if !found || d.over() {
			if d, err = draftOf(tx, t, r, b.Locale); err != nil {
				return err
			}
		}
		return b.showAnew(tx, d, formStands)
	})
	return shown{text: t.texts.Say("correct.open", map[string]string{"folio": string(f)})}, err
}

// draftOf returns a form filled in with a returned request.
func draftOf(tx provisioning.Tx, t turn, r provisioning.Request, house string) (draft, error) {
	d := newDraft(t, house)
	d.Folio, d.Step = r.Folio, cards.StepReview
	if last, ok := r.LastDecision(); ok {
		d.Comment = last.Comment
	}
	d.Values = nonEmpty(map[string]string{
		"type": string(r.Type), "medium": string(r.Petition.Medium), "oficio": r.Petition.Number,
		"area": r.Area, "phone": r.Phone, "notes": r.Notes, "oficioDate": dateText(r.Petition.Date),
	})
	for a, err := range tx.AccountsOf(r.Folio, 0) {
		if err != nil {
			return d, err
		}
		if a.State == provisioning.AccountExcluded {
			continue
		}
		d.People = append(d.People, person{
			Values: valuesOf(a.Holder), Holder: a.Holder,
			Proposal: provisioning.Proposal{Address: a.Address, Exists: a.State == provisioning.AccountExists, Warnings: a.Warnings, Checked: true},
		})
	}
	d.Before = d.flat()
	return d, nil
}

func dateText(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.Format(time.DateOnly)
}

// showAnew keeps the draft and has its card sent again, at the end of the chat, unless
// that was done within the time given.
func (b *Bot) showAnew(tx provisioning.Tx, d draft, stands time.Duration) error {
	p, _, err := posts.get(tx, postOfDraft(d.ID))
	if err == nil && b.Now().Sub(p.SentAt) >= stands {
		err = posts.drop(tx, postOfDraft(d.ID))
	}
	return errors.Join(err, b.keep(tx, d, b.Now()))
}

// keep keeps the draft and has its card redrawn.
func (b *Bot) keep(tx provisioning.Tx, d draft, due time.Time) error {
	return errors.Join(
		drafts.put(tx, d.key(), d),
		tx.Enqueue(provisioning.Job{Kind: jobDraft, Key: d.key(), Urgent: true, Due: due}),
	)
}

// redrawWithin is how long a click waits for its form's card to be redrawn for all
// the person's devices. Teams clears what is being typed on a card that is
// redrawn, so it is done before the answer; where that fails, by the job. With a slow
// Teams the answer comes first: nobody waits a second for it.
const redrawWithin = 700 * time.Millisecond

// redraw makes the form's card show the step that the click is about to answer with.
func (b *Bot) redraw(ctx context.Context, d draft) {
	bounded, cancel := context.WithTimeout(ctx, redrawWithin)
	defer cancel()
	if err := b.showDraft(bounded, provisioning.Job{Kind: jobDraft, Key: d.key()}); err != nil {
		b.Log.InfoContext(ctx, "form not redrawn at once", "person", d.Person, "err", err)
	}
}

// formClick moves the form on, back, or away, and shows what then is its step. A
// click that is not on the form as it stands changes nothing and shows it.
func (b *Bot) formClick(ctx context.Context, t turn, c cards.Click) (shown, error) {
	d, err := b.draft(ctx, draftKey(t.by.ID, c.Folio))
	if err != nil {
		return shown{}, err
	}
	if !d.accepts(c) {
		return b.present(ctx, t, d, c)
	}
	before := d.Version
	d.take(c.Inputs)
	d.Faults = nil
	switch c.Verb {
	case cards.RequestNext:
		err = b.next(ctx, &d)
	case cards.RequestSubmit:
		return b.submit(ctx, t, d)
	default:
		d.turnTo(c)
	}
	if err != nil {
		return shown{}, err
	}
	d.Version++
	err = b.Store.Update(ctx, func(tx provisioning.Tx) error {
		now, _, err := drafts.get(tx, d.key())
		if err != nil {
			return err
		}
		if now.ID != d.ID || now.Version != before {
			d = now // another click was quicker
			return nil
		}
		return b.keep(tx, d, b.Now().Add(redrawWithin))
	})
	if err == nil {
		b.redraw(ctx, d)
	}
	return b.drawn(ctx, t, d), err
}

func (b *Bot) drawn(ctx context.Context, t turn, d draft) shown {
	return shown{card: b.formCard(ctx, t.texts, d)}
}

func (b *Bot) formCard(ctx context.Context, texts *cards.Texts, d draft) cards.Card {
	all, _ := b.centres(ctx)
	known, _ := b.centre(ctx, d.Typed["cct"])
	return d.card(texts, b.Rules, len(all) > 0, joined(known.Name, known.Place))
}

// present shows what a passed form has become.
func (b *Bot) present(ctx context.Context, t turn, d draft, c cards.Click) (shown, error) {
	switch {
	case d.ID == "" || c.Draft != d.ID:
		return shown{card: t.texts.Outdated()}, nil
	case d.Sent != "":
		dossier, err := b.dossier(ctx, d.Sent)
		return shown{card: t.texts.Sent(dossier)}, err
	}
	return b.drawn(ctx, t, d), nil
}

func (b *Bot) draft(ctx context.Context, key string) (draft, error) {
	var d draft
	err := b.Store.View(ctx, func(tx provisioning.Tx) (err error) {
		d, _, err = drafts.get(tx, key)
		return err
	})
	return d, err
}

// next checks the present step and goes on to the one after, or stays with the
// faults at their inputs.
func (b *Bot) next(ctx context.Context, d *draft) error {
	if d.Step == cards.StepPetition {
		if _, d.Faults = b.petition(d.Values); len(d.Faults) == 0 && d.leavePetition() {
			return b.propose(ctx, d)
		}
		return nil
	}
	d.typeCCT()
	b.nameCentre(ctx, d)
	h, faults := parseHolder(d.accountType(), d.Typed)
	if twin := d.twin(h); twin > 0 && len(faults) == 0 {
		faults["curp"] = provisioning.Invalid("curp", "person.repeated", "number", strconv.Itoa(twin))
	}
	if d.Faults = faults; len(faults) > 0 {
		return nil
	}
	d.enterPerson(h)
	return b.propose(ctx, d)
}

// nameCentre takes the name of a work centre from the catalogue, where none was
// typed.
func (b *Bot) nameCentre(ctx context.Context, d *draft) {
	if d.accountType() != provisioning.WorkCentre || strings.TrimSpace(d.Typed["centerName"]) != "" {
		return
	}
	if c, found := b.centre(ctx, d.Typed["cct"]); found {
		d.Typed["centerName"] = c.Name
	}
}

// propose looks up what sending the draft would come to.
func (b *Bot) propose(ctx context.Context, d *draft) error {
	bounded, cancel := context.WithTimeout(provisioning.Urgent(ctx), lookFor)
	defer cancel()
	proposals, err := b.Provisioner.Preview(bounded, d.Folio, d.holders())
	var refused *provisioning.Error
	if errors.As(err, &refused) && refused.Code == provisioning.CodeInvalid {
		d.Faults, d.Step = map[string]*fault{refused.Field: refused}, cards.StepHolder
		return nil
	}
	for i := range proposals {
		d.People[i].Proposal = proposals[i]
	}
	return err
}

// leavePetition goes on to the people, or to the review where there are any, and
// reports whether their addresses are to be looked up anew. The only person of a form
// whose type changed is shown again: the other type asks for other things.
func (d *draft) leavePetition() bool {
	retyped := d.retype()
	d.Step, d.Editing = cards.StepHolder, 0
	switch {
	case retyped && len(d.People) == 1:
		d.Editing, d.Typed = 1, maps.Clone(d.People[0].Values)
	case len(d.People) > 0:
		d.Step = cards.StepReview
	}
	return retyped && d.Step == cards.StepReview
}

// retype makes the people of the form's present type, and reports whether they were of
// another. A teacher may have been meant for a student; a work centre is nobody.
func (d *draft) retype() bool {
	t, retyped := d.accountType(), false
	kept := d.People[:0]
	for _, p := range d.People {
		if p.Holder.Type != t {
			h, faults := parseHolder(t, p.Values)
			if len(faults) > 0 {
				continue
			}
			p.Holder, p.Proposal, retyped = h, provisioning.Proposal{}, true
		}
		kept = append(kept, p)
	}
	d.People = kept
	return retyped
}

// twin returns the number of another person of the form who is the same one; 0 for none.
func (d *draft) twin(h provisioning.Holder) int {
	for i, p := range d.People {
		if i+1 != d.Editing && p.Holder.Identity() == h.Identity() {
			return i + 1
		}
	}
	return 0
}

// typeCCT takes the CCT that was typed, where the search did not offer it.
func (d *draft) typeCCT() {
	if typed := strings.TrimSpace(d.Typed["cctTyped"]); typed != "" {
		d.Typed["cct"] = typed
	}
}

// enterPerson puts the person just typed in their place, and goes on to the review.
func (d *draft) enterPerson(h provisioning.Holder) {
	p := person{Values: nonEmpty(maps.Clone(d.Typed)), Holder: h}
	delete(p.Values, "cctTyped")
	if d.Editing > 0 && d.Editing <= len(d.People) {
		d.People[d.Editing-1] = p
	} else {
		d.People = append(d.People, p)
	}
	d.Typed, d.Editing, d.Step = nil, 0, cards.StepReview
}

// turnTo goes where a button other than "next" leads.
func (d *draft) turnTo(c cards.Click) {
	n := c.Number
	switch c.Verb {
	case cards.RequestBack:
		d.back()
	case cards.RequestAdd:
		d.Step, d.Editing = cards.StepHolder, 0
		d.Typed = nonEmpty(map[string]string{"cct": d.lastCCT()})
	case cards.RequestEdit:
		if n >= 1 && n <= len(d.People) {
			d.Step, d.Editing, d.Typed = cards.StepHolder, n, maps.Clone(d.People[n-1].Values)
		}
	case cards.RequestRemove:
		if n >= 1 && n <= len(d.People) && len(d.People) > 1 {
			d.People = slices.Delete(d.People, n-1, n)
		}
	case cards.RequestDiscard:
		d.Dropped = true
	}
}

// back goes from the review to the petition, and from a person to the review or,
// before there is one, to the petition. What was typed stays.
func (d *draft) back() {
	if d.Step == cards.StepHolder && len(d.People) > 0 {
		d.Step, d.Typed, d.Editing = cards.StepReview, nil, 0
		return
	}
	d.Step = cards.StepPetition
}

// lastCCT is the work centre of the person before: pupils come by the class.
func (d *draft) lastCCT() string {
	if len(d.People) == 0 {
		return ""
	}
	return d.People[len(d.People)-1].Values["cct"]
}

// submit sends the form as a request, once.
func (b *Bot) submit(ctx context.Context, t turn, d draft) (shown, error) {
	bounded, cancel := context.WithTimeout(ctx, redrawWithin)
	defer cancel()
	if b.isGuest(bounded, t) {
		return shown{}, errGuest
	}
	if err := b.mayAsk(ctx, t); err != nil {
		return shown{}, err
	}
	p, faults := b.petition(d.Values)
	if len(faults) > 0 || len(d.People) == 0 {
		d.Faults, d.Step = faults, cards.StepPetition
		return b.refused(ctx, t, d)
	}
	s := p.submission(t, d)
	var r provisioning.Request
	err := b.Store.Update(ctx, func(tx provisioning.Tx) error {
		now, _, err := drafts.get(tx, d.key())
		if err != nil {
			return err
		}
		if now.ID != d.ID || now.over() {
			r.Folio = now.Sent
			return nil // sent by another click
		}
		if r, err = b.Desk.Submit(tx, s); err != nil {
			return err
		}
		d.Sent = r.Folio
		return errors.Join(b.keep(tx, d, b.Now()), b.remembered(tx, t, s), requesterCards.put(tx, string(r.Folio), d.ID))
	})
	if refused, ok := errors.AsType[*provisioning.Error](err); ok {
		d.Sent, d.Faults = "", map[string]*fault{refused.Field: refused}
		return b.refused(ctx, t, d)
	}
	if err != nil || r.Folio == "" {
		return shown{card: t.texts.Outdated()}, err
	}
	dossier, err := b.dossier(ctx, r.Folio)
	return shown{card: t.texts.Sent(dossier)}, err
}

// refused keeps the draft with its faults and shows it.
func (b *Bot) refused(ctx context.Context, t turn, d draft) (shown, error) {
	d.Version++
	err := b.Store.Update(ctx, func(tx provisioning.Tx) error { return b.keep(tx, d, b.Now().Add(redrawWithin)) })
	if err == nil {
		b.redraw(ctx, d)
	}
	return b.drawn(ctx, t, d), err
}

// remembered keeps what the requester will not want to type again.
func (b *Bot) remembered(tx provisioning.Tx, t turn, s provisioning.Submission) error {
	c, _, err := chats.get(tx, t.by.ID)
	if err != nil {
		return err
	}
	c.Area, c.Phone, c.CCT = s.Area, s.Phone, s.CCT
	return chats.put(tx, t.by.ID, c)
}
