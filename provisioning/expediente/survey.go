package expediente

import (
	"fmt"
	"strings"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/audit"
	"seducoahuila.gob.mx/altas/provisioning/letter"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// survey is what is known of the request before anything is written.
type survey struct {
	request provisioning.Request
	letters []paper
	lines   map[int]line       // by number, those of earlier rounds too
	tally   provisioning.Tally // of the lines of the last round
	masked  int                // lines whose CURP was masked, because the request's term has ended
	gone    int                // lines whose holder was erased
	entries int                // of the audit, about the request
	erased  int                // of those, without name and details
	newest  time.Time          // of the last of them
	head    audit.Head
	ended   time.Time
}

// line is what the history tells of a line.
type line struct{ holder, address string }

// paper is a letter, with its place in the ZIP; "" without a PDF.
type paper struct {
	letter.Letter
	path string
}

// look reads the request, and refuses one that has not ended.
func look(tx provisioning.Tx, f provisioning.Folio) (survey, error) {
	r, err := tx.Request(f)
	switch {
	case problem.CodeOf(err) == problem.CodeNotFound:
		return survey{}, ErrUnknown
	case err != nil:
		return survey{}, err
	case !r.State.Final():
		return survey{}, &OpenError{f, r.State}
	}
	s := survey{request: r, lines: make(map[int]line), tally: make(provisioning.Tally), ended: r.EndedAt}
	if s.ended.IsZero() {
		s.ended = r.StageSince
	}
	if s.letters, err = papers(tx, f); err != nil {
		return s, err
	}
	if err := s.lookAtLines(tx); err != nil {
		return s, err
	}
	if err := s.lookAtEntries(tx); err != nil {
		return s, err
	}
	s.head, err = tx.Head()
	return s, err
}

func (s *survey) lookAtLines(tx provisioning.Tx) error {
	for a, err := range tx.AccountsOf(s.request.Folio, 0) {
		if err != nil {
			return err
		}
		s.lines[a.Number] = line{a.Holder.DisplayName(), string(a.Address)}
		if a.Number <= s.request.Lines {
			s.tally[a.State]++
		}
		switch {
		case !a.ErasedAt.IsZero():
			s.gone++
		case !a.MaskedAt.IsZero():
			s.masked++
		}
	}
	return nil
}

func (s *survey) lookAtEntries(tx provisioning.Tx) error {
	for e, err := range tx.Entries(s.request.Folio) {
		if err != nil {
			return err
		}
		s.entries++
		s.newest = e.At
		if e.Erased {
			s.erased++
		}
	}
	return nil
}

// papers returns the letters of a request, each with a place of its own in the ZIP.
func papers(tx provisioning.Tx, f provisioning.Folio) ([]paper, error) {
	all, err := letter.Of(tx, f)
	if err != nil {
		return nil, err
	}
	var papers []paper
	taken := make(map[string]bool)
	for _, l := range all {
		_, printed, err := letter.PDF(tx, l)
		if err != nil {
			return nil, err
		}
		p := paper{Letter: l}
		if printed {
			p.path = place(l, taken)
		}
		papers = append(papers, p)
	}
	return papers, nil
}

// place returns the letter's file name, with a number where another letter has the same name: some
// systems do not tell upper from lower case.
func place(l letter.Letter, taken map[string]bool) string {
	name := strings.TrimSuffix(l.FileName(), ".pdf")
	if l.State == letter.StateAnnulled {
		name += " (anulado)"
	}
	path := "oficio/" + name + ".pdf"
	for n := 2; taken[strings.ToLower(path)]; n++ {
		path = fmt.Sprintf("oficio/%s (%d).pdf", name, n)
	}
	taken[strings.ToLower(path)] = true
	return path
}

// last returns when the newest document of the expediente was made: the request's end, or what
// became of a letter.
func (s survey) last() time.Time {
	last := s.ended
	for _, l := range s.letters {
		for _, at := range []time.Time{l.IssuedAt, l.SentAt, l.AnnulledAt} {
			if at.After(last) {
				last = at
			}
		}
	}
	return last
}

// lastStage is the stage whose approval authorises the request.
func lastStage(r provisioning.Request) provisioning.StageName {
	if r.Stages == nil {
		return provisioning.Subdirector
	}
	return r.Stages[len(r.Stages)-1]
}

// rejection returns the decision that rejected the request.
func rejection(r provisioning.Request) (provisioning.Decision, bool) {
	d, ok := r.LastDecision()
	return d, ok && d.Verdict == provisioning.Reject
}

// year is that of the expediente's number: of its last letter or, without any, of the request's end.
func (s survey) year(zone *time.Location) int {
	at := s.ended
	for _, l := range s.letters {
		if !l.Date.IsZero() {
			at = l.Date
		}
	}
	return at.In(zone).Year()
}
