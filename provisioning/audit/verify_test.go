package audit

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var start = time.Date(2026, 11, 30, 9, 0, 0, 123456789, time.UTC)

// seal appends an entry to a chain.
func seal(t testing.TB, chain []Entry, e Entry, p Private) []Entry {
	t.Helper()
	var head Head
	if len(chain) > 0 {
		head = chain[len(chain)-1].Head()
	}
	sealed, err := Seal(e, p, head, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return append(chain, sealed)
}

// chain returns n entries, a minute apart.
func chain(t testing.TB, n int) []Entry {
	t.Helper()
	var all []Entry
	for i := range n {
		all = seal(t, all, Entry{
			At: start.Add(time.Duration(i) * time.Minute), Actor: "a1", Act: "account.created", Folio: "2026-000001",
			Stamp: fmt.Sprintf("2026-000001-%04d", i+1), Conversation: "19:abc", Before: "reserved", After: "created",
		}, Private{Name: "Ana Peña", Detail: map[string]string{"address": "lucia@docente.mx", "n": fmt.Sprint(i)}})
	}
	return all
}

// redact erases the private part of an entry; named is the numbers that a new entry then names.
func redact(t testing.TB, all []Entry, seq int, named ...uint64) []Entry {
	t.Helper()
	all[seq-1].Private = nil
	if named == nil {
		return all
	}
	return seal(t, all, Entry{At: start, Actor: "a2", Act: Redact, Redacts: named}, Private{})
}

func sequence(all []Entry) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		for _, e := range all {
			if !yield(e, nil) {
				return
			}
		}
	}
}

func TestSoundChain(t *testing.T) {
	t.Parallel()
	all := redact(t, chain(t, 5), 2, 2)
	all = seal(t, all, Entry{At: start.Add(time.Hour), Actor: "a1", Act: "request.submit"}, Private{})
	got, err := Verify(sequence(all), all[4].Head(), all[6].Head())
	want := Summary{Head: all[6].Head(), First: start, Last: start.Add(time.Hour), Redacted: 1}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("Verify: %v (-want +got):\n%s", err, diff)
	}
	if got, err := Verify(sequence(nil)); err != nil || got.Head.Seq != 0 {
		t.Errorf("Verify of no entries = %v, %v", got, err)
	}
}

// resealed is an entry with another act, and with the hash that fits it.
func resealed(e Entry) Entry {
	e.Act = "account.exists"
	e.Hash = e.sum()
	return e
}

// Each case breaks a chain of nine, as somebody with a hold of the file might, and has the number
// and the sentence of the break.
func TestBreaks(t *testing.T) {
	t.Parallel()
	change := func(alter func(*Entry)) func(testing.TB, []Entry) []Entry {
		return func(_ testing.TB, all []Entry) []Entry {
			alter(&all[4])
			return all
		}
	}
	const changed, private = "was changed after it was written", "has another name or other details"
	for name, c := range map[string]struct {
		damage func(testing.TB, []Entry) []Entry
		seq    uint64
		want   string
	}{
		"another time":          {change(func(e *Entry) { e.At = e.At.Add(1) }), 5, changed},
		"another actor":         {change(func(e *Entry) { e.Actor = "a2" }), 5, changed},
		"another act":           {change(func(e *Entry) { e.Act = "account.exists" }), 5, changed},
		"another folio":         {change(func(e *Entry) { e.Folio = "2026-000002" }), 5, changed},
		"another stamp":         {change(func(e *Entry) { e.Stamp = "2026-000001-0009" }), 5, changed},
		"another conversation":  {change(func(e *Entry) { e.Conversation = "19:abd" }), 5, changed},
		"another state before":  {change(func(e *Entry) { e.Before = "pending" }), 5, changed},
		"another state after":   {change(func(e *Entry) { e.After = "exists" }), 5, changed},
		"the states exchanged":  {change(func(e *Entry) { e.Before, e.After = e.After, e.Before }), 5, changed},
		"a state moved":         {change(func(e *Entry) { e.Before, e.After = "", e.Before+e.After }), 5, changed},
		"names erased entries":  {change(func(e *Entry) { e.Redacts = []uint64{1} }), 5, changed},
		"another digest":        {change(func(e *Entry) { e.Digest = bytes.Repeat([]byte{1}, 32) }), 5, changed},
		"another hash before":   {change(func(e *Entry) { e.Prev = bytes.Repeat([]byte{1}, 32) }), 5, changed},
		"another hash":          {change(func(e *Entry) { e.Hash = bytes.Repeat([]byte{1}, 32) }), 5, changed},
		"no hash":               {change(func(e *Entry) { e.Hash = nil }), 5, changed},
		"another name":          {change(func(e *Entry) { e.Private.Name = "Beto" }), 5, private},
		"another detail":        {change(func(e *Entry) { e.Private.Detail["address"] = "lucas@docente.mx" }), 5, private},
		"a detail more":         {change(func(e *Entry) { e.Private.Detail["b"] = "" }), 5, private},
		"a detail less":         {change(func(e *Entry) { delete(e.Private.Detail, "n") }), 5, private},
		"another salt":          {change(func(e *Entry) { e.Private.Salt[3] ^= 1 }), 5, private},
		"replaced":              {change(func(e *Entry) { *e = resealed(*e) }), 6, "does not follow on entry 5"},
		"removed":               {func(_ testing.TB, all []Entry) []Entry { return slices.Delete(all, 4, 5) }, 6, "entry 5, which belongs before it, is missing"},
		"the first removed":     {func(_ testing.TB, all []Entry) []Entry { return all[1:] }, 2, "entry 1, which belongs before it, is missing"},
		"some removed":          {func(_ testing.TB, all []Entry) []Entry { return slices.Delete(all, 4, 7) }, 8, "entry 5, which belongs before it, is missing"},
		"swapped":               {func(_ testing.TB, all []Entry) []Entry { all[4], all[5] = all[5], all[4]; return all }, 6, "entry 5, which belongs before it, is missing"},
		"inserted twice":        {func(_ testing.TB, all []Entry) []Entry { return slices.Insert(all, 5, all[4]) }, 5, "stands where entry 6 belongs"},
		"inserted with a hash":  {inserted, 6, "stands where entry 7 belongs"},
		"of another chain":      {func(t testing.TB, all []Entry) []Entry { t.Helper(); return append(all[:4], chain(t, 9)[4:]...) }, 5, "does not follow on entry 4"},
		"erased without an act": {func(t testing.TB, all []Entry) []Entry { t.Helper(); return redact(t, all, 5) }, 5, "no later entry says that they were erased"},
		"another one erased":    {func(t testing.TB, all []Entry) []Entry { t.Helper(); return redact(t, all, 5, 4) }, 10, "name and the details of entry 4 were erased, and they were not"},
		"one of two is named":   {func(t testing.TB, all []Entry) []Entry { t.Helper(); return redact(t, redact(t, all, 7), 3, 3) }, 7, "no later entry says that they were erased"},
		"named before": {func(t testing.TB, all []Entry) []Entry {
			t.Helper()
			return append(redact(t, all[:2], 1, 4)[:3:3], all[3:]...)
		}, 3, "of entry 4 were erased, and they were not"},
		"named twice":          {func(t testing.TB, all []Entry) []Entry { t.Helper(); return redact(t, redact(t, all, 5, 5), 5, 5) }, 11, "of entry 5 were erased, and they were not"},
		"named by another act": {namedByAnother, 10, "only the act audit.redact may"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := Verify(sequence(c.damage(t, chain(t, 9))))
			var broken *Break
			if !errors.As(err, &broken) || broken.Entry.Seq != c.seq || !strings.Contains(broken.Error(), c.want) {
				t.Fatalf("Verify = %v, want entry %d: %s", err, c.seq, c.want)
			}
			if broken.Entry.Private != nil || strings.Contains(err.Error(), "Ana") {
				t.Errorf("%v has the private part", err)
			}
		})
	}
}

// inserted inserts an entry that follows on the fifth by its hash.
func inserted(t testing.TB, all []Entry) []Entry {
	t.Helper()
	forged := seal(t, all[:5:5], Entry{At: start, Actor: "a3", Act: "approval.approve"}, Private{})
	return slices.Insert(all, 5, forged[5])
}

func namedByAnother(t testing.TB, all []Entry) []Entry {
	t.Helper()
	return seal(t, redact(t, all, 5), Entry{At: start, Actor: "a2", Act: "request.submit", Redacts: []uint64{5}}, Private{})
}

// What the entries alone cannot show is found by a head that was noted.
func TestAnchors(t *testing.T) {
	t.Parallel()
	all := chain(t, 9)
	anchor := all[6].Head()
	anew := chain(t, 9)
	for name, c := range map[string]struct {
		entries []Entry
		want    string
	}{
		"sound":              {all, ""},
		"cut after it":       {all[:7], ""},
		"cut before it":      {all[:6], "entry 7 was noted, and the audit ends at entry 6: the newest entries were removed"},
		"all removed":        {nil, "entry 7 was noted, and the audit ends at entry 0"},
		"all written anew":   {anew, `entry 7 ("account.created of 2026-000001-0007" at 2026-11-30T09:06:00Z) is not the one that was noted`},
		"an older one sound": {seal(t, slices.Clone(all), Entry{At: start, Act: "x"}, Private{}), ""},
	} {
		got := ""
		if _, err := Verify(sequence(c.entries), anchor); err != nil {
			got = err.Error()
		}
		if !strings.Contains(got, c.want) || (c.want == "") != (got == "") {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	if _, err := Verify(sequence(anew)); err != nil {
		t.Errorf("without the anchor: %v", err)
	}
}

func TestHeadIsReadAsItIsWritten(t *testing.T) {
	t.Parallel()
	want := chain(t, 3)[2].Head()
	got, err := ParseHead(" " + want.String() + "\n")
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("ParseHead: %v (-want +got):\n%s", err, diff)
	}
	for _, s := range []string{"", "3", "3:", "3:abcd", "0:" + strings.Repeat("0", 64), "-1:" + strings.Repeat("0", 64), "x:" + strings.Repeat("0", 64), "3:" + strings.Repeat("g", 64)} {
		if _, err := ParseHead(s); err == nil {
			t.Errorf("ParseHead(%q) succeeded", s)
		}
	}
}

// Of an entry, as stored, each bit is changed: it is found, or the entry still says the same.
func TestEachBitOfAStoredEntry(t *testing.T) {
	t.Parallel()
	all := chain(t, 3)
	stored, err := json.Marshal(all[1])
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for bit := range 8 * len(stored) {
		damaged := slices.Clone(stored)
		damaged[bit/8] ^= 1 << (bit % 8)
		var e Entry
		if json.Unmarshal(damaged, &e) != nil {
			continue // found where it is read
		}
		_, err := Verify(sequence([]Entry{all[0], e, all[2]}))
		if err != nil {
			found++
			continue
		}
		if diff := cmp.Diff(all[1], e); diff != "" {
			t.Errorf("%s: not found (-was +is):\n%s", damaged, diff)
		}
	}
	if found < 1000 {
		t.Errorf("%d found", found)
	}
}

// An entry verifies after it was stored and read, whatever text it has.
func TestStoredEntryVerifies(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("local", -6*60*60)
	all := seal(t, nil, Entry{At: start.In(zone), Actor: "a\xff\xfe1", Act: "<&>\u2028", Folio: "\x00", Conversation: "19:é"},
		Private{Name: "Ñ\xed\xa0\x80", Detail: map[string]string{"\xff": "1", "b": "\xf0\x28", "": ""}})
	stored, err := json.Marshal(all[0])
	if err != nil {
		t.Fatal(err)
	}
	var e Entry
	if err := json.Unmarshal(stored, &e); err != nil {
		t.Fatal(err)
	}
	if _, err := Verify(sequence([]Entry{e}), all[0].Head()); err != nil || !e.At.Equal(start) || e.At.Location() != time.UTC {
		t.Errorf("Verify = %v; at %v", err, e.At)
	}
}

// The hashes are those of the README, so that entries of today verify in ten years.
func TestHashesStay(t *testing.T) {
	t.Parallel()
	first, err := Seal(Entry{At: start, Actor: "a1", Act: "request.submit", Folio: "2026-000001", Conversation: "19:abc", After: "director"},
		Private{Name: "Ana Peña", Detail: map[string]string{"b": "2", "a": "1"}}, Head{}, strings.NewReader("0123456789abcdef"))
	if err != nil {
		t.Fatal(err)
	}
	second, err := Seal(Entry{At: start, Actor: "a2", Act: Redact, Before: "x", Stamp: "s", Redacts: []uint64{1, 258}},
		Private{}, first.Head(), strings.NewReader("fedcba9876543210"))
	if err != nil {
		t.Fatal(err)
	}
	got := []string{fmt.Sprintf("%x", first.Digest), first.Head().String(), second.Head().String()}
	want := []string{"e65aee5f671383723533d39628d6fb8847a4770206c3bd0883c44d5dd9a3f211", "1:9449c441ef5fb829233aa9b47cf1692a44981903dbd404277db401eb09bb7aba", "2:a462906734622ab39684c1ac65497f9c46d846e022411adad18babe1a4abed81"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("hashes (-want +got):\n%s", diff)
	}
}

// Equal private parts have different digests: a digest cannot be compared with a guess.
func TestDigestsAreSalted(t *testing.T) {
	t.Parallel()
	a, b := chain(t, 1)[0], chain(t, 1)[0]
	if bytes.Equal(a.Digest, b.Digest) || len(a.Private.Salt) < 16 {
		t.Errorf("digests %x, %x of salts of %d bytes", a.Digest, b.Digest, len(a.Private.Salt))
	}
	if _, err := Seal(Entry{}, Private{}, Head{}, strings.NewReader("short")); err == nil {
		t.Error("sealed without a salt")
	}
}

func TestAYearThatJSONDoesNotHave(t *testing.T) {
	t.Parallel()
	if _, err := Seal(Entry{At: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)}, Private{}, Head{}, rand.Reader); err == nil {
		t.Error("sealed")
	}
}
