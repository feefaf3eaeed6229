package retention

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"reflect"
	"slices"
	"strings"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
)

// A namesake is another person: outside the person's own requests a name is erased only where their CURP or
// one of their addresses stands with it.

// allLines yields every line of the store.
func allLines(tx provisioning.Tx) iter.Seq2[provisioning.Account, error] {
	return func(yield func(provisioning.Account, error) bool) {
		for r, err := range tx.ListRequests(provisioning.RequestFilter{}) {
			if err != nil {
				yield(provisioning.Account{}, err)
				return
			}
			for a, err := range tx.AccountsOf(r.Folio, 0) {
				if !yield(a, err) || err != nil {
					return
				}
			}
		}
	}
}

// linesOfOthers erases the person from the lines of others.
func (e *erasure) linesOfOthers() error {
	for a, err := range allLines(e.tx) {
		switch {
		case err != nil:
			return err
		case e.own[a.Stamp]:
			continue
		}
		if e.naming.named(a.Holder.DisplayName()) || e.naming.named(a.Holder.Centre.Responsible) {
			e.done.SameName = append(e.done.SameName, string(a.Stamp))
		}
		if _, beside := e.Requests[a.Folio()]; !beside && !e.mentions(a) {
			continue
		}
		clean := e.withoutMention(a)
		if reflect.DeepEqual(a, clean) {
			continue
		}
		if err := e.tx.PutAccount(clean); err != nil {
			return err
		}
		e.done.Records++
	}
	return nil
}

// requestsOfOthers erases the person from the requests of others.
func (e *erasure) requestsOfOthers() error {
	for r, err := range e.tx.ListRequests(provisioning.RequestFilter{}) {
		if err != nil {
			return err
		}
		if _, own := e.Requests[r.Folio]; own {
			continue
		}
		if e.naming.named(r.Requester.Name) {
			e.done.SameName = append(e.done.SameName, string(r.Folio))
		}
		if !e.mentions(r) {
			continue
		}
		if err := errors.Join(e.withoutMentionIn(&r), e.tx.PutRequest(r)); err != nil {
			return err
		}
		e.done.Records++
	}
	return nil
}

// withoutMentionIn erases the person from a request of somebody else, who may have the same name.
func (e *erasure) withoutMentionIn(r *provisioning.Request) error {
	err := rewrite(r, e.naming.withoutKeys)
	r.Notes = e.naming.withoutNames(r.Notes, several)
	for i := range r.Decisions {
		r.Decisions[i].Comment = e.naming.withoutNames(r.Decisions[i].Comment, several)
	}
	return err
}

// mentions reports whether a record has the person's CURP or an address of theirs.
func (e *erasure) mentions(record any) bool {
	data, err := json.Marshal(record)
	return err == nil && e.naming.mentioned(unescaped.Replace(string(data)))
}

// unescaped makes spaces of what JSON escapes, so that what stands beside it is found.
var unescaped = strings.NewReplacer(`\n`, " ", `\r`, " ", `\t`, " ", `\"`, " ", `\\`, " ", `\u003c`, " ", `\u003e`, " ", `\u0026`, " ")

// withoutMention returns a line of somebody else, which keeps its holder.
func (e *erasure) withoutMention(a provisioning.Account) provisioning.Account {
	clean := func(text string) string { return e.naming.without(text, several) }
	a.Note, a.OtherNames = clean(a.Note), slices.Clone(a.OtherNames)
	for i := range a.OtherNames {
		a.OtherNames[i] = clean(a.OtherNames[i])
	}
	if e.naming.mentioned(string(a.Chosen)) {
		a.Chosen = ""
	}
	if e.naming.mentioned(string(a.Address)) && a.Holder.Known() { // of an account that another request found
		a.Address = ""
	}
	var passed []identity.Address
	for _, address := range a.Passed {
		if !e.naming.mentioned(string(address)) {
			passed = append(passed, address)
		}
	}
	a.Passed = passed
	if len(a.Warnings) > 0 {
		a.Warnings = slices.Clone(a.Warnings)
		_ = rewrite(&a.Warnings, clean) // what was read as JSON is written as JSON
	}
	if a.Trouble != nil {
		trouble := *a.Trouble
		_ = rewrite(&trouble, clean)
		a.Trouble = &trouble
	}
	return a
}

// notices removes the undelivered notices about the person's lines, and those that mention them.
func (e *erasure) notices() error {
	for to, err := range e.tx.Addressees() {
		if err != nil {
			return err
		}
		for n, err := range e.tx.Pending(to) {
			if err != nil {
				return err
			}
			if !e.own[n.Stamp] && !e.mentions(n) && !e.namedBeside(n) {
				continue
			}
			if err := e.tx.Delivered(to, n.ID); err != nil {
				return err
			}
			e.done.Records++
		}
	}
	return nil
}

// namedBeside reports whether a notice about a request of the person has their name.
func (e *erasure) namedBeside(n provisioning.Notice) bool {
	if _, own := e.Requests[n.Folio]; !own {
		return false
	}
	for _, text := range n.Args {
		if e.naming.hasName(text, several) {
			return true
		}
	}
	return false
}

// documents erases the person from the documents that mention them: forms of others, questions.
func (e *erasure) documents() error {
	for kind, err := range e.tx.Kinds() {
		if err != nil {
			return err
		}
		for key, err := range e.tx.Keys(kind, "") {
			if err == nil {
				err = e.document(kind, key)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func (e *erasure) document(kind, key string) error {
	var raw json.RawMessage
	if _, err := e.tx.Load(kind, key, &raw); err != nil {
		return err
	}
	about := e.about(key) || e.about(string(raw))
	if file(raw) || !about && !e.naming.mentioned(unescaped.Replace(string(raw))) {
		return nil
	}
	record, err := decode(raw)
	if err != nil {
		return fmt.Errorf("read %s %s: %w", kind, key, err)
	}
	before := peopleIn(record)
	record, _ = e.naming.prune(record)
	if form, is := record.(map[string]any); is && peopleIn(record) < before {
		delete(form, "editing") // the numbers of the others have changed
	}
	if about {
		record = replaced(record, func(text string) string { return e.naming.withoutNames(text, several) })
	}
	data, err := json.Marshal(record)
	if err != nil || sameJSON(data, raw) {
		return err
	}
	e.done.Records++
	return e.tx.Save(kind, key, json.RawMessage(data))
}

// peopleIn returns how many people a form has; 0 for another record.
func peopleIn(record any) int {
	form, _ := record.(map[string]any)
	people, _ := form["people"].([]any)
	return len(people)
}

// about reports whether a text has the folio of a request of the person.
func (e *erasure) about(text string) bool {
	return slices.ContainsFunc(e.Folios(), func(f provisioning.Folio) bool { return strings.Contains(text, string(f)) })
}

// sameJSON reports whether two records are the same, but for the order of their members.
func sameJSON(a, b json.RawMessage) bool {
	x, errX := decode(a)
	y, errY := decode(b)
	return errX == nil && errY == nil && reflect.DeepEqual(x, y)
}

// file reports whether a document is a file, which JSON has as one long text: a letter's PDF. Its words
// cannot be found in it; those of the person's requests were removed.
func file(raw json.RawMessage) bool { return len(raw) > maxText && raw[0] == '"' }

// maxText is longer than any text that people type, in bytes.
const maxText = 8 << 10

// prune returns a decoded JSON value without the person; gone reports that it was all about them. Of a list,
// the members that mention them are removed; in an object that does, their name is erased too.
func (n naming) prune(v any) (kept any, gone bool) {
	switch v := v.(type) {
	case string:
		return n.withoutKeys(v), n.mentioned(v)
	case []any:
		var all []any
		for _, member := range v {
			if kept, gone := n.prune(member); !gone {
				all = append(all, kept)
			}
		}
		return all, false
	case map[string]any:
		for key, member := range v {
			kept, about := n.prune(member)
			v[key], gone = kept, gone || about
		}
		if gone {
			for key, member := range v {
				if text, is := member.(string); is {
					v[key] = n.withoutNames(text, single)
				}
			}
		}
		return v, gone
	}
	return v, false
}

// audit erases the names and details of the entries on the person's lines, and of all others that name them.
func (e *erasure) audit() error {
	var seqs []uint64
	for entry, err := range e.tx.Entries("") {
		if err != nil {
			return err
		}
		if !entry.Erased && e.redacts(entry) {
			seqs = append(seqs, entry.Seq)
		}
	}
	e.done.Entries = len(seqs)
	return e.tx.Redact(provisioning.Entered{At: e.now, By: e.act.By, Detail: e.act.detail()}, seqs...)
}

// redacts reports whether an entry of the audit names the person: one on their lines with details, one whose
// actor they are, and one about their requests with their name.
func (e *erasure) redacts(entry provisioning.Entered) bool {
	if entry.Act == ActShow || entry.Act == ActErase {
		return false // they name nobody, and say who did it, and by which request
	}
	_, own := e.Requests[entry.Folio]
	if e.own[entry.Stamp] && len(entry.Detail) > 0 || e.naming.mentioned(entry.By.Name) || own && e.naming.named(entry.By.Name) {
		return true
	}
	for name, text := range entry.Detail {
		if e.naming.mentioned(name) || e.naming.mentioned(text) || own && e.naming.hasName(text, e.least(entry.Folio)) {
			return true
		}
	}
	return false
}

// rewrite replaces each text in what v points to.
func rewrite(v any, fn func(string) string) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	record, err := decode(data)
	if err != nil {
		return err
	}
	if data, err = json.Marshal(replaced(record, fn)); err != nil {
		return err
	}
	return json.Unmarshal(data, v)
}

func replaced(v any, fn func(string) string) any {
	switch v := v.(type) {
	case string:
		return fn(v)
	case []any:
		for i := range v {
			v[i] = replaced(v[i], fn)
		}
	case map[string]any:
		for key := range v {
			v[key] = replaced(v[key], fn)
		}
	}
	return v
}

// decode decodes JSON, and keeps its numbers as they are written.
func decode(data []byte) (v any, err error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	return v, d.Decode(&v)
}
