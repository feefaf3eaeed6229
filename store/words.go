package store

import (
	"bytes"
	"iter"
	"slices"
	"strings"
	"unicode"

	"go.etcd.io/bbolt"

	"seducoahuila.gob.mx/altas/provisioning"
)

// The index of words has an entry for each word of a line's names, its CURP, its
// CCT and its address: the word, and the stamp. Lines that have several words, and
// are of one requester, are found by walking those entries and the requester's folios
// side by side, so a search reads about as many entries as the rarest of them has.

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

// foundBy reads a line that has the words of a search, and reports whether it is found by
// what whoever searches may be told of it: an address that is kept from its requester would
// else be confirmed to whoever guesses it.
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

// source tells the newest of its stamps that is below the limit, or may be it; "" is no
// limit, and none of its stamps.
type source func(limit provisioning.Stamp, itself bool) provisioning.Stamp

// sources are what a line must be in to be found: the first is of a word.
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

// common returns the newest stamp below the limit that is in every source; "" for none.
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

// ownBelow returns the limit where it is a line of the requester's, else what is above
// all lines of their newest request below it.
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

// accountWords returns the words by which a line is found, each once.
func accountWords(a provisioning.Account) []string {
	h := a.Holder
	return wordsOf(h.DisplayName() + " " + h.Centre.Responsible + " " +
		string(h.Person.CURP) + " " + string(h.CCT()) + " " + string(a.Address))
}

// wordsOf returns the words of a text without accents, in lower case, each once.
// An address is one word.
func wordsOf(text string) []string {
	var b strings.Builder
	for _, r := range provisioning.Fold(text) {
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
