package provisioning

import (
	"time"

	"seducoahuila.gob.mx/altas/provisioning/calendar"
	"seducoahuila.gob.mx/altas/provisioning/job"
)

// Rules are the organisation's, from its YAML file. They do not change while the
// service runs.
type Rules struct {
	Types           map[AccountType]TypeRule
	Stages          Stages
	Administrators  []string // Entra object ids
	RequesterGroup  string   // Entra group id; "" lets everyone of the tenant ask
	OneMayDecideAll bool
	Limits          Limits
	Calendar        *calendar.Calendar // of working time
	Deadlines       Deadlines
}

// TypeRule is how accounts of one type are made.
type TypeRule struct {
	Domain     string     // of the address
	Patterns   []Pattern  // of its local part, in order of preference
	SKUs       []string   // skuIds, in order of preference; none if Groups carry the licence
	Groups     []string   // Entra group ids to join
	Attributes Attributes // what the directory shows
}

// Attributes are texts for the directory's fields, in which {cct}, {centro},
// {nivel}, {grado}, {grupo} and {tipo} stand for the holder's; {centro} is the name of
// the work centre, a person's as the Catalogue has it, else the CCT.
type Attributes struct {
	Department        string
	OfficeLocation    string
	CompanyName       string
	JobTitle          string
	PreferredLanguage string
	UsageLocation     string
	MinorConsent      string // consentProvidedForMinor of students under 18
}

// Limits bound what people may do.
type Limits struct {
	Lines          int           // accounts in a request sent as a list
	People         int           // people entered one after another
	Reveals        int           // passwords shown for one account
	RevealWithin   time.Duration // from the announcement
	RevealInterval time.Duration // between two
	LowStock       int           // seats of a SKU at which the platform channel is told
	Inquiries      int           // people and folios that somebody asks about in a day
	DraftFor       time.Duration // that a form is kept which nobody goes on with
}

// DefaultLimits are the procedure's.
func DefaultLimits() Limits {
	return Limits{
		Lines: 5000, People: 10,
		Reveals: 5, RevealWithin: 7 * 24 * time.Hour, RevealInterval: 10 * time.Second,
		LowStock: 50, Inquiries: 500, DraftFor: 30 * 24 * time.Hour,
	}
}

// Deadlines are how long, in working time, something may wait before somebody is
// told. A zero one never comes.
type Deadlines struct {
	Remind   []time.Duration // growing: the stage that holds a request, and the platform channel of a line in attention
	Escalate time.Duration   // the platform channel hears of the stage
	Expire   time.Duration   // a request that no stage decided ends
	Correct  time.Duration   // one that was returned and not corrected ends; half-way its requester is reminded
}

// DefaultDeadlines are in days of the calendar: a reminder after one and two,
// escalation after three; ten to decide, twenty to correct.
func DefaultDeadlines(c *calendar.Calendar) Deadlines {
	return Deadlines{
		Remind: []time.Duration{c.Days(1), c.Days(2)}, Escalate: c.Days(3),
		Expire: c.Days(10), Correct: c.Days(20),
	}
}

// Authority returns who may decide at an instant, given the substitutes named.
func (r *Rules) Authority(now time.Time, substitutes []Substitute) Authority {
	return Authority{
		Stages: r.Stages, Administrators: r.Administrators, OneMayDecideAll: r.OneMayDecideAll,
		Substitutes: substitutes, Now: now,
	}
}

// urgentLines is the size up to which a request goes before lists.
const urgentLines = 10

// lineJob is the job that carries a line on.
func lineJob(r Request, s Stamp, due time.Time) job.Job {
	return job.Job{Kind: JobLine, Key: string(s), Lane: string(r.Folio), Urgent: r.Lines <= urgentLines, Due: due}
}
