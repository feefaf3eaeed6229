package service_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/graph/graphfake"
	"seducoahuila.gob.mx/altas/provisioning/problem"
	"seducoahuila.gob.mx/altas/store"
	"seducoahuila.gob.mx/altas/store/receipts"
)

// What people must see, and what must hold.

// waits waits until Teams contains something.
func (o *office) waits(what string, holds func() bool) {
	o.t.Helper()
	if err := o.teams.Await(o.within(), holds); err != nil {
		o.t.Fatalf("no %s: %v\n%s", what, err, o.conversations())
	}
}

// conversations is the content of all chats and channels, for the message of a failed test.
func (o *office) conversations() string {
	var all strings.Builder
	show := func(name, id, viewer string) {
		for _, m := range o.teams.Messages(id, viewer) {
			text := m.Text
			if m.Card != nil {
				text = strings.Join(m.Card.Verbs(), " ") + " | " + m.Card.Text()
			}
			all.WriteString(name + ": " + strings.ReplaceAll(text, "\n", " / ") + "\n")
		}
	}
	for person, chat := range o.chats {
		show("chat "+person[:4], chat, person)
	}
	for stage, channel := range o.channels {
		show(stage, channel, o.oscar.ID)
	}
	return all.String()
}

// card waits for the newest card of a conversation that offers the verb and contains about.
func (o *office) card(conversation string, viewer teamsfake.Person, verb, about string) *teamsfake.Card {
	o.t.Helper()
	var found *teamsfake.Card
	o.waits("card with "+verb+" for "+about, func() bool {
		found = nil
		for _, c := range slices.Backward(o.teams.Cards(conversation, viewer.ID)) {
			if c.Offers(verb) && strings.Contains(c.Text(), about) {
				found = c
				return true
			}
		}
		return false
	})
	return found
}

// markOf is the mark of the card's request.
func (o *office) markOf(card *teamsfake.Card) string {
	o.t.Helper()
	for _, a := range card.Actions() {
		data, _ := a.Raw["data"].(map[string]any)
		if mark, ok := data["mark"].(string); ok {
			return mark
		}
	}
	o.t.Fatalf("no button bears a mark:\n%s", card.Text())
	return ""
}

// told waits until the person's chat has a message, or card, with every word.
func (o *office) told(p teamsfake.Person, words ...string) {
	o.t.Helper()
	o.waits("message to "+p.Name+" of "+strings.Join(words, " and "), func() bool { return o.count(o.chats[p.ID], p, words...) > 0 })
}

// announced waits until the person's chat has the account's own card.
func (o *office) announced(p teamsfake.Person, address string) *teamsfake.Card {
	o.t.Helper()
	return o.card(o.chats[p.ID], p, "password.reveal", address)
}

// count returns how many messages of the bot in a conversation have every word.
func (o *office) count(conversation string, viewer teamsfake.Person, words ...string) int {
	n := 0
	for _, m := range o.teams.Messages(conversation, viewer.ID) {
		text := m.Text
		if m.Card != nil {
			text = m.Card.Text()
		}
		if m.From == "" && !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) }) {
			n++
		}
	}
	return n
}

// refused fails unless a click got the sentence of that reason.
func (o *office) refused(turn *teamsfake.Turn, reason string, args ...string) {
	o.t.Helper()
	want := cards.In("es-MX").Reason(problem.Refuse(problem.CodeForbidden, reason, args...))
	if turn.Text != want || turn.Card != nil {
		o.t.Errorf("answered %q, want %q", turn.Text, want)
	}
}

// account waits until the tenant has a licensed account with that address and a stamp of the folio.
func (o *office) account(address, folio string) graphfake.User {
	o.t.Helper()
	var u graphfake.User
	o.eventually("a licensed account "+address+" of "+folio, func() bool {
		u, _ = o.tenant.User(address)
		return len(u.SKUs) == 1 && strings.HasPrefix(u.EmployeeID, folio+"-")
	})
	return u
}

// signsIn fails unless the password opens the account and must be changed.
func (o *office) signsIn(address, password string) {
	o.t.Helper()
	if got := o.tenant.SignIn(address, password); got != graphfake.MustChange {
		o.t.Errorf("%s signs in with the password shown: %s, want %s", address, got, graphfake.MustChange)
	}
}

// stamped are the accounts that Altas created.
func (o *office) stamped() (made []graphfake.User) {
	for _, u := range o.tenant.Users() {
		if u.EmployeeID != "" {
			made = append(made, u)
		}
	}
	return made
}

// rows are the rows of the receipts.
func (o *office) rows() (all []provisioning.Receipt) {
	o.t.Helper()
	db, err := receipts.Open(receipts.Config{DSN: o.env["RECEIPTS_DSN"]})
	if err != nil {
		o.t.Fatal(err)
	}
	defer func() {
		if err := db.Close(); err != nil {
			o.t.Error(err)
		}
	}()
	for r, err := range db.Rows(context.Background()) {
		if err != nil {
			o.t.Fatal(err)
		}
		all = append(all, r)
	}
	return all
}

// oneEach fails unless there is one row for each account that Altas created, with the same address,
// and no other.
func (o *office) oneEach() {
	o.t.Helper()
	stamps := make(map[string]string)
	for _, u := range o.stamped() {
		if other, twice := stamps[u.EmployeeID]; twice {
			o.t.Errorf("%s has two accounts, %s and %s", u.EmployeeID, other, u.UserPrincipalName)
		}
		stamps[u.EmployeeID] = u.UserPrincipalName
	}
	for _, r := range o.rows() {
		if r.Stamp != "" && stamps[string(r.Stamp)] != string(r.Address) {
			o.t.Errorf("the row of %s says %s, the tenant has %q", r.Stamp, r.Address, stamps[string(r.Stamp)])
		}
		delete(stamps, string(r.Stamp))
	}
	for stamp, address := range stamps {
		o.t.Errorf("the receipts have no row of %s (%s)", stamp, address)
	}
}

// ledger reads the store; the service must have been stopped.
func (o *office) ledger(read func(provisioning.Tx) error) {
	o.t.Helper()
	db, err := store.Open(o.env["STORE_PATH"], store.Options{})
	if err != nil {
		o.t.Fatal(err)
	}
	err = db.View(context.Background(), read)
	if err := errors.Join(err, db.Close()); err != nil {
		o.t.Fatal(err)
	}
}

// acts are the audit entries of a folio, without the issue of its letter, which comes when it comes;
// the service must have been stopped.
func (o *office) acts(folio string) (acts []string) {
	o.t.Helper()
	o.ledger(func(tx provisioning.Tx) error {
		for e, err := range tx.Entries(provisioning.Folio(folio)) {
			if err != nil {
				return err
			}
			if e.Act != "letter.issue" {
				acts = append(acts, e.Act)
			}
		}
		return nil
	})
	return acts
}

// checksStore checks the invariants of the store.
func (o *office) checksStore() {
	o.t.Helper()
	if _, err := os.Stat(o.env["STORE_PATH"]); err != nil {
		return
	}
	db, err := store.Open(o.env["STORE_PATH"], store.Options{})
	if err != nil {
		o.t.Error(err)
		return
	}
	problems, err := db.Check(context.Background())
	forgotten, errForgotten := db.Forgotten(context.Background())
	if err := errors.Join(err, errForgotten, db.Close()); err != nil {
		o.t.Error(err)
	}
	for _, p := range slices.Concat(problems, forgotten) {
		o.t.Errorf("store: %s", p)
	}
}

var (
	curpInLog   = regexp.MustCompile(`[A-Z]{4}\d{6}[HMX][A-Z]{5}[0-9A-Z]\d`)
	bearerInLog = regexp.MustCompile(`eyJ[\w-]+\.[\w-]+`)
)

// checksSecrets fails if a password that was shown is in a file, in the log, or in a conversation,
// or if the log has a CURP or a token.
func (o *office) checksSecrets() {
	o.t.Helper()
	log := o.log.String()
	if found := curpInLog.FindString(log); found != "" {
		o.t.Errorf("the log has the CURP %s", found)
	}
	for _, secret := range []string{bearerInLog.FindString(log), "bot-s3cret", "maker-s3cret"} {
		if secret != "" && strings.Contains(log, secret) {
			o.t.Errorf("the log has the secret %.20s…", secret)
		}
	}
	places := map[string]string{"the log": log}
	files, err := filepath.Glob(filepath.Join(o.dir, "*"))
	if err != nil {
		o.t.Error(err)
	}
	for _, f := range files {
		content, err := os.ReadFile(f)
		if err != nil {
			o.t.Error(err)
		}
		places[filepath.Base(f)] = string(content)
	}
	for place, content := range places {
		for _, p := range o.passwords {
			if strings.Contains(content, p) {
				o.t.Errorf("%s has the password %s", place, p)
			}
		}
	}
	for _, p := range o.passwords {
		if n := o.count(o.chats[o.silvia.ID], o.oscar, p); n > 0 {
			o.t.Error("a password stands in a chat for others than its requester")
		}
	}
}

// kept counts the stored posts whose keys begin so; the service must have been stopped.
func (o *office) kept(begin string) (n int) {
	o.t.Helper()
	o.ledger(func(tx provisioning.Tx) error {
		for _, err := range tx.Keys("post", begin) {
			if err != nil {
				return err
			}
			n++
		}
		return nil
	})
	return n
}
