package provisioningtest

import (
	"context"
	"errors"
	"iter"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

func accountCases() cases {
	return cases{
		"a line is read as it was put":                        accountRead,
		"a request's lines are in the order of their numbers": linesByNumber,
		"lines of a page follow the given number":             linesPage,
		"only the request's own lines":                        linesOfOne,
		"lines may be put while they are read":                linesWhileWriting,
		"every line of a holder, newest first":                linesOfHolder,
		"a corrected identity replaces the former one":        identityReindexed,
		"a student and a teacher of one CURP are two holders": twoIdentities,
		"the tally counts lines by state":                     tallyCounts,
		"the tally follows every change of state":             tallyFollows,
		"a failed update leaves the tally unchanged":          tallyRolledBack,
		"the tally of an unknown folio is empty":              tallyUnknown,
	}
}

func searchCases() cases {
	return cases{
		"a line is found by words of its name":                 searchByName,
		"accents and case do not count":                        searchFolded,
		"a line is found by CURP, CCT and address":             searchByKeys,
		"every word must match":                                searchEveryWord,
		"results are newest first, in pages":                   searchPages,
		"a corrected name replaces the former one":             searchReindexed,
		"a guarded address is found only once it may be shown": searchGuarded,
		"a work centre is found by its responsible":            searchCentre,
		"a text without words finds nothing":                   searchNothing,
		"a search may be limited to a requester's lines":       searchOwn,
		"a search ends with its context":                       searchEnds,
	}
}

func stampOf(a provisioning.Account) provisioning.Stamp { return a.Stamp }

func accountRead(t *testing.T, s Subject) {
	putLines(t, s, "2026-000001", 1, 0)
	want := Account("2026-000001", 1, Student(5))
	want.Warnings = []problem.Warning{{Reason: "cct.check_letter", Field: "cct", Args: map[string]string{"want": "X"}}}
	want.Trouble = &provisioning.Trouble{Reason: "trouble.homonym", Since: Start, Resume: provisioning.AccountPending,
		Entries: []provisioning.Entry{{ID: "u1", Address: "a@docente.example", Created: Start}}}
	want.CreateSentAt = Start
	want.Handover = provisioning.Handover{Reveals: 2, SetAt: Start}
	update(t, s, func(tx provisioning.Tx) error { return tx.PutAccount(want) })
	view(t, s, func(tx provisioning.Tx) error {
		got, err := tx.Account(want.Stamp)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("Account (-want +got):\n%s", diff)
		}
		return err
	})
}

func linesOf(f provisioning.Folio, after int) func(provisioning.Tx) iter.Seq2[provisioning.Account, error] {
	return func(tx provisioning.Tx) iter.Seq2[provisioning.Account, error] { return tx.AccountsOf(f, after) }
}

func linesByNumber(t *testing.T, s Subject) {
	putLines(t, s, "2026-000001", 1200, 0)
	want := make([]int, 1200)
	for i := range want {
		want[i] = i + 1
	}
	wantAll(t, s, "AccountsOf", linesOf("2026-000001", 0), func(a provisioning.Account) int { return a.Number }, want...)
}

func linesPage(t *testing.T, s Subject) {
	putLines(t, s, "2026-000001", 4, 0)
	wantAll(t, s, "after 2", linesOf("2026-000001", 2), stampOf, "2026-000001-0003", "2026-000001-0004")
	wantAll(t, s, "after 4", linesOf("2026-000001", 4), stampOf)
	wantAll(t, s, "after 9999", linesOf("2026-000001", 9999), stampOf)
}

func linesOfOne(t *testing.T, s Subject) {
	putLines(t, s, "2026-000001", 1, 0)
	putLines(t, s, "2026-000002", 2, 0)
	putLines(t, s, "2026-000003", 1, 0)
	wantAll(t, s, "AccountsOf", linesOf("2026-000002", 0), stampOf, "2026-000002-0001", "2026-000002-0002")
	wantAll(t, s, "of none", linesOf("2026-000009", 0), stampOf)
}

func linesWhileWriting(t *testing.T, s Subject) {
	putLines(t, s, "2026-000001", 300, 0)
	update(t, s, func(tx provisioning.Tx) error {
		n := 0
		for a, err := range tx.AccountsOf("2026-000001", 0) {
			if err != nil {
				return err
			}
			n++
			a.State, a.Note = provisioning.AccountExcluded, "un texto que hace crecer el registro para que las páginas se partan"
			if err := tx.PutAccount(a); err != nil {
				return err
			}
		}
		if n != 300 {
			t.Errorf("%d lines seen, want 300", n)
		}
		return nil
	})
	wantTally(t, s, "2026-000001", provisioning.Tally{provisioning.AccountExcluded: 300})
}

func holder(id identity.Identity) func(provisioning.Tx) iter.Seq2[provisioning.Account, error] {
	return func(tx provisioning.Tx) iter.Seq2[provisioning.Account, error] { return tx.AccountsFor(id) }
}

func linesOfHolder(t *testing.T, s Subject) {
	putLines(t, s, "2025-000009", 1, 7)
	putLines(t, s, "2026-000001", 2, 6)
	wantAll(t, s, "AccountsFor", holder(Teacher(7).Identity()), stampOf, "2026-000001-0002", "2025-000009-0001")
	wantAll(t, s, "of nobody", holder(Teacher(99).Identity()), stampOf)
}

func identityReindexed(t *testing.T, s Subject) {
	putLines(t, s, "2026-000001", 1, 7)
	update(t, s, func(tx provisioning.Tx) error {
		return tx.PutAccount(Account("2026-000001", 1, Teacher(8)))
	})
	wantAll(t, s, "the former", holder(Teacher(7).Identity()), stampOf)
	wantAll(t, s, "the present", holder(Teacher(8).Identity()), stampOf, "2026-000001-0001")
}

func twoIdentities(t *testing.T, s Subject) {
	both := Teacher(7)
	both.Type = identity.Student
	putLines(t, s, "2026-000001", 1, 7)
	putLines(t, s, "2026-000002", 1, 0)
	update(t, s, func(tx provisioning.Tx) error { return tx.PutAccount(Account("2026-000002", 1, both)) })
	wantAll(t, s, "the teacher", holder(Teacher(7).Identity()), stampOf, "2026-000001-0001")
	wantAll(t, s, "the student", holder(both.Identity()), stampOf, "2026-000002-0001")
}

func wantTally(t *testing.T, s provisioning.Store, f provisioning.Folio, want provisioning.Tally) {
	t.Helper()
	view(t, s, func(tx provisioning.Tx) error {
		got, err := tx.Tally(f)
		if diff := cmp.Diff(want, got); diff != "" && len(want)+len(got) > 0 {
			t.Errorf("Tally(%s) (-want +got):\n%s", f, diff)
		}
		return err
	})
}

// moveLine puts the line with another state, in an update whose function returns end.
func moveLine(s provisioning.Store, line provisioning.Stamp, to provisioning.AccountState, end error) func(provisioning.Tx) error {
	return func(tx provisioning.Tx) error {
		a, err := tx.Account(line)
		a.State = to
		return errors.Join(err, tx.PutAccount(a), end)
	}
}

func tallyCounts(t *testing.T, s Subject) {
	putLines(t, s, "2026-000001", 3, 0)
	putLines(t, s, "2026-000002", 1, 0)
	wantTally(t, s, "2026-000001", provisioning.Tally{provisioning.AccountPending: 3})
	wantTally(t, s, "2026-000002", provisioning.Tally{provisioning.AccountPending: 1})
}

func tallyFollows(t *testing.T, s Subject) {
	putLines(t, s, "2026-000001", 3, 0)
	update(t, s, moveLine(s, "2026-000001-0002", provisioning.AccountReserved, nil))
	update(t, s, moveLine(s, "2026-000001-0002", provisioning.AccountReserved, nil))
	wantTally(t, s, "2026-000001", provisioning.Tally{provisioning.AccountPending: 2, provisioning.AccountReserved: 1})
	update(t, s, moveLine(s, "2026-000001-0002", provisioning.AccountCreated, nil))
	wantTally(t, s, "2026-000001", provisioning.Tally{provisioning.AccountPending: 2, provisioning.AccountCreated: 1})
}

func tallyRolledBack(t *testing.T, s Subject) {
	putLines(t, s, "2026-000001", 2, 0)
	if err := s.Update(t.Context(), moveLine(s, "2026-000001-0001", provisioning.AccountExists, errRollback)); !errors.Is(err, errRollback) {
		t.Errorf("Update = %v, want %v", err, errRollback)
	}
	wantTally(t, s, "2026-000001", provisioning.Tally{provisioning.AccountPending: 2})
}

func tallyUnknown(t *testing.T, s Subject) { wantTally(t, s, "2026-000009", nil) }

func search(text string, below provisioning.Stamp) func(provisioning.Tx) iter.Seq2[provisioning.Account, error] {
	return searchBy(provisioning.AccountSearch{Text: text, Below: below})
}

func searchBy(q provisioning.AccountSearch) func(provisioning.Tx) iter.Seq2[provisioning.Account, error] {
	return func(tx provisioning.Tx) iter.Seq2[provisioning.Account, error] { return tx.SearchAccounts(q) }
}

// putNamed puts three lines: Íñigo Muñoz Peña, Ana Sofía Muñoz Garza, and a work centre whose
// responsible is Óscar Peña.
func putNamed(t *testing.T, s provisioning.Store) {
	t.Helper()
	putLines(t, s, "2026-000001", 3, 0)
	holders := []identity.Holder{Teacher(1), Teacher(2), Centre(3)}
	holders[0].Person.GivenNames, holders[0].Person.FirstSurname, holders[0].Person.SecondSurname = "Íñigo", "Muñoz", "Peña"
	holders[1].Person.GivenNames, holders[1].Person.FirstSurname, holders[1].Person.SecondSurname = "Ana Sofía", "Muñoz", "Garza"
	holders[2].Centre.Name, holders[2].Centre.Responsible = "Escuela Benito Juárez", "Óscar Peña"
	update(t, s, func(tx provisioning.Tx) error {
		for i, h := range holders {
			a := Account("2026-000001", i+1, h)
			if i == 0 {
				a.Address = "inigo.munoz@docente.example"
				if err := tx.Reserve(a.Address, a.Stamp); err != nil {
					return err
				}
			}
			if err := tx.PutAccount(a); err != nil {
				return err
			}
		}
		return nil
	})
}

func searchByName(t *testing.T, s Subject) {
	putNamed(t, s)
	wantAll(t, s, "Garza", search("Garza", ""), stampOf, "2026-000001-0002")
	wantAll(t, s, "Sofía", search("Sofía", ""), stampOf, "2026-000001-0002")
	wantAll(t, s, "a part of a word", search("Garz", ""), stampOf)
}

func searchFolded(t *testing.T, s Subject) {
	putNamed(t, s)
	wantAll(t, s, "munoz", search("  MUNOZ inigo ", ""), stampOf, "2026-000001-0001")
	wantAll(t, s, "decomposed", search("In\u0303igo", ""), stampOf, "2026-000001-0001")
}

func searchByKeys(t *testing.T, s Subject) {
	putNamed(t, s)
	wantAll(t, s, "CURP", search(string(Teacher(2).Person.CURP), ""), stampOf, "2026-000001-0002")
	wantAll(t, s, "CCT", search(string(CCT(3)), ""), stampOf, "2026-000001-0003")
	wantAll(t, s, "address", search("Inigo.Munoz@docente.example", ""), stampOf, "2026-000001-0001")
}

func searchEveryWord(t *testing.T, s Subject) {
	putNamed(t, s)
	wantAll(t, s, "both", search("peña muñoz", ""), stampOf, "2026-000001-0001")
	wantAll(t, s, "never together", search("garza peña", ""), stampOf)
}

func searchPages(t *testing.T, s Subject) {
	putNamed(t, s)
	wantAll(t, s, "muñoz", search("muñoz", ""), stampOf, "2026-000001-0002", "2026-000001-0001")
	wantAll(t, s, "muñoz, below the second", search("muñoz", "2026-000001-0002"), stampOf, "2026-000001-0001")
	putLines(t, s, "2026-000002", 400, 0)
	var found []provisioning.Stamp
	for below := provisioning.Stamp(""); ; {
		var page []provisioning.Account
		view(t, s, func(tx provisioning.Tx) (err error) {
			page, err = collect(first(7, tx.SearchAccounts(provisioning.AccountSearch{Text: "ximena cardenas", Below: below})))
			return err
		})
		if len(page) == 0 {
			break
		}
		for _, a := range page {
			found = append(found, a.Stamp)
		}
		below = found[len(found)-1]
	}
	var want []provisioning.Stamp
	for i := 399; i >= 0; i-- {
		h := Teacher(i).Person
		if h.GivenNames == "Ximena" && (h.FirstSurname == "Cárdenas" || h.SecondSurname == "Cárdenas") {
			want = append(want, provisioning.NewStamp("2026-000002", i+1))
		}
	}
	if !slices.Equal(found, want) || len(want) < 5 {
		t.Errorf("found %v, want %v", found, want)
	}
}

// first yields the first n elements of seq.
func first[T any](n int, seq iter.Seq2[T, error]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		left := n
		for v, err := range seq {
			if left == 0 || !yield(v, err) {
				return
			}
			left--
		}
	}
}

func searchReindexed(t *testing.T, s Subject) {
	putNamed(t, s)
	update(t, s, func(tx provisioning.Tx) error {
		a, err := tx.Account("2026-000001-0002")
		a.Holder.Person.FirstSurname = "Treviño"
		return errors.Join(err, tx.PutAccount(a))
	})
	wantAll(t, s, "the former name", search("sofia munoz", ""), stampOf)
	wantAll(t, s, "the present name", search("sofia trevino", ""), stampOf, "2026-000001-0002")
}

// searchGuarded: the requester of a line does not find it by the address of another holder's
// account until the request is authorised, only by the name that they entered.
func searchGuarded(t *testing.T, s Subject) {
	const address = "kept.secret@docente.example"
	h := Teacher(1)
	put := func(state provisioning.RequestState, guarded bool) {
		update(t, s, func(tx provisioning.Tx) error {
			r := Request("2026-000001", "ana", 1)
			r.State = state
			a := Account("2026-000001", 1, h)
			a.State, a.Address, a.Guarded = provisioning.AccountExists, address, guarded
			return errors.Join(PutRequest(tx, r), tx.PutAccount(a))
		})
	}
	name := h.Person.FirstSurname
	find := func(what, who, text string, want ...provisioning.Stamp) {
		wantAll(t, s, what, searchBy(provisioning.AccountSearch{Text: text, Requester: who}), stampOf, want...)
	}
	put(provisioning.StateDirector, true)
	find("by the address", "ana", address)
	find("by the name and the address", "ana", name+" "+address)
	find("by the name", "ana", name, "2026-000001-0001")
	find("by the address, an administrator", "", address, "2026-000001-0001")
	put(provisioning.StateDirector, false)
	find("by the address, no longer guarded", "ana", address, "2026-000001-0001")
	put(provisioning.StateCompleted, true)
	find("by the address, once authorised", "ana", address, "2026-000001-0001")
}

func searchCentre(t *testing.T, s Subject) {
	putNamed(t, s)
	wantAll(t, s, "centre", search("benito oscar", ""), stampOf, "2026-000001-0003")
}

func searchNothing(t *testing.T, s Subject) {
	putNamed(t, s)
	wantAll(t, s, "no words", search(" .-, ", ""), stampOf)
	wantAll(t, s, "nobody's name", search("wenceslao", ""), stampOf)
}

// searchOwn: of two requesters with alternating folios each finds their own lines only, page by
// page too, and a requester without requests finds none.
func searchOwn(t *testing.T, s Subject) {
	own := map[string][]provisioning.Stamp{}
	for n := 1; n <= 9; n++ {
		f, who := provisioning.NewFolio(2026, n), []string{"ana", "anabel"}[n%2]
		update(t, s, func(tx provisioning.Tx) error {
			err := PutRequest(tx, Request(f, who, 2))
			for i := range 2 {
				err = errors.Join(err, tx.PutAccount(Account(f, i+1, Teacher(1))))
			}
			return err
		})
		own[who] = slices.Insert(own[who], 0, provisioning.NewStamp(f, 2), provisioning.NewStamp(f, 1))
	}
	words := Teacher(1).DisplayName()
	for who, all := range own {
		for i, below := range append([]provisioning.Stamp{""}, all...) {
			q := provisioning.AccountSearch{Text: words, Requester: who, Below: below}
			wantAll(t, s, who+" below "+string(below), searchBy(q), stampOf, all[i:]...)
		}
		wantAll(t, s, who+" by a word of nobody's", searchBy(provisioning.AccountSearch{Text: words + " wenceslao", Requester: who}), stampOf)
	}
	wantAll(t, s, "nobody", searchBy(provisioning.AccountSearch{Text: words, Requester: "an"}), stampOf)
}

func searchEnds(t *testing.T, s Subject) {
	putNamed(t, s)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	err := s.View(ctx, func(tx provisioning.Tx) error {
		var found []provisioning.Stamp
		for a, err := range tx.SearchAccounts(provisioning.AccountSearch{Text: "muñoz"}) {
			if err != nil {
				return err
			}
			found = append(found, a.Stamp)
			cancel()
		}
		t.Errorf("the search went on to its end: %v", found)
		return nil
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("View = %v, want %v", err, context.Canceled)
	}
}
