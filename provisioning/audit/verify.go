package audit

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"time"
)

// Break is the first broken link of a chain. It contains no personal data.
type Break struct {
	Entry Entry  // where it was found, without its private part; of one that is missing or cannot be read only Seq
	What  string // what is wrong, as the end of a sentence about the entry
}

// Error returns a sentence that names the entry by number, act, folio and time.
func (b *Break) Error() string {
	e := b.Entry
	if e.Act == "" {
		return fmt.Sprintf("entry %d %s", e.Seq, b.What)
	}
	about := e.Act
	if of := e.Stamp; of != "" {
		about += " of " + of
	} else if e.Folio != "" {
		about += " of " + e.Folio
	}
	return fmt.Sprintf("entry %d (%q at %s) %s", e.Seq, about, e.At.UTC().Format(time.RFC3339), b.What)
}

func broken(e Entry, what string) error {
	e.Private = nil
	return &Break{e, what}
}

// Summary is what a sound chain contains. Head.Seq is the number of entries.
type Summary struct {
	Head        Head
	First, Last time.Time // the times of the first and the last entry
	Redacted    int       // entries without their private part
}

// Verifier verifies a chain entry by entry. It holds one bit for each entry. The zero Verifier is
// ready for the first entry.
type Verifier struct {
	Summary
	erased bitset // entries without their private part that no entry has named yet
}

// Add verifies the next entry. Its only error is a *Break, after which nothing more is to be added.
func (v *Verifier) Add(e Entry) error {
	switch expected := v.Head.Seq + 1; {
	case e.Seq > expected:
		return broken(e, fmt.Sprintf("is there, and entry %d, which belongs before it, is missing", expected))
	case e.Seq < expected:
		return broken(e, fmt.Sprintf("stands where entry %d belongs: it was inserted, or entries were swapped", expected))
	case !bytes.Equal(e.Hash, e.sum()):
		return broken(e, "was changed after it was written: its hash is another")
	case !bytes.Equal(e.Prev, v.Head.Hash):
		return broken(e, fmt.Sprintf("does not follow on entry %d as that is now: one of the two was replaced", v.Head.Seq))
	case e.Private != nil && !bytes.Equal(e.Digest, e.Private.digest()):
		return broken(e, "has another name or other details than when it was written")
	}
	if v.First.IsZero() {
		v.First = e.At
	}
	v.Head, v.Last = e.Head(), e.At
	if e.Private == nil {
		v.Redacted++
		v.erased.set(e.Seq)
	}
	return v.named(e)
}

// named takes note of the erased entries that an entry names.
func (v *Verifier) named(e Entry) error {
	if len(e.Redacts) > 0 && e.Act != Redact {
		return broken(e, "names erased entries, as only the act "+Redact+" may")
	}
	for _, seq := range e.Redacts {
		if seq >= e.Seq || !v.erased.has(seq) {
			return broken(e, fmt.Sprintf("says that the name and the details of entry %d were erased, and they were not", seq))
		}
		v.erased.clear(seq)
	}
	return nil
}

// Unnamed returns the first entry whose private part is gone and that no later entry named; 0 if
// there is none. It is for the end of the chain.
func (v *Verifier) Unnamed() uint64 { return v.erased.first() }

// Verify verifies a chain from its first entry, and that it holds every anchor: a head that was noted
// earlier. An anchor finds what the entries alone cannot show: that the newest were removed, or all
// written anew. Its errors are a *Break, or the sequence's own; the sequence may be read twice.
func Verify(entries iter.Seq2[Entry, error], anchors ...Head) (Summary, error) {
	var v Verifier
	for e, err := range entries {
		if err == nil {
			err = errors.Join(v.Add(e), anchored(e, anchors))
		}
		if err != nil {
			return v.Summary, first(err)
		}
	}
	for _, a := range anchors {
		if a.Seq > v.Head.Seq {
			return v.Summary, broken(Entry{Seq: a.Seq}, fmt.Sprintf("was noted, and the audit ends at entry %d: the newest entries were removed", v.Head.Seq))
		}
	}
	if seq := v.Unnamed(); seq > 0 {
		return v.Summary, broken(find(entries, seq), "has lost its name and its details, and no later entry says that they were erased")
	}
	return v.Summary, nil
}

// anchored compares an entry with the anchor of its number.
func anchored(e Entry, anchors []Head) error {
	for _, a := range anchors {
		if a.Seq == e.Seq && !bytes.Equal(a.Hash, e.Hash) {
			return broken(e, "is not the one that was noted: the audit was written anew, from an entry at or before it")
		}
	}
	return nil
}

// first returns the *Break in err, or err.
func first(err error) error {
	if broken, is := errors.AsType[*Break](err); is {
		return broken
	}
	return err
}

// find returns the entry with the number.
func find(entries iter.Seq2[Entry, error], seq uint64) Entry {
	for e, err := range entries {
		if err == nil && e.Seq == seq {
			return e
		}
	}
	return Entry{Seq: seq}
}
