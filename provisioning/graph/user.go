package graph

import (
	"context"
	"net/http"
	"time"

	"github.com/microsoftgraph/msgraph-sdk-go/directory"
	"github.com/microsoftgraph/msgraph-sdk-go/models"
	"github.com/microsoftgraph/msgraph-sdk-go/users"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/problem"
	"seducoahuila.gob.mx/altas/provisioning/secret"
)

// get reads one user by object id or userPrincipalName. AsOf is the answer's time by Graph's clock.
func (c *Client) get(ctx context.Context, key string, properties []string) (provisioning.Entry, error) {
	info, err := c.users().ByUserId(key).ToGetRequestInformation(ctx, &users.UserItemRequestBuilderGetRequestConfiguration{
		QueryParameters: &users.UserItemRequestBuilderGetQueryParameters{Select: properties}})
	r, err := c.ask(ctx, info, err, readUser)
	if err != nil {
		return provisioning.Entry{}, err
	}
	if r.status != http.StatusOK {
		return provisioning.Entry{}, unavailable(errMissing)
	}
	u, err := decode[models.Userable](c, r, models.CreateUserFromDiscriminatorValue)
	if err != nil {
		return provisioning.Entry{}, err
	}
	e := c.entry(u)
	e.AsOf = r.at
	return e, nil
}

// Visible implements provisioning.Directory.
func (c *Client) Visible(ctx context.Context, objectID string) error {
	_, err := c.get(ctx, objectID, []string{"id"})
	if problem.ReasonOf(err) == provisioning.DirectoryNotFound {
		return problem.Refuse(problem.CodeUnavailable, provisioning.DirectoryNotReady)
	}
	return err
}

// notFoundTries is how often a call for an announced user is repeated, since a replica may not know
// the user yet.
const notFoundTries = 4

// retryNotFound repeats a call that returns DirectoryNotFound, for up to 4.5 s.
func (c *Client) retryNotFound(ctx context.Context, do func() error) error {
	pause := 300 * time.Millisecond
	for range notFoundTries {
		err := do()
		if problem.ReasonOf(err) != provisioning.DirectoryNotFound {
			return err
		}
		if !c.wait(ctx, pause) {
			return err
		}
		pause *= 2
	}
	return do()
}

// Entry returns the user by object id. LastSignIn is set only if the app may read it
// (AuditLog.Read.All, and an Entra ID P1 tenant).
func (c *Client) Entry(ctx context.Context, objectID string) (e provisioning.Entry, err error) {
	err = c.retryNotFound(ctx, func() error {
		e, err = c.entryNow(ctx, objectID)
		return err
	})
	return e, err
}

func (c *Client) entryNow(ctx context.Context, objectID string) (provisioning.Entry, error) {
	if c.noSignIns.Load() {
		return c.get(ctx, objectID, c.selected())
	}
	e, err := c.get(ctx, objectID, append(c.selected(), "signInActivity"))
	switch problem.ReasonOf(err) {
	case provisioning.DirectoryNoPermission, provisioning.DirectoryRefused:
		if e, err = c.get(ctx, objectID, c.selected()); err == nil {
			c.noSignIns.Store(true)
		}
	}
	return e, err
}

// SetPassword sets a temporary password and returns the time by Graph's clock. Beside its
// permission the app needs the role User Administrator; it cannot set administrators'
// passwords. Both errors are DirectoryNoPermission.
func (c *Client) SetPassword(ctx context.Context, objectID string, p secret.Password) (at time.Time, err error) {
	body := models.NewUser()
	body.SetPasswordProfile(temporary(p))
	return c.patch(ctx, objectID, body)
}

// temporary returns the profile of a password that must be changed at the next sign-in.
func temporary(p secret.Password) models.PasswordProfileable {
	profile := models.NewPasswordProfile()
	password, change := p.Reveal(), true
	profile.SetPassword(&password)
	profile.SetForceChangePasswordNextSignIn(&change)
	return profile
}

// SetEnabled enables or disables the user's sign-in (accountEnabled).
func (c *Client) SetEnabled(ctx context.Context, objectID string, enabled bool) error {
	body := models.NewUser()
	body.SetAccountEnabled(&enabled)
	_, err := c.patch(ctx, objectID, body)
	return err
}

// RevokeSessions ends the user's sign-in sessions: it makes all refresh tokens and session cookies
// issued until now invalid. Graph applies that within a few minutes. It is idempotent. For an
// administrator's account the error is DirectoryNoPermission.
// https://learn.microsoft.com/graph/api/user-revokesigninsessions
func (c *Client) RevokeSessions(ctx context.Context, objectID string) error {
	return c.retryNotFound(ctx, func() error {
		info, err := c.users().ByUserId(objectID).RevokeSignInSessions().ToPostRequestInformation(ctx, nil)
		_, err = c.ask(ctx, info, err, writeIdempotent)
		return err
	})
}

// patch updates a user and returns the time by Graph's clock; zero if Graph did not send it.
func (c *Client) patch(ctx context.Context, objectID string, body models.Userable) (at time.Time, err error) {
	err = c.retryNotFound(ctx, func() error {
		info, err := c.users().ByUserId(objectID).ToPatchRequestInformation(ctx, body, nil)
		r, err := c.ask(ctx, info, err, writeIdempotent)
		if err == nil {
			at = r.at
		}
		return err
	})
	return at, err
}

// Restore restores a user from the recycle bin and returns it. The error is
// DirectoryAddressTaken if another user has its address by now.
func (c *Client) Restore(ctx context.Context, objectID string) (provisioning.Entry, error) {
	path := c.path()
	path["directoryObject%2Did"] = objectID
	info, err := directory.NewDeletedItemsItemRestoreRequestBuilderInternal(path, c.adapter).ToPostRequestInformation(ctx, nil)
	_, err = c.ask(ctx, info, err, writeOnce)
	if err != nil && problem.ReasonOf(err) != provisioning.DirectoryNotFound {
		return provisioning.Entry{}, err
	}
	c.deleted.forget(objectID)
	// If it was not in the bin, an earlier attempt may have restored it.
	return c.Entry(ctx, objectID)
}
