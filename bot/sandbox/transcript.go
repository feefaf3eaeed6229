package sandbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/store/receipts"
)

// transcript prints the demo's steps.
type transcript struct{ out io.Writer }

func (t transcript) printHeading(title string) {
	fmt.Fprintf(t.out, "\n── %s %s\n\n", title, strings.Repeat("─", max(2, 72-len([]rune(title)))))
}

func (t transcript) printRemark(text string) { fmt.Fprintf(t.out, "   (%s)\n", text) }

func (t transcript) printTyped(who, words string) { fmt.Fprintf(t.out, "%s escribe: %s\n", who, words) }

// printShown prints what Altas shows, behind a vertical line.
func (t transcript) printShown(text string) {
	for line := range strings.Lines(strings.TrimSpace(text)) {
		if line = strings.TrimSpace(line); line != "" {
			fmt.Fprintf(t.out, "   │ %s\n", line)
		}
	}
	fmt.Fprintln(t.out)
}

// printCard prints a card: its text and its visible buttons.
func (t transcript) printCard(c *teamsfake.Card) {
	var titles []string
	for _, a := range c.Actions() {
		if a.Visible && a.Title != "" && !slices.Contains(titles, a.Title) && !strings.HasPrefix(a.Title, "Sí,") {
			titles = append(titles, a.Title)
		}
	}
	text := c.Text()
	if len(titles) > 0 {
		text += "\n[" + strings.Join(titles, "]  [") + "]"
	}
	t.printShown(text)
}

// printClick prints the entered inputs, by label, and the clicked buttons: if the button is in an
// Action.ShowCard, first the one that opens it.
func (t transcript) printClick(who string, card *teamsfake.Card, button teamsfake.Action, inputs teamsfake.Inputs) {
	for _, a := range card.Actions() {
		showCard, _ := a.Raw["card"].(map[string]any)
		if a.Type == "Action.ShowCard" && (&teamsfake.Card{Content: showCard}).Offers(button.Verb) {
			fmt.Fprintf(t.out, "%s oprime [%s]\n", who, a.Title)
		}
	}
	for _, in := range card.Inputs() {
		if v, entered := inputs[in.ID]; entered && v != "" {
			fmt.Fprintf(t.out, "   %s: %s\n", strings.TrimSuffix(in.Label, " (opcional)"), v)
		}
	}
	fmt.Fprintf(t.out, "%s oprime [%s]\n", who, button.Title)
}

// nameOf returns the name of the person or work centre in the form's inputs.
func nameOf(p teamsfake.Inputs) string {
	if p["type"] == "centro" {
		return p["centerName"]
	}
	return strings.Join(strings.Fields(p["givenNames"]+" "+p["firstSurname"]+" "+p["secondSurname"]), " ")
}

func fold(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }

// receiptOf returns the row of an address in the receipts database, as text.
func receiptOf(ctx context.Context, dsn, address string) (_ string, err error) {
	db, err := receipts.Open(receipts.Config{DSN: dsn})
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	rows, err := db.Find(ctx, provisioning.ReceiptQuery{Address: identity.Address(address)})
	if err != nil {
		return "", err
	}
	if len(rows) != 1 {
		return "", fmt.Errorf("the receipts have %d rows of %s, want 1", len(rows), address)
	}
	r := rows[0]
	return fmt.Sprintf("%s · %s · folio %s · autorizó %s y %s", r.Address, r.Holder.DisplayName(), r.Folio, r.Director, r.Subdirector), nil
}
