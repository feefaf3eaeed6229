package report

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/calendar"
)

// collector adds up one pass over the requests.
type collector struct {
	calendar *calendar.Calendar
	figures  Figures
	spreads  map[provisioning.StageName]spread
}

func (c *collector) readRequests(ctx context.Context, tx provisioning.Tx) error {
	for r, err := range tx.ListRequests(provisioning.RequestFilter{}) {
		if err == nil {
			err = ctx.Err()
		}
		if err == nil {
			err = c.read(tx, r)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *collector) read(tx provisioning.Tx, r provisioning.Request) error {
	if c.figures.Contains(r.SubmittedAt) {
		c.add(r, r.SubmittedAt, Count{Requests: 1})
		c.addOutcome(r)
	}
	if err := c.readAccounts(tx, r); err != nil {
		return err
	}
	return c.readStages(tx, r)
}

// add counts n for the request's group in the month of an instant of the period.
func (c *collector) add(r provisioning.Request, at time.Time, n Count) {
	g := Group{cmp.Or(r.Kind, provisioning.Create), r.Type}
	if !slices.Contains(c.figures.Groups, g) {
		c.figures.Groups = append(c.figures.Groups, g)
	}
	counts := c.figures.Months[c.figures.index(at)].Counts
	counts[g] = counts[g].plus(n)
}

// addOutcome counts what the stages decided on a request of the period: once, in however many
// rounds.
func (c *collector) addOutcome(r provisioning.Request) {
	if len(r.Decisions) == 0 {
		return
	}
	c.figures.Decided++
	if slices.ContainsFunc(r.Decisions, func(d provisioning.Decision) bool { return d.Verdict == provisioning.Return }) {
		c.figures.Returned++
	}
	if r.State == provisioning.StateRejected {
		c.figures.Rejected++
	}
}

// readAccounts counts the request's announced lines by the month of their announcement. All of them
// were announced between its authorisation and its end: if both are in one month of the period, the
// tally says how many, and no line is read.
func (c *collector) readAccounts(tx provisioning.Tx, r provisioning.Request) error {
	if !r.State.Authorised() {
		return nil
	}
	first, last := authorisedAt(r), r.EndedAt
	if last.IsZero() {
		last = c.figures.At
	}
	within := first.Before(c.figures.Until) && !last.Before(c.figures.From)
	if !within && r.State != provisioning.StateAttention {
		return nil
	}
	tally, err := tx.Tally(r.Folio)
	if err != nil {
		return err
	}
	c.figures.Attention += tally[provisioning.AccountAttention]
	announced := tally[provisioning.AccountAnnounced]
	switch {
	case announced == 0 || !within:
		return nil
	case c.figures.Contains(first) && c.figures.Contains(last) && c.figures.index(first) == c.figures.index(last):
		c.add(r, first, Count{Accounts: announced})
		return nil
	}
	return c.readLines(tx, r)
}

func (c *collector) readLines(tx provisioning.Tx, r provisioning.Request) error {
	for a, err := range tx.AccountsOf(r.Folio, 0) {
		if err != nil {
			return err
		}
		if a.State == provisioning.AccountAnnounced && c.figures.Contains(a.AnnouncedAt) {
			c.add(r, a.AnnouncedAt, Count{Accounts: 1})
		}
	}
	return nil
}

// authorisedAt returns when the last stage approved an authorised request; when it was submitted,
// if no stage decides on it.
func authorisedAt(r provisioning.Request) time.Time {
	if last, ok := r.LastDecision(); ok {
		return last.At
	}
	return r.SubmittedAt
}

// readStages measures the decisions of the period, each from when its stage got the request: when
// the round was submitted, or when the stage before approved.
func (c *collector) readStages(tx provisioning.Tx, r provisioning.Request) error {
	if !slices.ContainsFunc(r.Decisions, func(d provisioning.Decision) bool { return c.figures.Contains(d.At) }) {
		return nil
	}
	submitted, err := submissions(tx, r)
	if err != nil {
		return err
	}
	round, since := 0, time.Time{}
	for _, d := range r.Decisions {
		if d.Round != round {
			round, since = d.Round, submitted[d.Round]
		}
		if c.figures.Contains(d.At) && !since.IsZero() {
			c.measure(d.Stage, c.calendar.Worked(since, d.At))
		}
		since = d.At
	}
	return nil
}

func (c *collector) measure(stage provisioning.StageName, worked time.Duration) {
	if c.spreads[stage] == nil {
		c.spreads[stage] = make(spread)
	}
	c.spreads[stage].add(worked)
}

// submissions returns when each round that was decided was submitted. The request itself has only
// the first; the audit has the corrections, before any entry of a line.
func submissions(tx provisioning.Tx, r provisioning.Request) (map[int]time.Time, error) {
	submitted := map[int]time.Time{1: r.SubmittedAt}
	rounds := 1
	if last, ok := r.LastDecision(); ok {
		rounds = last.Round
	}
	if rounds <= 1 {
		return submitted, nil
	}
	round := 0
	for e, err := range tx.Entries(r.Folio) {
		if err != nil {
			return nil, err
		}
		if e.Act != provisioning.ActSubmit {
			continue
		}
		if round++; round > 1 {
			submitted[round] = e.At
		}
		if round == rounds {
			break
		}
	}
	return submitted, nil
}

// finish returns the figures with the stages: the named ones in order, then others that decided.
func (c *collector) finish(names []provisioning.StageName) Figures {
	for _, name := range slices.Sorted(maps.Keys(c.spreads)) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, name := range names {
		s := c.spreads[name]
		c.figures.Stages = append(c.figures.Stages, Stage{
			Name: name, Decisions: s.size(), Median: s.percentile(50), P90: s.percentile(90),
		})
	}
	return c.figures
}
