package form

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// rowFault is a pasted row that was not accepted, as stored in a draft.
type rowFault struct {
	Number int    `json:"number"`
	Name   string `json:"name,omitempty"`
	Fault  *fault `json:"fault"`
}

// beginPasting goes to the step for several people, with what the people of a class share.
func (d *draft) beginPasting() {
	shared := d.carriedOver()
	if len(d.People) == 0 {
		for _, name := range []string{"cct", "level", "grade", "group"} {
			shared[name] = d.Typed[name]
		}
	}
	d.Step, d.Editing, d.Typed, d.Rows, d.Added = cards.StepPaste, 0, nonEmpty(shared), nil, 0
}

// nextPasted adds a person for each pasted row that is valid, and goes on to the review. Where some
// are not, it stays with those rows and what is wrong with each; the others are kept.
func (ac *accounts) nextPasted(ctx context.Context, t turn.Context, d *draft) error {
	d.typeCCT()
	list := readPasted(d.accountType(), d.Typed["rows"], ac.Now())
	if len(list.rows) == 0 {
		d.Faults = map[string]*fault{"rows": problem.Invalid("rows", "rows.empty")}
		return nil
	}
	entered := *d
	entered.People, entered.Rows = slices.Clone(d.People), nil
	kept := entered.addRows(list, d.form(ac.Rules, false).Limited())
	about := entered.holders()[len(d.People):]
	if len(about) > 0 {
		err := ac.lookUp(ctx, t, &entered, about...)
		if err != nil || len(entered.Faults) > 0 {
			d.Faults = withRows(entered.Faults)
			return err
		}
	}
	entered.Added = d.Added + len(about)
	if len(entered.Rows) > 0 {
		entered.Typed = nonEmpty(entered.Typed)
		entered.Typed["rows"] = list.textOf(kept)
	} else {
		entered.Step, entered.Typed, entered.Added = cards.StepReview, nil, 0
	}
	*d = entered
	return nil
}

// withRows moves the errors that a preview found at an input of one person to the pasted rows.
func withRows(faults map[string]*fault) map[string]*fault {
	moved := make(map[string]*fault, len(faults))
	for input, f := range faults {
		if input != "" {
			input = "rows"
		}
		moved[input] = f
	}
	return moved
}

// addRows adds the people of the valid rows, up to most in all, and the faults of the others, whose
// places in the list it returns.
func (d *draft) addRows(list pastedList, most int) (kept []int) {
	shared := make(map[string]string)
	for _, name := range []string{"cct", "level", "grade", "group"} {
		shared[name] = d.Typed[name]
	}
	for i, r := range list.rows {
		h, wrong := r.holder(d.accountType(), shared)
		if wrong == nil {
			wrong = roomFor(d.holders(), h, most)
		}
		if wrong != nil {
			d.Rows, kept = append(d.Rows, rowFault{r.number, r.name(), wrong}), append(kept, i)
			continue
		}
		d.People = append(d.People, person{Values: valuesOf(h), Holder: h})
	}
	return kept
}

// roomFor returns why a holder cannot be added to others; nil if they can.
func roomFor(others []identity.Holder, h identity.Holder, most int) *fault {
	if wrong, ok := errors.AsType[*fault](provisioning.CheckRepeated(others, 0, h)); ok {
		return wrong
	}
	if len(others) >= most {
		return problem.Invalid("", "rows.room", "most", strconv.Itoa(most))
	}
	return nil
}

// textOf returns the rows at these places as they were pasted, below the heading if there was one.
func (l pastedList) textOf(places []int) string {
	var lines []string
	if l.heading != "" {
		lines = []string{l.heading}
	}
	for _, i := range places {
		lines = append(lines, l.rows[i].text)
	}
	return strings.Join(lines, "\n")
}
