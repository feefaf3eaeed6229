package provisioning

import (
	"time"

	"seducoahuila.gob.mx/altas/provisioning/calendar"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/job"
)

// Rules are the organisation's configuration, from its YAML file. They do not change while the
// service runs.
type Rules struct {
	Types           map[identity.AccountType]TypeRule
	Stages          Stages
	Administrators  []string // Entra object ids
	RequesterGroup  string   // Entra group id; "" lets every member of the tenant submit requests
	OneMayDecideAll bool
	Limits          Limits
	Calendar        *calendar.Calendar // of working time
	Deadlines       Deadlines
}

// TypeRule is the configuration of one account type.
type TypeRule struct {
	Domain     string             // of the address
	Patterns   []identity.Pattern // of its local part, in order of preference
	SKUs       []string           // skuIds, in order of preference; none if Groups carry the licence
	Groups     []string           // Entra group ids to join
	Attributes Attributes         // the user's properties in the directory
}

// Attributes are texts for the user's properties, in which {cct}, {centro}, {nivel}, {grado},
// {grupo} and {tipo} are replaced by the holder's values. {centro} is the work centre's name, a
// person's from the Catalogue, else the CCT.
type Attributes struct {
	Department        string
	OfficeLocation    string
	CompanyName       string
	JobTitle          string
	PreferredLanguage string
	UsageLocation     string
	MinorConsent      string // consentProvidedForMinor of students under 18
}

// Limits are limits on use.
type Limits struct {
	Lines          int           // accounts in a request submitted as a list
	People         int           // people entered one by one in the form
	Reveals        int           // passwords shown for one account
	RevealWithin   time.Duration // how long after the announcement passwords are shown
	RevealInterval time.Duration // least time between two
	LowStock       int           // free seats of a SKU at which the platform channel is notified
	Inquiries      int           // people and folios that one person may ask about in a day
	DraftFor       time.Duration // how long an unused draft is kept
}

// DefaultLimits are the procedure's.
func DefaultLimits() Limits {
	return Limits{
		Lines: 5000, People: 30,
		Reveals: 5, RevealWithin: 7 * 24 * time.Hour, RevealInterval: 10 * time.Second,
		LowStock: 50, Inquiries: 500, DraftFor: 30 * 24 * time.Hour,
	}
}

// Deadlines are in working time. A zero one is disabled.
type Deadlines struct {
	Remind   []time.Duration // ascending: reminders to the stage that holds a request, or to the platform channel about a line in attention
	Escalate time.Duration   // the platform channel is notified that the stage has not decided
	Expire   time.Duration   // an undecided request expires
	Correct  time.Duration   // a returned request expires; half-way its requester is reminded
}

// DefaultDeadlines are in working days of the calendar: reminders after one and two, escalation
// after three; ten to decide, twenty to correct.
func DefaultDeadlines(c *calendar.Calendar) Deadlines {
	return Deadlines{
		Remind: []time.Duration{c.Days(1), c.Days(2)}, Escalate: c.Days(3),
		Expire: c.Days(10), Correct: c.Days(20),
	}
}

// Authority returns the Authority at an instant, with the given substitutes.
func (r *Rules) Authority(now time.Time, substitutes []Substitute) Authority {
	return Authority{
		Stages: r.Stages, Administrators: r.Administrators, OneMayDecideAll: r.OneMayDecideAll,
		Substitutes: substitutes, Now: now,
	}
}

// urgentLines is the most lines of a request whose jobs have priority over those of lists.
const urgentLines = 10

// lineJob returns the job that runs a line.
func lineJob(r Request, s Stamp, due time.Time) job.Job {
	return job.Job{Kind: JobLine, Key: string(s), Lane: string(r.Folio), Urgent: r.Lines <= urgentLines, Due: due}
}
