package letter_test

import (
	"slices"
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
	verify := func(keys letter.Keys, code string) (found bool) {
		w.view(func(tx provisioning.Tx) (err error) {
			_, found, err = letter.VerifyCode(tx, keys, code)
			return err
		})
		return found
	}
	if !verify(w.Keys, strings.ToLower(l.Code)) {
		t.Error("its own code is not verified")
	}
	if verify(w.Keys, "AAAA-AAAA-AAAA-AAAA") || verify(w.Keys, "") {
		t.Error("another code is verified")
	}
	wrong := make(letter.Key, letter.KeySize)
	wrong[0] = 1
	err := w.db.View(t.Context(), func(tx provisioning.Tx) error {
		_, found, err := letter.VerifyCode(tx, letter.Keys{wrong}, l.Code)
		if found {
			t.Error("verified with another key")
		}
		return err
	})
	if problem.CodeOf(err) != problem.CodeUnavailable {
		t.Errorf("without its key: %v", err)
	}
	if !verify(letter.Keys{wrong, w.Keys[0]}, l.Code) || !verify(letter.Keys{w.Keys[0], wrong}, l.Code) {
		t.Error("not verified with its key among others")
	}
	w.view(func(tx provisioning.Tx) error {
		data := pdfOf(t, tx, folio)
		if _, found, err := letter.VerifyFile(tx, w.Keys, data); !found || err != nil {
			t.Errorf("its own file: %v, %v", found, err)
		}
		data[len(data)-1] ^= 1
		if _, found, err := letter.VerifyFile(tx, w.Keys, data); found || err != nil {
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
			if _, found, err := letter.VerifyCode(tx, w.Keys, code); found || err != nil {
				t.Errorf("%s: verified: %v", name, err)
			}
			return nil
		})
	}
}

// A further key seals what is issued from now on; letters of the former stay verified while it is kept,
// and which one is missing is told.
func TestAFurtherKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t, letter.FromSeries)
	w.end(folio, provisioning.StateCompleted, 1)
	w.end(other, provisioning.StateCompleted, 1)
	first := w.issued(folio)
	further := make(letter.Key, letter.KeySize)
	further[5] = 1
	former := w.Keys[0]
	w.Keys = letter.Keys{further}
	second := w.issued(other)
	for name, c := range map[string]struct {
		keys    letter.Keys
		missing []string
	}{
		"both": {letter.Keys{former, further}, nil}, "the former": {letter.Keys{former}, []string{second.Key}}, "the further": {letter.Keys{further}, []string{first.Key}},
	} {
		w.view(func(tx provisioning.Tx) error {
			missing, err := c.keys.Missing(tx)
			if !slices.Equal(missing, c.missing) {
				t.Errorf("%s: missing %v, want %v", name, missing, c.missing)
			}
			for _, l := range []letter.Letter{first, second} {
				_, found, refused := letter.VerifyCode(tx, c.keys, l.Code)
				if known := !slices.Contains(c.missing, l.Key); found != known || (refused == nil) != known {
					t.Errorf("%s: the letter of %s is verified: %v, %v", name, l.Folio, found, refused)
				}
			}
			return err
		})
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
