package letter

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// Grant lets one person fetch one letter once. It is kept by its id, the SHA-256 of a token that only
// that person is given.
type Grant struct {
	Person provisioning.Actor `json:"person"`
	Letter string             `json:"letter"` // its key
	Until  time.Time          `json:"until"`
	UsedAt time.Time          `json:"usedAt,omitzero"`
}

// How long a grant holds: that of a link, and that of a file offered in a chat.
const (
	LinkFor  = 15 * time.Minute
	OfferFor = 7 * 24 * time.Hour
)

// GrantID returns the id of a token's grant. It is no secret: nobody fetches anything by it without
// being who was granted it.
func GrantID(token string) string { return sum([]byte(token)) }

// Nonce is what a sign-in for a token's file must repeat. It does not tell the token.
func Nonce(token string) string { return sum([]byte("nonce " + token)) }

// grants are kept by id.
var grants = provisioning.Document[Grant]{Kind: "letter.grant"}

// Grant returns a token with which the person may fetch the newest letter of the request, for a
// time. The token is "" while the letter is being made, or waits for its number; one is asked for if
// there is none. It is CodeNotFound if they may not read it, CodeConflict if the request is open or the file was erased.
func (ls *Letters) Grant(tx provisioning.Tx, auth Authority, f provisioning.Folio, c provisioning.Click, lasts time.Duration) (token string, l Letter, err error) {
	r, err := tx.Request(f)
	if problem.CodeOf(err) == problem.CodeNotFound {
		err = notFound(f)
	}
	if err == nil {
		err = auth.MayRead(r, c)
	}
	if err != nil {
		return "", l, err
	}
	l, found, err := Last(tx, f)
	switch {
	case err != nil:
		return "", l, err
	case !found || l.State == StateAnnulled:
		return "", l, ls.Ask(tx, r)
	case !l.Valid():
		return "", l, nil
	case !l.ErasedAt.IsZero():
		return "", l, erased(f)
	}
	token = rand.Text()
	return token, l, grants.Put(tx, GrantID(token), Grant{Person: c.By, Letter: l.key(), Until: ls.Now().Add(lasts)})
}

// Granted returns a grant that is unused and in time. Errors: CodeNotFound for an unknown one,
// CodeLimited after its time, CodeConflict if it was used.
func (ls *Letters) Granted(tx provisioning.Tx, id string) (Grant, error) {
	g, found, err := grants.Get(tx, id)
	switch {
	case err != nil:
		return g, err
	case !found:
		return g, problem.Refuse(problem.CodeNotFound, "letter.link_unknown")
	case !g.UsedAt.IsZero():
		return g, problem.Refuse(problem.CodeConflict, "letter.link_used")
	case !ls.Now().Before(g.Until):
		return g, problem.Refuse(problem.CodeLimited, "letter.link_late")
	}
	return g, nil
}

// Fetch uses a grant up and returns the letter and its PDF. It is CodeForbidden for another person,
// and the grant stays; CodeConflict if the letter was annulled since; other errors are those of Granted. Whether the person may read the letter was
// decided when the grant was made.
func (ls *Letters) Fetch(ctx context.Context, id string, by provisioning.Actor) (l Letter, data []byte, err error) {
	err = ls.Store.Update(ctx, func(tx provisioning.Tx) error {
		g, err := ls.Granted(tx, id)
		if err != nil {
			return err
		}
		if g.Person.ID != by.ID {
			return problem.Refuse(problem.CodeForbidden, "letter.link_person")
		}
		if l, _, err = letters.Get(tx, g.Letter); err != nil {
			return err
		}
		if !l.Valid() {
			return problem.Refuse(problem.CodeConflict, "letter.annulled")
		}
		if !l.ErasedAt.IsZero() {
			return erased(l.Folio)
		}
		if data, _, err = PDF(tx, l); err != nil {
			return err
		}
		g.UsedAt, by.Name = ls.Now(), g.Person.Name
		return errors.Join(grants.Put(tx, id, g), tx.Record(provisioning.Entered{
			At: g.UsedAt, By: by, Act: "letter.fetch", Folio: l.Folio, Detail: map[string]string{"number": l.Number},
		}))
	})
	return l, data, err
}

// Tidy drops the grants that are over, a day after they are.
func (ls *Letters) Tidy(ctx context.Context) error {
	return grants.Each(ctx, ls.Store, func(tx provisioning.Tx, k string) error {
		g, found, err := grants.Get(tx, k)
		if err != nil || !found || ls.Now().Before(g.Until.Add(24*time.Hour)) {
			return err
		}
		return grants.Drop(tx, k)
	})
}
