package graph

import (
	"context"
	"slices"
	"time"

	"github.com/microsoftgraph/msgraph-sdk-go/directory"
	"github.com/microsoftgraph/msgraph-sdk-go/domains"
	"github.com/microsoftgraph/msgraph-sdk-go/models"
	"github.com/microsoftgraph/msgraph-sdk-go/users"

	"seducoahuila.gob.mx/altas/provisioning"
)

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
func (c *Client) SetPassword(ctx context.Context, objectID string, p provisioning.Password) error {
	body := models.NewUser()
	body.SetPasswordProfile(temporary(p))
	return c.patch(ctx, objectID, body)
}

// SetEnabled lets the user sign in, or not.
func (c *Client) SetEnabled(ctx context.Context, objectID string, enabled bool) error {
	body := models.NewUser()
	body.SetAccountEnabled(&enabled)
	return c.patch(ctx, objectID, body)
}

func (c *Client) patch(ctx context.Context, objectID string, body models.Userable) error {
	return c.settled(ctx, func() error {
		info, err := c.users().ByUserId(objectID).ToPatchRequestInformation(ctx, body, nil)
		_, err = c.ask(ctx, info, err, writeAgain)
		return err
	})
}

// RevokeSessions signs the user out everywhere.
func (c *Client) RevokeSessions(ctx context.Context, objectID string) error {
	return c.settled(ctx, func() error {
		info, err := c.users().ByUserId(objectID).RevokeSignInSessions().ToPostRequestInformation(ctx, nil)
		_, err = c.ask(ctx, info, err, writeAgain)
		return err
	})
}

// Restore takes a user out of the recycle bin. DirectoryAddressTaken: someone
// else got its address meanwhile.
func (c *Client) Restore(ctx context.Context, objectID string) (provisioning.Entry, error) {
	path := c.path()
	path["directoryObject%2Did"] = objectID
	info, err := directory.NewDeletedItemsItemRestoreRequestBuilderInternal(path, c.adapter).ToPostRequestInformation(ctx, nil)
	_, err = c.ask(ctx, info, err, writeOnce)
	c.bin.forget()
	if err != nil && provisioning.ReasonOf(err) != provisioning.DirectoryNotFound {
		return provisioning.Entry{}, err
	}
	// Not in the bin: restored by an earlier try, perhaps, or never there.
	return c.Entry(ctx, objectID)
}

// checkMemberGroups takes so many groups at a time.
const maxGroups = 20

// MemberOf returns those of the groups that the person belongs to.
func (c *Client) MemberOf(ctx context.Context, objectID string, groupIDs []string) ([]string, error) {
	var member []string
	for chunk := range slices.Chunk(groupIDs, maxGroups) {
		body := users.NewItemCheckMemberGroupsPostRequestBody()
		body.SetGroupIds(chunk)
		info, err := c.users().ByUserId(objectID).CheckMemberGroups().ToPostRequestInformation(ctx, body, nil)
		r, err := c.ask(ctx, info, err, readGroups)
		if err != nil {
			return nil, err
		}
		page, err := decode[users.ItemCheckMemberGroupsPostResponseable](c, r, users.CreateItemCheckMemberGroupsPostResponseFromDiscriminatorValue)
		if err != nil {
			return nil, err
		}
		member = append(member, page.GetValue()...)
	}
	return member, nil
}

// Domains returns the verified domains of the tenant.
func (c *Client) Domains(ctx context.Context) ([]string, error) {
	info, err := domains.NewDomainsRequestBuilderInternal(c.path(), c.adapter).ToGetRequestInformation(ctx, nil)
	r, err := c.ask(ctx, info, err, readOther)
	if err != nil {
		return nil, err
	}
	page, err := decode[models.DomainCollectionResponseable](c, r, models.CreateDomainCollectionResponseFromDiscriminatorValue)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, d := range page.GetValue() {
		if value(d.GetIsVerified()) && d.GetId() != nil {
			names = append(names, *d.GetId())
		}
	}
	return names, nil
}
