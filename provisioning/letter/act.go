package letter

import (
	"context"
	"errors"
	"strconv"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/input"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// The requester's notices: the office sent the letter, Args["serial"]; one that was sent, Args["number"],
// was annulled.
const (
	NoticeSent     provisioning.NoticeKind = "letter"
	NoticeAnnulled provisioning.NoticeKind = "letter_annulled"
)

// Act is what a person of the office does with a letter. Serial is the one that the card shows.
type Act struct {
	Folio  provisioning.Folio
	Serial int
	Click  provisioning.Click
}

// acted returns the letter of an act, if the person may act on it. It is CodeConflict if another
// letter took its place, or if it is in another state.
func (ls *Letters) acted(tx provisioning.Tx, auth Authority, act Act, in State) (Letter, provisioning.Request, error) {
	if err := auth.MaySend(act.Click); err != nil {
		return Letter{}, provisioning.Request{}, err
	}
	r, err := tx.Request(act.Folio)
	if err != nil {
		return Letter{}, r, err
	}
	l, found, err := Last(tx, act.Folio)
	switch {
	case err != nil:
		return l, r, err
	case !found:
		return l, r, problem.Refuse(problem.CodeNotFound, "letter.none", "folio", string(act.Folio))
	case act.Serial != 0 && l.Serial != act.Serial, l.State != in:
		return l, r, changed(l)
	}
	return l, r, nil
}

// changed is the error of an act that the letter's present state does not allow.
func changed(l Letter) error {
	return problem.Refuse(problem.CodeConflict, "letter.changed", "folio", string(l.Folio), "state", string(l.State))
}

// Number gives a letter that waits for one the number that the office typed, at the input "oficio".
func (ls *Letters) Number(ctx context.Context, authority func(provisioning.Tx) (Authority, error), act Act, typed string) error {
	names, err := ls.centreNames(ctx, act.Folio)
	if err != nil {
		return err
	}
	return ls.Store.Update(ctx, func(tx provisioning.Tx) error {
		auth, err := authority(tx)
		if err != nil {
			return err
		}
		l, r, err := ls.acted(tx, auth, act, StateWaiting)
		if err != nil {
			return err
		}
		number, err := parseNumber(typed)
		if err != nil {
			return err
		}
		if err := assign(tx, number, l.key()); err != nil {
			return err
		}
		fixed, err := ls.fix(tx, l, r, number, names)
		if err != nil {
			return err
		}
		return errors.Join(ls.record(tx, "letter.number", act, l.State, fixed.State, map[string]string{"number": number}), ls.Ask(tx, r))
	})
}

// Reserve adds a range of this year's numbers, and has the letters that wait for a number issued. It
// is CodeInvalid at the input "rangeFrom" if it overlaps another range of the year.
func (ls *Letters) Reserve(tx provisioning.Tx, auth Authority, act Act, reserved Range) error {
	if err := auth.MaySend(act.Click); err != nil {
		return err
	}
	if ls.Settings.Numbering.Source != FromRange {
		return problem.Refuse(problem.CodeConflict, "letter.no_ranges")
	}
	year := strconv.Itoa(ls.Now().In(ls.Location).Year())
	all, _, err := ranges.Get(tx, year)
	if err != nil {
		return err
	}
	for _, other := range all {
		if other.overlaps(reserved) {
			return problem.Invalid("rangeFrom", "letter.range_taken", "from", strconv.Itoa(other.From), "to", strconv.Itoa(other.To))
		}
	}
	reserved.By, reserved.Used = act.Click.By, 0
	detail := map[string]string{"from": strconv.Itoa(reserved.From), "to": strconv.Itoa(reserved.To)}
	return errors.Join(ranges.Put(tx, year, append(all, reserved)), ls.record(tx, "letter.range", act, "", "", detail), ls.askWaiting(tx))
}

// askWaiting has every letter issued that waits for a number.
func (ls *Letters) askWaiting(tx provisioning.Tx) error {
	var failed []error
	for k, err := range waiting.Keys(tx, "") {
		failed = append(failed, err, tx.Enqueue(job.Job{Kind: provisioning.JobLetter, Key: k, Due: ls.Now()}))
	}
	return errors.Join(failed...)
}

// Sent records that the office sent the letter, and tells the requester. A second time changes nothing.
func (ls *Letters) Sent(tx provisioning.Tx, auth Authority, act Act) error {
	l, r, err := ls.acted(tx, auth, act, StateIssued)
	if err != nil || !l.SentAt.IsZero() {
		return err
	}
	l.SentAt, l.SentBy = ls.Now(), act.Click.By
	return errors.Join(
		letters.Put(tx, l.key(), l), ls.showCards(tx, l.Folio),
		ls.record(tx, "letter.send", act, StateIssued, stateSent, map[string]string{"number": l.Number}),
		provisioning.Send(tx, provisioning.Notice{
			To: r.Requester.ID, Kind: NoticeSent, Folio: r.Folio, At: l.SentAt, Once: "letter/" + l.key(),
			Args: map[string]string{"serial": strconv.Itoa(l.Serial)},
		}),
	)
}

// Annul makes the letter invalid, with the reason typed at the input "comment", and has another made
// in its place, with a number of its own.
func (ls *Letters) Annul(tx provisioning.Tx, auth Authority, act Act, typed string) error {
	l, r, err := ls.acted(tx, auth, act, StateIssued)
	if err != nil {
		return err
	}
	reason, err := input.ParseNotes("comment", typed, false)
	switch {
	case err != nil:
		return err
	case reason == "":
		return problem.Invalid("comment", "letter.annul_reason")
	}
	l.State, l.AnnulledAt, l.AnnulledBy, l.Reason = StateAnnulled, ls.Now(), act.Click.By, reason
	var told error
	if !l.SentAt.IsZero() {
		told = provisioning.Send(tx, provisioning.Notice{
			To: r.Requester.ID, Kind: NoticeAnnulled, Folio: r.Folio, At: l.AnnulledAt, Once: "letter_annulled/" + l.key(),
			Args: map[string]string{"number": l.Number},
		})
	}
	return errors.Join(
		told,
		letters.Put(tx, l.key(), l), ls.showCards(tx, l.Folio), ls.Ask(tx, r),
		ls.record(tx, "letter.annul", act, StateIssued, StateAnnulled, map[string]string{"number": l.Number, "comment": reason}),
	)
}

// stateSent is what the audit calls a letter that was sent.
const stateSent State = "sent"

// record writes the audit entry of an act, with the letter's state before and after it.
func (ls *Letters) record(tx provisioning.Tx, name string, act Act, before, after State, detail map[string]string) error {
	return tx.Record(provisioning.Entered{
		At: ls.Now(), By: act.Click.By, Act: name, Folio: act.Folio, Before: string(before), After: string(after), Detail: detail,
	})
}
