package letter_test

import (
	"errors"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/letter"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// After a restore the store knows less than what was given out: the numbers beside it count.
func TestARestoredStoreGivesNoNumberAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, letter.FromSeries)
	w.high["2026"] = 41
	w.end(folio, provisioning.StateCompleted, 1)
	if l := w.issued(folio); l.Number != "SEDU/DGTI/0042/2026" || w.high["2026"] != 42 {
		t.Errorf("number %s; beside the store %d", l.Number, w.high["2026"])
	}
}

func TestARestoredRangeGivesNoNumberAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, letter.FromRange)
	w.high["2026/181-240"] = 200
	w.end(folio, provisioning.StateCompleted, 1)
	err := w.do(func(tx provisioning.Tx, auth letter.Authority) error {
		return w.Reserve(tx, auth, by(rosa, folio), letter.Range{From: 181, To: 240})
	})
	if err != nil {
		t.Fatal(err)
	}
	if l := w.issued(folio); l.Number != "SEDU/DGTI/0201/2026" || w.high["2026/181-240"] != 201 {
		t.Errorf("number %s; beside the store %v", l.Number, w.high)
	}
}

func TestAReservedRangeRunsOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t, letter.FromRange)
	reserve := func(from, to string) error {
		r, err := letter.ParseRange(from, to)
		if err != nil {
			return err
		}
		return w.do(func(tx provisioning.Tx, auth letter.Authority) error {
			return w.Reserve(tx, auth, by(secretary, folio), r)
		})
	}
	w.end(folio, provisioning.StateCompleted, 1)
	w.end(other, provisioning.StateRejected, 1)
	if l := w.issued(folio); l.State != letter.StateWaiting || l.Number != "" {
		t.Fatalf("without a range: %+v", l)
	}
	if err := reserve("7", "7"); err != nil {
		t.Fatal(err)
	}
	if l := w.issued(folio); l.Number != "SEDU/DGTI/0007/2026" || !l.Valid() {
		t.Errorf("with a range: %+v", l)
	}
	if l := w.issued(other); l.State != letter.StateWaiting {
		t.Errorf("after the range ran out: %+v", l)
	}
	if err := reserve("5", "9"); problem.ReasonOf(err) != "letter.range_taken" {
		t.Errorf("an overlapping range: %v", err)
	}
	if err := reserve("180", "240"); err != nil {
		t.Fatal(err)
	}
	if l := w.issued(other); l.Number != "SEDU/DGTI/0180/2026" {
		t.Errorf("the second range: %+v", l)
	}
}

func TestParseRange(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ from, to, field, reason string }{
		{" 181", "240 ", "", ""}, {"1", "1", "", ""},
		{"", "240", "rangeFrom", "letter.range_number"}, {"0", "3", "rangeFrom", "letter.range_number"}, {"-1", "3", "rangeFrom", "letter.range_number"},
		{"181", "dos", "rangeTo", "letter.range_number"}, {"240", "181", "rangeTo", "letter.range_order"}, {"1", "10001", "rangeTo", "letter.range_long"},
	} {
		r, err := letter.ParseRange(c.from, c.to)
		switch wrong, refused := errors.AsType[*problem.Error](err); {
		case refused && (wrong.Reason != c.reason || wrong.Field != c.field), refused != (c.reason != ""):
			t.Errorf("%q to %q: %v, %v", c.from, c.to, r, err)
		case !refused && (r.From < 1 || r.To < r.From):
			t.Errorf("%q to %q is %v", c.from, c.to, r)
		}
	}
}

func TestTheOfficeTypesANumber(t *testing.T) {
	t.Parallel()
	w := newWorld(t, letter.FromOffice)
	number := func(f provisioning.Folio, person, typed string) error {
		return w.Number(t.Context(), w.authority, by(person, f), typed)
	}
	w.end(folio, provisioning.StateCompleted, 1)
	w.end(other, provisioning.StateCompleted, 1)
	for _, f := range []provisioning.Folio{folio, other} {
		if l := w.issued(f); l.State != letter.StateWaiting {
			t.Fatalf("%+v", l)
		}
	}
	for typed, reason := range map[string]string{"": "letter.number_empty", "-": "letter.number_empty", "aún no lo tengo": "letter.number_empty", "SЕDU/12": "letter.number_character", "SEDU⁄12": "letter.number_character", "n/a": "letter.number_empty", "S/N": "letter.number_empty", "s.n.": "letter.number_empty"} {
		if err := number(folio, secretary, typed); problem.ReasonOf(err) != reason {
			t.Errorf("%q: %v", typed, err)
		}
	}
	if err := number(folio, bystander, "SS/12/2026"); problem.CodeOf(err) != problem.CodeForbidden {
		t.Errorf("by anybody: %v", err)
	}
	if err := number(folio, secretary, " SS/12/2026 "); err != nil {
		t.Fatal(err)
	}
	if l := w.issued(folio); l.Number != "SS/12/2026" || !l.Valid() {
		t.Errorf("%+v", l)
	}
	if err := number(folio, secretary, "SS/13/2026"); problem.CodeOf(err) != problem.CodeConflict {
		t.Errorf("numbered twice: %v", err)
	}
	for _, alike := range []string{"ss / 12/2026", "ss/012/2026", "SS-12-2026", "ＳＳ/１２/2026", "SS/12/2026."} {
		if err := number(other, secretary, alike); problem.ReasonOf(err) != "letter.number_taken" {
			t.Errorf("the same number for another, as %q: %v", alike, err)
		}
	}
}

// A number that the office typed before is passed over by the series.
func TestTheSeriesPassesOverTypedNumbers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, letter.FromOffice)
	w.end(folio, provisioning.StateCompleted, 1)
	w.issued(folio)
	if err := w.Number(t.Context(), w.authority, by(rosa, folio), "sedu/dgti/0001/2026"); err != nil {
		t.Fatal(err)
	}
	w.issued(folio)
	w.Settings.Numbering.Source = letter.FromSeries
	w.end(other, provisioning.StateCompleted, 1)
	if l := w.issued(other); l.Number != "SEDU/DGTI/0002/2026" {
		t.Errorf("number %s", l.Number)
	}
}

// Each year of the organisation's time zone counts from 1.
func TestANewYearBeginsWithOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t, letter.FromSeries)
	w.Location = time.FixedZone("Saltillo", -6*60*60)
	w.now = time.Date(2027, 1, 1, 5, 59, 0, 0, time.UTC) // still 2026 there
	w.end(folio, provisioning.StateCompleted, 1)
	if l := w.issued(folio); l.Number != "SEDU/DGTI/0001/2026" {
		t.Errorf("on the last evening: %s", l.Number)
	}
	w.now = w.now.Add(2 * time.Minute)
	w.end(other, provisioning.StateCompleted, 1)
	if l := w.issued(other); l.Number != "SEDU/DGTI/0001/2027" {
		t.Errorf("after midnight: %s", l.Number)
	}
}

func TestNumberingIsValidated(t *testing.T) {
	t.Parallel()
	for name, n := range map[string]letter.Numbering{
		"source":    {Source: "lotería", Format: "{number}/{year}", Digits: 4},
		"no number": {Source: letter.FromSeries, Format: "SEDU/{year}", Digits: 4},
		"unknown":   {Source: letter.FromSeries, Format: "{number}/{year}/{folio}", Digits: 4},
		"no year":   {Source: letter.FromRange, Format: "SEDU/{number}", Digits: 4},
		"digits":    {Source: letter.FromSeries, Format: "{number}/{year}", Digits: 0},
		"long":      {Source: letter.FromRange, Format: "Secretaría de Educación, Dirección General de Tecnologías de la Información, {number}/{year}", Digits: 4},
	} {
		if n.Validate() == nil {
			t.Errorf("%s: no fault", name)
		}
	}
	if err := letter.DefaultNumbering().Validate(); err != nil {
		t.Error(err)
	}
}
