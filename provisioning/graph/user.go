package graph

import (
	"context"
	"net/http"
	"time"

	"github.com/microsoftgraph/msgraph-sdk-go/directory"
	"github.com/microsoftgraph/msgraph-sdk-go/models"
	"github.com/microsoftgraph/msgraph-sdk-go/users"

	"seducoahuila.gob.mx/altas/provisioning"
)

// get reads one user by object id or principal name, as of when Graph says.
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
	if provisioning.ReasonOf(err) == provisioning.DirectoryNotFound {
		return provisioning.Refuse(provisioning.CodeUnavailable, provisioning.DirectoryNotReady)
	}
	return err
}

// settling is how often a user that people were told of is looked for again when
// a replica has not heard of it.
const settling = 4

// settled repeats a call that meets "not found", for a few seconds.
func (c *Client) settled(ctx context.Context, do func() error) error {
	pause := 300 * time.Millisecond
	for range settling {
		err := do()
		if provisioning.ReasonOf(err) != provisioning.DirectoryNotFound {
			return err
		}
		if !c.wait(ctx, pause) {
			return err
		}
		pause *= 2
	}
	return do()
}

// Entry returns the user by object id. The last sign-in is known where the app
// may read it (AuditLog.Read.All, and an Entra ID P1 tenant).
func (c *Client) Entry(ctx context.Context, objectID string) (e provisioning.Entry, err error) {
	err = c.settled(ctx, func() error {
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
	switch provisioning.ReasonOf(err) {
	case provisioning.DirectoryNoPermission, provisioning.DirectoryRefused:
		if e, err = c.get(ctx, objectID, c.selected()); err == nil {
			c.noSignIns.Store(true)
		}
	}
	return e, err
}

// SetPassword sets a temporary password. Beside its permission it needs the role
// User Administrator, and administrators' passwords it cannot set at all: both are
// DirectoryNoPermission.
func (c *Client) SetPassword(ctx context.Context, objectID string, p provisioning.Password) (at time.Time, err error) {
	body := models.NewUser()
	body.SetPasswordProfile(temporary(p))
	return c.patch(ctx, objectID, body)
}

// temporary is a password that must be changed at the next sign-in.
func temporary(p provisioning.Password) models.PasswordProfileable {
	profile := models.NewPasswordProfile()
	secret, change := p.Reveal(), true
	profile.SetPassword(&secret)
	profile.SetForceChangePasswordNextSignIn(&change)
	return profile
}

// SetEnabled lets the user sign in, or not.
func (c *Client) SetEnabled(ctx context.Context, objectID string, enabled bool) error {
	body := models.NewUser()
	body.SetAccountEnabled(&enabled)
	_, err := c.patch(ctx, objectID, body)
	return err
}

// patch changes a user and returns when Graph says that it was done.
func (c *Client) patch(ctx context.Context, objectID string, body models.Userable) (at time.Time, err error) {
	err = c.settled(ctx, func() error {
		info, err := c.users().ByUserId(objectID).ToPatchRequestInformation(ctx, body, nil)
		r, err := c.ask(ctx, info, err, writeAgain)
		if err == nil {
			at = r.at
		}
		return err
	})
	return at, err
}

// Restore takes a user out of the recycle bin. DirectoryAddressTaken: someone
// else got its address meanwhile.
func (c *Client) Restore(ctx context.Context, objectID string) (provisioning.Entry, error) {
	path := c.path()
	path["directoryObject%2Did"] = objectID
	info, err := directory.NewDeletedItemsItemRestoreRequestBuilderInternal(path, c.adapter).ToPostRequestInformation(ctx, nil)
	_, err = c.ask(ctx, info, err, writeOnce)
	if err != nil && provisioning.ReasonOf(err) != provisioning.DirectoryNotFound {
		return provisioning.Entry{}, err
	}
	c.deleted.forget(objectID)
	// Not in the bin: restored by an earlier try, perhaps, or never there.
	return c.Entry(ctx, objectID)
}
