package audit

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// Redact is the act of the entry that says whose private parts were erased: those of the entries
// that its Redacts names.
const Redact = "audit.redact"

// Entry is one link of the chain, as stored. All but Hash and Private is the chained part, which
// Hash covers. Fields are never renamed; new ones are added at the end of fields.
type Entry struct {
	Seq          uint64    `json:"seq"` // from 1, without gaps
	At           time.Time `json:"at"`  // UTC
	Actor        string    `json:"actor"`
	Act          string    `json:"act"`
	Folio        string    `json:"folio,omitempty"`
	Stamp        string    `json:"stamp,omitempty"`
	Conversation string    `json:"conversation,omitempty"`
	Before       string    `json:"before,omitempty"` // the state before the act
	After        string    `json:"after,omitempty"`
	Redacts      []uint64  `json:"redacts,omitempty"` // see Redact
	Digest       []byte    `json:"digest"`            // of the private part: SHA-256
	Prev         []byte    `json:"prev,omitempty"`    // the hash of the entry before; none for the first
	Hash         []byte    `json:"hash"`              // SHA-256

	Private *Private `json:"private,omitempty"` // nil once erased
}

// Private is the part of an entry that can be erased.
type Private struct {
	Name   string            `json:"name,omitempty"` // the actor's
	Detail map[string]string `json:"detail,omitempty"`
	Salt   []byte            `json:"salt"` // saltSize random bytes
}

// Head identifies the last entry of a chain, and thereby all of it. The zero Head is that of an
// empty chain.
type Head struct {
	Seq  uint64
	Hash []byte
}

// Head returns the head of the chain that ends with the entry.
func (e Entry) Head() Head { return Head{e.Seq, e.Hash} }

// String returns the head as ParseHead reads it: 12:4f0c…
func (h Head) String() string { return fmt.Sprintf("%d:%x", h.Seq, h.Hash) }

// ParseHead parses SEQ:HASH, the hash in hexadecimal.
func ParseHead(s string) (Head, error) {
	number, sum, _ := strings.Cut(strings.TrimSpace(s), ":")
	seq, err := strconv.ParseUint(number, 10, 64)
	hash, errHash := hex.DecodeString(sum)
	if err != nil || errHash != nil || seq == 0 || len(hash) != hashSize {
		return Head{}, fmt.Errorf("%q is no head of an audit, which is SEQ:HASH, such as 12:4f0c…, with %d hexadecimal digits", s, 2*hashSize)
	}
	return Head{seq, hash}, nil
}

// saltSize is the length of a salt in bytes.
const saltSize = 16

// Seal returns the entry with its private part, chained to the head of the entries before it. It sets
// Seq, Digest, Prev and Hash; Redacts is the caller's. Text that is no UTF-8 is replaced, and the
// time made UTC, so that the entry reads the same once stored.
func Seal(e Entry, p Private, before Head, random io.Reader) (Entry, error) {
	p.Salt = make([]byte, saltSize)
	if _, err := io.ReadFull(random, p.Salt); err != nil {
		return e, fmt.Errorf("salt an audit entry: %w", err)
	}
	for _, text := range []*string{&e.Actor, &e.Act, &e.Folio, &e.Stamp, &e.Conversation, &e.Before, &e.After, &p.Name} {
		*text = valid(*text)
	}
	p.Detail = validMap(p.Detail)
	e.Seq, e.Prev, e.At, e.Private = before.Seq+1, before.Hash, e.At.Round(0).UTC(), &p
	if year := e.At.Year(); year < 0 || year > 9999 { // JSON has no such time
		return e, errors.New("an audit entry's year has more than four digits")
	}
	e.Digest = p.digest()
	e.Hash = e.sum()
	return e, nil
}

// WriteLine writes the entry as it is stored, as JSON on a line of its own: its hashes can be computed
// anew from it.
func (e Entry) WriteLine(w io.Writer) error { return json.NewEncoder(w).Encode(e) }

func valid(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }

// validMap returns a copy of the details; nil for none.
func validMap(detail map[string]string) map[string]string {
	if len(detail) == 0 {
		return nil
	}
	all := make(map[string]string, len(detail))
	for name, value := range detail {
		all[valid(name)] = valid(value)
	}
	return all
}
