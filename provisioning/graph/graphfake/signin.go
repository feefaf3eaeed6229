package graphfake

import (
	"crypto/sha256"
	"errors"
	"time"
)

// SignIn is the outcome of an interactive sign-in.
type SignIn string

// The outcomes of a sign-in.
const (
	SignedIn      SignIn = "signed in"
	MustChange    SignIn = "must change the password"
	WrongPassword SignIn = "wrong name or password"
	Disabled      SignIn = "account disabled"
)

// SignIn signs in with a password, as a person does interactively. The attempt, and a success, are
// recorded in the user's signInActivity.
func (t *Tenant) SignIn(upn, password string) SignIn {
	t.mu.Lock()
	defer t.mu.Unlock()
	u := t.liveUser(upn)
	if u == nil {
		return WrongPassword
	}
	outcome := u.signIn(password)
	t.recordSignIn(u, outcome == SignedIn)
	return outcome
}

func (u *user) signIn(password string) SignIn {
	enabled, _ := u.newest().props["accountEnabled"].(bool)
	switch {
	case u.password != sha256.Sum256([]byte(password)):
		return WrongPassword
	case !enabled:
		return Disabled
	case u.mustChange:
		return MustChange
	}
	return SignedIn
}

// ChangePassword changes the password at sign-in, as a user with a temporary one must, and signs in.
func (t *Tenant) ChangePassword(upn, old, chosen string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	u := t.liveUser(upn)
	if u == nil || u.password != sha256.Sum256([]byte(old)) {
		return errors.New("graphfake: wrong name or password")
	}
	if f := checkPassword(chosen, upn); f != nil || old == chosen {
		return errors.New("graphfake: the new password is not acceptable")
	}
	u.password, u.mustChange = sha256.Sum256([]byte(chosen)), false
	t.change(u, t.config.Now(), func(props map[string]any) {
		props["lastPasswordChangeDateTime"] = t.config.Now().UTC().Format(time.RFC3339)
	})
	t.recordSignIn(u, true)
	return nil
}

func (t *Tenant) liveUser(upn string) *user {
	for _, u := range t.index.find("userPrincipalName", upn) {
		v := u.newest()
		if !v.deleted && !v.purged && fold(text(v.props, "userPrincipalName")) == fold(upn) {
			return u
		}
	}
	return nil
}

// recordSignIn records an interactive attempt in lastSignInDateTime, and a successful one in
// lastSuccessfulSignInDateTime too.
// https://learn.microsoft.com/graph/api/resources/signinactivity
func (t *Tenant) recordSignIn(u *user, successful bool) {
	now, id := t.config.Now(), t.newID()
	activity := map[string]any{"lastSignInDateTime": now.UTC().Format(time.RFC3339), "lastSignInRequestId": id}
	if successful {
		activity["lastSuccessfulSignInDateTime"] = activity["lastSignInDateTime"]
		activity["lastSuccessfulSignInRequestId"] = id
	}
	t.change(u, now, func(props map[string]any) { props["signInActivity"] = merge(props["signInActivity"], activity) })
}
