package audit

import (
	"crypto/sha256"
	"encoding/binary"
	"maps"
	"slices"
)

const hashSize = sha256.Size

// The hashes of an entry and of a private part begin with these, so that neither can be taken for the
// other.
const (
	entryTag   = "altas audit entry 1"
	privateTag = "altas audit private 1"
)

// encoding is the bytes that a hash covers: texts, each after its length as eight bytes, big-endian.
// Different lists of texts never give the same bytes.
type encoding []byte

func (b *encoding) add(text string) {
	*b = binary.BigEndian.AppendUint64(*b, uint64(len(text)))
	*b = append(*b, text...)
}

// field adds a field's name and value, unless the value is empty: a field that is added in a later
// version does not change the hash of earlier entries.
func (b *encoding) field(name, value string) {
	if value != "" {
		b.add(name)
		b.add(value)
	}
}

// timeLayout is RFC 3339 in UTC with nine digits of the second.
const timeLayout = "2006-01-02T15:04:05.000000000Z"

// sum returns the hash of the chained part.
func (e Entry) sum() []byte {
	var b encoding
	b.add(entryTag)
	b.field("seq", number(e.Seq))
	b.field("at", e.At.UTC().Format(timeLayout))
	b.field("actor", e.Actor)
	b.field("act", e.Act)
	b.field("folio", e.Folio)
	b.field("stamp", e.Stamp)
	b.field("conversation", e.Conversation)
	b.field("before", e.Before)
	b.field("after", e.After)
	b.field("redacts", numbers(e.Redacts))
	b.field("digest", string(e.Digest))
	b.field("prev", string(e.Prev))
	sum := sha256.Sum256(b)
	return sum[:]
}

// digest returns the salted hash of the private part.
func (p Private) digest() []byte {
	var b encoding
	b.add(privateTag)
	b.add(string(p.Salt))
	b.add(p.Name)
	for _, name := range slices.Sorted(maps.Keys(p.Detail)) {
		b.add(name)
		b.add(p.Detail[name])
	}
	sum := sha256.Sum256(b)
	return sum[:]
}

// number returns eight bytes, big-endian.
func number(n uint64) string { return string(binary.BigEndian.AppendUint64(nil, n)) }

func numbers(all []uint64) string {
	var b []byte
	for _, n := range all {
		b = binary.BigEndian.AppendUint64(b, n)
	}
	return string(b)
}
