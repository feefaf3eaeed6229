package bot_test

import (
	"encoding/json"
	"strings"
	"testing"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
)

// Seven requests wait for the director. The list begins with the longest waiting, each row links
// to its card in the channel, and the seventh is on the second page.
func TestPendingBeginsWithTheLongestWaiting(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "2022-09-05 09:00")
	var folios []string
	for i := range cards.PageSize + 1 {
		folios = append(folios, string(o.submit(i+1)))
	}
	o.say(o.elena, provisioning.Director, "pendientes")
	first := newest(t, o, "Pendientes")
	if got := folioOrder(first, folios); strings.Join(got, " ") != strings.Join(folios[:cards.PageSize], " ") {
		t.Errorf("the first page has %v, want %v", got, folios[:cards.PageSize])
	}
	raw, err := json.Marshal(first.Content)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(raw), "https://teams.microsoft.com/l/message/"); n != cards.PageSize {
		t.Errorf("%d of %d rows open their card:\n%s", n, cards.PageSize, raw)
	}
	second := o.press(o.elena, first, "Ver siguientes")
	if got := folioOrder(second, folios); len(got) != 1 || got[0] != folios[cards.PageSize] {
		t.Errorf("the second page has %v", got)
	}
	if back := o.press(o.elena, second, "Volver al principio"); back.Text() != first.Text() {
		t.Errorf("back at the beginning:\n%s", back.Text())
	}
}

// newest returns the last card of the director's channel that contains a word; it fails if none
// does.
func newest(t *testing.T, o *office, word string) *teamsfake.Card {
	t.Helper()
	all := o.teams.Cards(o.channels[provisioning.Director], o.elena.ID)
	if last := all[len(all)-1]; strings.Contains(last.Text(), word) {
		return last
	}
	t.Fatalf("no card with %s", word)
	return nil
}

// press clicks a button and returns the card that its message shows then.
func (o *office) press(who teamsfake.Person, card *teamsfake.Card, button string) *teamsfake.Card {
	o.t.Helper()
	turn, err := o.teams.Click(o.t.Context(), who.ID, card, button, nil)
	if err != nil || turn.Card == nil {
		o.t.Fatalf("%s: %v, %+v", button, err, turn)
	}
	return turn.Card
}

// folioOrder returns the folios that the card shows, in its order.
func folioOrder(card *teamsfake.Card, folios []string) []string {
	var shown []string
	for line := range strings.Lines(card.Text()) {
		for _, f := range folios {
			if strings.Contains(line, f) {
				shown = append(shown, f)
			}
		}
	}
	return shown
}
