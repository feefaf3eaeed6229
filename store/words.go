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
// CCT and its address: the word, and the stamp. Lines that have several words are
// found by walking their entries side by side, so a search reads about as many
// entries as its rarest word has.

// SearchAccounts implements provisioning.Search.
func (t *tx) SearchAccounts(text string, below provisioning.Stamp) iter.Seq2[provisioning.Account, error] {
	return func(yield func(provisioning.Account, error) bool) {
		wanted := wordsOf(text)
		if len(wanted) == 0 {
			return
		}
		for stamp := range t.withWords(wanted, below) {
			a, err := t.Account(stamp)
			if !yield(a, err) || err != nil {
				return
			}
		}
	}
}

// withWords yields the stamps, the newest first, of the lines that have every word.
func (t *tx) withWords(words []string, before provisioning.Stamp) iter.Seq[provisioning.Stamp] {
	return func(yield func(provisioning.Stamp) bool) {
		index := t.bolt.Bucket([]byte(bucketByWord)).Cursor()
		for {
			stamp, agreed := before, 0
			for i := 0; agreed < len(words); i = (i + 1) % len(words) {
				next, ok := wordBelow(index, words[i], stamp, agreed > 0)
				if !ok {
					return
				}
				if agreed > 0 && next == stamp {
					agreed++
					continue
				}
				stamp, agreed = next, 1
			}
			if !yield(stamp) {
				return
			}
			before = stamp
		}
	}
}

// wordBelow returns the newest stamp that has the word and is below the limit, or
// may be it; "" is no limit.
func wordBelow(index *bbolt.Cursor, word string, limit provisioning.Stamp, itself bool) (provisioning.Stamp, bool) {
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
		return "", false
	}
	return provisioning.Stamp(tail(k, p)), true
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
