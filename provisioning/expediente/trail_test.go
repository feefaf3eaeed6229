package expediente_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/audit"
	"seducoahuila.gob.mx/altas/provisioning/letter"
	"seducoahuila.gob.mx/altas/store"
)

// links parses bitacora.jsonl.
func links(t testing.TB, text string) (all []audit.Entry) {
	t.Helper()
	for line := range strings.Lines(text) {
		var e audit.Entry
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatal(err)
		}
		all = append(all, e)
	}
	return all
}

// chain returns the whole chain.
func (w *world) chain() (all []audit.Entry) {
	w.t.Helper()
	w.update(func(tx provisioning.Tx) error {
		all = nil
		for e, err := range tx.Chain() {
			if err != nil {
				return err
			}
			all = append(all, e)
		}
		return nil
	})
	return all
}

// The trail has the request's entries as they are chained, with their salts, and no other's.
func TestTrail(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r, lines := completed()
	w.store(r, lines, history()...)
	_, files := unzip(t, w.export(exporter()))
	want := slices.DeleteFunc(w.chain(), func(e audit.Entry) bool { return e.Folio != string(folio) })
	got := links(t, files["bitacora.jsonl"])
	if diff := cmp.Diff(want, got); diff != "" || len(got) != len(history())-2 {
		t.Errorf("%d entries (-want +got):\n%s", len(got), diff)
	}
}

// The hashes are computed anew, from the lines alone, as LEAME.txt says.
func TestTrailIsComputedAsTheGuideSays(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r, lines := completed()
	w.store(r, lines, history()...)
	w.update(func(tx provisioning.Tx) error { return tx.Redact(provisioning.Entered{At: ended, By: luis}, 2) })
	_, files := unzip(t, w.export(exporter()))
	all := links(t, files["bitacora.jsonl"])
	for _, e := range all {
		if got := chainedHash(e); !bytes.Equal(got, e.Hash) {
			t.Errorf("entry %d: hash %x, computed %x", e.Seq, e.Hash, got)
		}
		if p := e.Private; p != nil && !bytes.Equal(privateHash(*p), e.Digest) {
			t.Errorf("entry %d: another digest", e.Seq)
		}
	}
	if len(all) != len(history())-2+1 {
		t.Errorf("%d entries", len(all))
	}
}

func text(b []byte, s string) []byte {
	return append(binary.BigEndian.AppendUint64(b, uint64(len(s))), s...)
}

func number(n uint64) string { return string(binary.BigEndian.AppendUint64(nil, n)) }

func chainedHash(e audit.Entry) []byte {
	redacts := ""
	for _, n := range e.Redacts {
		redacts += number(n)
	}
	b := text(nil, "altas audit entry 1")
	for _, f := range [][2]string{
		{"seq", number(e.Seq)}, {"at", e.At.UTC().Format("2006-01-02T15:04:05.000000000Z")}, {"actor", e.Actor}, {"act", e.Act}, {"folio", e.Folio},
		{"stamp", e.Stamp}, {"conversation", e.Conversation}, {"before", e.Before}, {"after", e.After}, {"redacts", redacts},
		{"digest", string(e.Digest)}, {"prev", string(e.Prev)},
	} {
		if f[1] != "" {
			b = text(text(b, f[0]), f[1])
		}
	}
	hash := sha256.Sum256(b)
	return hash[:]
}

func privateHash(p audit.Private) []byte {
	b := text(text(text(nil, "altas audit private 1"), string(p.Salt)), p.Name)
	for _, key := range slices.Sorted(maps.Keys(p.Detail)) {
		b = text(text(b, key), p.Detail[key])
	}
	hash := sha256.Sum256(b)
	return hash[:]
}

// What was erased stays erased, the entry that says so goes along, and the carátula tells.
func TestErased(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r, lines := completed()
	lines[0].ErasedAt, lines[1].MaskedAt = ended, ended
	w.store(r, lines, history()...)
	w.update(func(tx provisioning.Tx) error {
		return errors.Join(
			tx.Redact(provisioning.Entered{At: ended.Add(time.Minute), By: luis}, 1), // of the other request
			tx.Redact(provisioning.Entered{At: ended.Add(time.Hour), By: luis}, 3, 8),
		)
	})
	_, files := unzip(t, w.export(exporter()))
	all := links(t, files["bitacora.jsonl"])
	last := all[len(all)-1]
	if last.Act != audit.Redact || !slices.Equal(last.Redacts, []uint64{3, 8}) || all[1].Private != nil || len(all) != len(history())-2+1 {
		t.Errorf("%d entries; the last: %+v", len(all), last)
	}
	rows := readCSV(t, files["historia.csv"])
	if got := rows[2]; got[2] != "(suprimido)" || got[10] != "(suprimido)" || got[3] != rosa.ID {
		t.Errorf("the erased row: %q", got)
	}
	for _, want := range []string{"están enmascaradas las de 1 cuenta.", "lo que lo identificaba en 1 cuenta.", "Contiene CURP.", "De la bitácora se suprimieron el nombre y los detalles de 2 asientos."} {
		if !strings.Contains(onOneLine(files["LEAME.txt"]), want) {
			t.Errorf("LEAME.txt does not say %q:\n%s", want, files["LEAME.txt"])
		}
	}
}

// Where no line has its CURP any more, and a letter's file was removed, the carátula says so.
func TestAllErased(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r, lines := completed()
	for i := range lines {
		lines[i].ErasedAt = ended
	}
	w.store(r, lines)
	w.issue()
	w.update(func(tx provisioning.Tx) error {
		_, err := letter.Erase(tx, folio, func(s string) string { return s }, ended)
		return err
	})
	names, files := unzip(t, w.export(exporter()))
	readme := onOneLine(files["LEAME.txt"])
	if strings.Contains(readme, "Contiene CURP") || !strings.Contains(readme, "SEDU/DGTI/0001/2026, del 30 de noviembre de 2026; su archivo se suprimió") || len(names) != 5 {
		t.Errorf("%q\n%s", names, files["LEAME.txt"])
	}
}

func readCSV(t testing.TB, text string) [][]string {
	t.Helper()
	plain, marked := strings.CutPrefix(text, "\uFEFF")
	if !marked {
		t.Error("the file does not begin with its mark, and Excel would not take it for UTF-8")
	}
	rows, err := csv.NewReader(strings.NewReader(plain)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// What people typed is never a formula.
func TestHistoryHasNoFormulas(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r, lines := completed()
	lines[0].Holder.Person.GivenNames = "@SUM(A1)"
	w.store(r, lines, provisioning.Entered{
		At: start, By: provisioning.Actor{ID: "-2+3", Name: "=HYPERLINK(\"http://x\")"}, Act: "+later", Folio: folio, Stamp: provisioning.NewStamp(folio, 1),
		Before: "=1", After: "\t=1", Detail: map[string]string{"=a": "1"},
	})
	_, files := unzip(t, w.export(exporter()))
	want := []string{"'=HYPERLINK(\"http://x\")", "'-2+3", "'+later", "1", "'@SUM(A1) Treviño Muñoz", "lucia.nanez@docentecoahuila.gob.mx", "'=1", "'\t=1", "'=a: 1"}
	got := readCSV(t, files["historia.csv"])[1][2:]
	want[4] = "'" + lines[0].Holder.DisplayName()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("cells (-want +got):\n%s", diff)
	}
}

// The records are those of the store.
func TestRecords(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r, lines := completed()
	r.Notes = "Niñez & <b> \u2028"
	w.store(r, lines)
	w.issue()
	settled := provisioning.Settlement{Verb: "attention.adopt", By: provisioning.Actor{ID: "head", Name: "Gaby"}, At: ended}
	w.update(func(tx provisioning.Tx) error {
		return errors.Join(provisioning.Settlements.Put(tx, string(lines[1].Stamp), settled), provisioning.Settlements.Put(tx, "2026-000124-0001", settled))
	})
	_, files := unzip(t, w.export(exporter()))
	var got struct {
		Request     provisioning.Request
		Letters     []struct{ Number, Code string }
		Settlements []struct {
			Stamp provisioning.Stamp
			provisioning.Settlement
		}
		Lines []provisioning.Account
	}
	if err := json.Unmarshal([]byte(files["solicitud.json"]), &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(r, got.Request); diff != "" {
		t.Errorf("request (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(lines, got.Lines); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
	if len(got.Letters) != 1 || got.Letters[0].Number != "SEDU/DGTI/0001/2026" || len(got.Letters[0].Code) < 16 {
		t.Errorf("letters: %+v", got.Letters)
	}
	if len(got.Settlements) != 1 || got.Settlements[0].Stamp != lines[1].Stamp || got.Settlements[0].By.Name != "Gaby" {
		t.Errorf("settlements: %+v", got.Settlements)
	}
	for _, want := range []string{string(lines[0].Holder.Person.CURP), "Niñez & <b>", "\n      \"stamp\": ", "\n    \"folio\": "} {
		if !strings.Contains(files["solicitud.json"], want) {
			t.Errorf("solicitud.json does not have %q", want)
		}
	}
}

func TestRecordsWithoutLines(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r, _ := completed()
	w.store(r, nil)
	_, files := unzip(t, w.export(exporter()))
	if !json.Valid([]byte(files["solicitud.json"])) {
		t.Error(files["solicitud.json"])
	}
}

// A changed entry, of whichever request, is not handed over as sound.
func TestBrokenChain(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ old, instead string }{
		"of another request": {`"seq":1,"at":"2026-11-02T15`, `"seq":1,"at":"2026-11-02T16`},
		"of this one":        {`"comment":"Falta el`, `"comment":"Salta el`},
	} {
		w := newWorld(t)
		r, lines := completed()
		r.Decisions = nil // which have the comment too
		w.store(r, lines, history()...)
		if err := w.db.Close(); err != nil {
			t.Fatal(err)
		}
		content, err := os.ReadFile(w.path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(content, []byte(c.old)) {
			t.Fatalf("%s: the file has no %s", name, c.old)
		}
		damaged := t.TempDir() + "/altas.db"
		if err := os.WriteFile(damaged, bytes.ReplaceAll(content, []byte(c.old), []byte(c.instead)), 0o600); err != nil {
			t.Fatal(err)
		}
		if w.db, err = store.Open(damaged, store.Options{NoSync: true}); err != nil {
			t.Fatal(err)
		}
		_, err = w.try(exporter(), folio)
		if _, is := errors.AsType[*audit.Break](err); !is {
			t.Errorf("%s: %v", name, err)
		}
		if err := w.db.Close(); err != nil {
			t.Error(err)
		}
	}
}

// tampered is a transaction with another chain, or without some of the index's entries.
type tampered struct {
	provisioning.Tx
	links   []audit.Entry
	entries int // the most that Entries yields
}

func (x tampered) Chain() iter.Seq2[audit.Entry, error] {
	return func(yield func(audit.Entry, error) bool) {
		for _, e := range x.links {
			if !yield(e, nil) {
				return
			}
		}
	}
}

func (x tampered) Entries(f provisioning.Folio) iter.Seq2[provisioning.Entered, error] {
	return func(yield func(provisioning.Entered, error) bool) {
		n := 0
		for e, err := range x.Tx.Entries(f) {
			if n++; n > x.entries || !yield(e, err) {
				return
			}
		}
	}
}

// Names that were removed, and an index that has not all entries, are found too.
func TestTamperedTrail(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r, lines := completed()
	w.store(r, lines, history()...)
	all := w.chain()
	nameless := slices.Clone(all)
	nameless[4].Private = nil
	for name, c := range map[string]struct {
		tx   tampered
		want string
	}{
		"sound":                {tampered{links: all, entries: 99}, ""},
		"a name removed":       {tampered{links: nameless, entries: 99}, "entry 5 has lost its name"},
		"an entry not indexed": {tampered{links: all, entries: 3}, "has 7 entries of the request, and its index 3"},
		"an entry removed":     {tampered{links: slices.Delete(slices.Clone(all), 3, 4), entries: 99}, "entry 4, which belongs before it, is missing"},
	} {
		got := ""
		w.update(func(tx provisioning.Tx) error {
			c.tx.Tx = tx
			if err := exporter().Write(c.tx, io.Discard, folio); err != nil {
				got = err.Error()
			}
			return nil
		})
		if !strings.Contains(got, c.want) || (got == "") != (c.want == "") {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
