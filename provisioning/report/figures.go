package report

import (
	"slices"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
)

// Figures are the figures of a period. README.md says what each counts.
type Figures struct {
	Period
	At        time.Time // when they were read
	Groups    []Group   // of the counts, in order
	Months    []Month   // every month that the period touches, in order
	Stages    []Stage   // in the order of the procedure
	Decided   int       // requests of the period on which a stage has decided
	Returned  int       // of these: returned for correction at least once
	Rejected  int       // of these: rejected
	Attention int       // lines in attention at At
	Queues    []Queue   // lines that wait for a licence at At
	Licences  []Licence // of the SKUs that the rules name; nil if Unread
	Unread    bool      // the licences could not be read, or were not asked for
}

// Group is one kind of request and one type of account.
type Group struct {
	Kind provisioning.RequestKind // never ""
	Type identity.AccountType
}

// Count is what a group comes to: requests submitted, and accounts announced.
type Count struct{ Requests, Accounts int }

// Month is one month of the period, or the part of it that the period contains.
type Month struct {
	First  time.Time // its first day, 00:00 local time
	Counts map[Group]Count
}

// Stage is how long a stage took for its decisions of the period, in working time. The durations are
// whole minutes, and 0 if there were no decisions.
type Stage struct {
	Name        provisioning.StageName
	Decisions   int
	Median, P90 time.Duration
}

// Queue is how many lines of a type wait for a licence.
type Queue struct {
	Type  identity.AccountType
	Lines int
}

// Licence is the stock of a SKU, and how many of its free seats are reserved for lines.
type Licence struct {
	provisioning.Licence
	Held int
}

// Left returns the free seats that no line has reserved.
func (l Licence) Left() int { return max(0, l.Free-l.Held) }

// Begun returns the months that have begun at At: a report of the present year shows none to come.
func (f Figures) Begun() []Month {
	for i, m := range f.Months {
		if m.First.After(f.At) {
			return f.Months[:i]
		}
	}
	return f.Months
}

// Total sums the counts of the groups that match, over all months.
func (f Figures) Total(matches func(Group) bool) (sum Count) {
	for _, m := range f.Months {
		sum = sum.plus(m.Total(matches))
	}
	return sum
}

// Total sums the month's counts of the groups that match.
func (m Month) Total(matches func(Group) bool) (sum Count) {
	for g, c := range m.Counts {
		if matches(g) {
			sum = sum.plus(c)
		}
	}
	return sum
}

// All matches every group.
func All(Group) bool { return true }

// OfKind matches the groups of a kind.
func OfKind(k provisioning.RequestKind) func(Group) bool {
	return func(g Group) bool { return g.Kind == k }
}

func (c Count) plus(other Count) Count {
	return Count{c.Requests + other.Requests, c.Accounts + other.Accounts}
}

// Kinds returns the kinds of the groups, in order.
func (f Figures) Kinds() (kinds []provisioning.RequestKind) {
	for _, g := range f.Groups {
		if !slices.Contains(kinds, g.Kind) {
			kinds = append(kinds, g.Kind)
		}
	}
	return kinds
}

// Types returns the types of the groups, in order.
func (f Figures) Types() (types []identity.AccountType) {
	for _, g := range f.Groups {
		if !slices.Contains(types, g.Type) {
			types = append(types, g.Type)
		}
	}
	return types
}

// Waiting returns how many lines wait for a licence, of all types.
func (f Figures) Waiting() (n int) {
	for _, q := range f.Queues {
		n += q.Lines
	}
	return n
}
