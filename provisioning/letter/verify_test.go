package letter_test

import (
	"strings"
	"testing"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/letter"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

func TestCodesAreReadAsPeopleTypeThem(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"ABCD-EFGH-2345-WXYZ": "ABCD-EFGH-2345-WXYZ", "abcdefgh2345wxyz": "ABCD-EFGH-2345-WXYZ", "abcd efgh 2345 wxyz": "ABCD-EFGH-2345-WXYZ",
		"ABCD–EFGH–2345–WXYZ": "ABCD-EFGH-2345-WXYZ",
		"":                    "", "ABCD-EFGH-2345": "", "ABCD-EFGH-2345-WXYZA": "", "ABCD-EFGH-2345-WX0Z": "", "../../etc/passwd": "", "ÑBCD-EFGH-2345-WXYZ": "",
		strings.Repeat("A", 1000): "",
	} {
		if got := letter.ParseCode(typed); got != want {
			t.Errorf("%q is %q, want %q", typed, got, want)
		}
	}
}

func FuzzParseCode(f *testing.F) {
	f.Add("ABCD-EFGH-2345-WXYZ")
	f.Add("abcd efgh")
	f.Fuzz(func(t *testing.T, typed string) {
		code := letter.ParseCode(typed)
		if code != "" && (len(code) != 19 || letter.ParseCode(code) != code) {
			t.Errorf("%q is %q", typed, code)
		}
	})
}

func TestVerification(t *testing.T) {
	t.Parallel()
	w := newWorld(t, letter.FromSeries)
	w.end(folio, provisioning.StateCompleted, 2)
	l := w.issued(folio)
	verify := func(key letter.Key, code string) (found bool) {
		w.view(func(tx provisioning.Tx) (err error) {
			_, found, err = letter.VerifyCode(tx, key, code)
			return err
		})
		return found
	}
	if !verify(w.Key, strings.ToLower(l.Code)) {
		t.Error("its own code is not verified")
	}
	if verify(w.Key, "AAAA-AAAA-AAAA-AAAA") || verify(w.Key, "") {
		t.Error("another code is verified")
	}
	wrong := make(letter.Key, letter.KeySize)
	wrong[0] = 1
	if verify(wrong, l.Code) {
		t.Error("verified with another key")
	}
	w.update(func(tx provisioning.Tx) error { return letter.UseKey(tx, w.Key) })
	err := w.db.View(t.Context(), func(tx provisioning.Tx) error {
		_, found, err := letter.VerifyCode(tx, wrong, l.Code)
		if found {
			t.Error("verified with another key")
		}
		return err
	})
	if problem.CodeOf(err) != problem.CodeUnavailable {
		t.Errorf("with a key that is known to be another: %v", err)
	}
	w.view(func(tx provisioning.Tx) error {
		data := pdfOf(t, tx, folio)
		if _, found, err := letter.VerifyFile(tx, w.Key, data); !found || err != nil {
			t.Errorf("its own file: %v, %v", found, err)
		}
		data[len(data)-1] ^= 1
		if _, found, err := letter.VerifyFile(tx, w.Key, data); found || err != nil {
			t.Errorf("a changed file: %v, %v", found, err)
		}
		return nil
	})
}

// Whoever can write the store, but has not the key, cannot make a record that is verified.
func TestAChangedRecordIsNotVerified(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*letter.Letter){
		"number":   func(l *letter.Letter) { l.Number = "SEDU/DGTI/0666/2026" },
		"folio":    func(l *letter.Letter) { l.Folio = other },
		"accounts": func(l *letter.Letter) { l.Lines = 3000 },
		"date":     func(l *letter.Letter) { l.Date = l.Date.AddDate(0, 0, 1) },
		"content":  func(l *letter.Letter) { l.Digest = strings.Repeat("0", 64) },
		"file":     func(l *letter.Letter) { l.File = strings.Repeat("0", 64) },
		"seal":     func(l *letter.Letter) { l.Seal = "" },
		"code":     func(l *letter.Letter) { l.Code = "AAAA-AAAA-AAAA-AAAA" },
	} {
		w := newWorld(t, letter.FromSeries)
		w.end(folio, provisioning.StateCompleted, 2)
		l := w.issued(folio)
		code := l.Code
		change(&l)
		w.update(func(tx provisioning.Tx) error { return tx.Save("letter", string(folio)+"/001", l) })
		w.view(func(tx provisioning.Tx) error {
			if _, found, err := letter.VerifyCode(tx, w.Key, code); found || err != nil {
				t.Errorf("%s: verified: %v", name, err)
			}
			return nil
		})
	}
}

func TestTheKeyIsKnown(t *testing.T) {
	t.Parallel()
	w := newWorld(t, letter.FromSeries)
	other := make(letter.Key, letter.KeySize)
	other[5] = 1
	use := func(key letter.Key) error {
		return w.db.Update(t.Context(), func(tx provisioning.Tx) error { return letter.UseKey(tx, key) })
	}
	for i, c := range []struct {
		key  letter.Key
		code problem.Code
	}{{w.Key, ""}, {w.Key, ""}, {other, problem.CodeUnavailable}, {w.Key, ""}} {
		if err := use(c.key); c.code == "" && err != nil || c.code != "" && problem.CodeOf(err) != c.code {
			t.Errorf("step %d: %v", i, err)
		}
	}
	w.update(letter.ForgetKey)
	if err := use(other); err != nil {
		t.Errorf("after the key was given up: %v", err)
	}
}

func TestFileNames(t *testing.T) {
	t.Parallel()
	for number, want := range map[string]string{
		"SEDU/DGTI/0001/2026": "Oficio SEDU-DGTI-0001-2026.pdf", `a\b:c*?"<>|`: "Oficio a-b-c.pdf", "..": "Oficio .pdf", "Núm. 3": "Oficio Núm. 3.pdf",
	} {
		if got := (letter.Letter{Number: number}).FileName(); got != want {
			t.Errorf("%q is %q, want %q", number, got, want)
		}
	}
}
