package store

import (
	"bytes"
	"iter"
	"slices"
	"strings"
	"unicode"

	"go.etcd.io/bbolt"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/input"
)

// The word index has an entry (word, stamp) for each word of a line's names, its CURP, its CCT
// and its address. A search for several words, and for one requester, intersects the sorted
// entries of the words with the requester's folios, so it reads about as many entries as the
// rarest of them has.

// SearchAccounts implements provisioning.Search.
func (t *tx) SearchAccounts(q provisioning.AccountSearch) iter.Seq2[provisioning.Account, error] {
	return func(yield func(provisioning.Account, error) bool) {
		wanted := t.sources(q)
		for below := q.Below; len(wanted) > 0; {
			stamp, err := t.common(wanted, below)
			if stamp == "" && err == nil {
				return
			}
			var a provisioning.Account
			found := true
			if err == nil {
				a, found, err = t.foundBy(q, stamp)
			}
			if (found || err != nil) && !yield(a, err) || err != nil {
				return
			}
			below = stamp
		}
	}
}

// foundBy reads a line that has the words of a search, and reports whether the searcher may find
// it. Before authorisation, the address of a guarded line is hidden from its requester, so the
// words must match without it: otherwise a search would confirm a guessed address.
func (t *tx) foundBy(q provisioning.AccountSearch, s provisioning.Stamp) (a provisioning.Account, found bool, err error) {
	a, err = t.Account(s)
	if err != nil || q.Requester == "" || !a.Guarded {
		return a, true, err
	}
	r, err := t.Request(s.Folio())
	if err != nil || r.State.Authorised() {
		return a, true, err
	}
	told := a
	told.Address = ""
	words := accountWords(told)
	return a, !slices.ContainsFunc(wordsOf(q.Text), func(w string) bool { return !slices.Contains(words, w) }), nil
}

// source returns the newest of its stamps that is below the limit, or equal to it if itself is
// set; "" if there is none. An empty limit is none.
type source func(limit provisioning.Stamp, itself bool) provisioning.Stamp

// sources returns the sources that a line must be in to be found; the first is a word's.
func (t *tx) sources(q provisioning.AccountSearch) []source {
	var all []source
	index := t.bolt.Bucket([]byte(bucketByWord)).Cursor()
	for _, word := range wordsOf(q.Text) {
		all = append(all, func(limit provisioning.Stamp, itself bool) provisioning.Stamp {
			return wordBelow(index, word, limit, itself)
		})
	}
	if len(all) > 0 && q.Requester != "" {
		folios := t.bolt.Bucket([]byte(bucketByRequester)).Cursor()
		all = append(all, func(limit provisioning.Stamp, _ bool) provisioning.Stamp {
			return ownBelow(folios, q.Requester, limit)
		})
	}
	return all
}

// common returns the newest stamp below the given one that is in every source; "" if there is
// none.
func (t *tx) common(sources []source, stamp provisioning.Stamp) (provisioning.Stamp, error) {
	agreed := 0
	for i := 0; agreed < len(sources); i = (i + 1) % len(sources) {
		if err := t.ctx.Err(); err != nil {
			return "", err
		}
		next := sources[i](stamp, agreed > 0)
		switch {
		case next == "":
			return "", nil
		case agreed > 0 && next == stamp:
			agreed++
		default:
			stamp, agreed = next, 1
		}
	}
	return stamp, nil
}

func wordBelow(index *bbolt.Cursor, word string, limit provisioning.Stamp, itself bool) provisioning.Stamp {
	p := prefix(word)
	below := end(p)
	if limit != "" {
		below = join(word, string(limit))
	}
	if itself {
		below = append(below, 0)
	}
	k, _ := seekBelow(index, below)
	if !bytes.HasPrefix(k, p) {
		return ""
	}
	return provisioning.Stamp(tail(k, p))
}

// ownBelow returns the limit if it is a line of the requester's; else an upper bound of the
// stamps of their newest request below it, "" if there is none.
func ownBelow(folios *bbolt.Cursor, requester string, limit provisioning.Stamp) provisioning.Stamp {
	p := prefix(requester)
	k, _ := seekBelow(folios, append(join(requester, string(limit.Folio())), 0))
	switch {
	case !bytes.HasPrefix(k, p):
		return ""
	case tail(k, p) == string(limit.Folio()):
		return limit
	}
	return provisioning.Stamp(tail(k, p) + "-~")
}

// indexWords replaces the entries of old by those of a. old may be zero.
func (t *tx) indexWords(old, a provisioning.Account) error {
	before, after := accountWords(old), accountWords(a)
	for _, w := range before {
		if !slices.Contains(after, w) {
			if err := t.del(bucketByWord, join(w, string(a.Stamp))); err != nil {
				return err
			}
		}
	}
	for _, w := range after {
		if !slices.Contains(before, w) {
			if err := t.mark(bucketByWord, join(w, string(a.Stamp))); err != nil {
				return err
			}
		}
	}
	return nil
}

// accountWords returns the words by which a line is found, without duplicates.
func accountWords(a provisioning.Account) []string {
	h := a.Holder
	return wordsOf(h.DisplayName() + " " + h.Centre.Responsible + " " +
		string(h.Person.CURP) + " " + string(h.CCT()) + " " + string(a.Address))
}

// wordsOf returns the words of a text without accents, in lower case, sorted, without
// duplicates. An address is one word.
func wordsOf(text string) []string {
	var b strings.Builder
	for _, r := range input.Fold(text) {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), strings.ContainsRune("@._-'", r):
			b.WriteRune(r)
		default:
			b.WriteByte(' ')
		}
	}
	words := strings.Fields(b.String())
	for i, w := range words {
		words[i] = strings.Trim(w, "._-'")
	}
	words = slices.DeleteFunc(words, func(w string) bool { return w == "" })
	slices.Sort(words)
	return slices.Compact(words)
}
