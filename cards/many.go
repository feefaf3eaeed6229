package cards

// Several people at once: what the form offers beyond one person after the other.

// entryButtons are the buttons that save the entered person: to the review or, if there is room for
// one more, to the next person.
func (t *Texts) entryButtons(f Form, next Data) []action {
	save := []action{t.execute(t.fixed["button.next"], next).primary()}
	if f.Editing == 0 && f.mayAddAfter() {
		save = append(save, t.execute(t.fixed["button.another"], next.with(RequestAnother)))
	}
	if f.Editing == 0 && f.mayAddAfter() {
		paste := f.data(RequestPaste, StepHolder)
		save = append(save, t.execute(t.fixed["button.paste"], paste).withoutInputs())
	}
	return save
}

// mayAddAfter reports whether another person can be added after the one that is being entered.
func (f Form) mayAddAfter() bool { return !isWorkCentre(f.Type()) && len(f.People)+1 < f.limit() }
