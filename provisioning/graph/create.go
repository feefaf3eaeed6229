package graph

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/microsoftgraph/msgraph-sdk-go/models"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// Create creates the user. After a conflict the holder of the address is looked up: if it has
// the same stamp, an earlier attempt succeeded and its user is returned; if another user has the
// address, the error is DirectoryAddressTaken; if no user with the address is visible yet,
// DirectoryNotReady.
//
// The mailNickname, which is not shown to people, is the address's local part. If a user of
// another domain has it and the tenant requires it to be unique, the stamp is appended.
func (c *Client) Create(ctx context.Context, u provisioning.NewUser) (provisioning.Entry, error) {
	e, err := c.create(ctx, u, u.Address.Local())
	if errors.Is(err, errNickname) && u.Stamp != "" {
		return c.create(ctx, u, stampedNickname(u))
	}
	return e, err
}

// errNickname is the cause of a conflict if the address is free but its mailNickname is taken.
var errNickname = errors.New("the mailNickname is taken")

const maxNickname = 64

func stampedNickname(u provisioning.NewUser) string {
	local, suffix := u.Address.Local(), "."+string(u.Stamp)
	return local[:min(len(local), maxNickname-len(suffix))] + suffix
}

func (c *Client) create(ctx context.Context, u provisioning.NewUser, nickname string) (provisioning.Entry, error) {
	info, err := c.users().ToPostRequestInformation(ctx, c.newUser(u, nickname), nil)
	r, err := c.ask(ctx, info, err, writeOnce)
	if problem.ReasonOf(err) == provisioning.DirectoryAddressTaken {
		return c.holder(ctx, u, err)
	}
	if err != nil {
		return provisioning.Entry{}, err
	}
	made, err := decode[models.Userable](c, r, models.CreateUserFromDiscriminatorValue)
	if err != nil {
		return provisioning.Entry{}, err
	}
	if value(made.GetId()) == "" {
		return provisioning.Entry{}, unavailable(errMissing)
	}
	return provisioning.Entry{
		ID: *made.GetId(), Address: u.Address, Nickname: nickname, DisplayName: u.DisplayName, Stamp: u.Stamp,
		Department: u.Department, Office: u.OfficeLocation, JobTitle: u.JobTitle, Enabled: true,
	}, nil
}

// holder looks up the user who has the address for which a creation was refused: it returns the
// user if its stamp is u's, else taken.
func (c *Client) holder(ctx context.Context, u provisioning.NewUser, taken error) (provisioning.Entry, error) {
	e, err := c.get(ctx, string(u.Address), c.selected())
	switch {
	case err == nil && e.Stamp == u.Stamp && u.Stamp != "":
		return e, nil
	case err == nil:
		return provisioning.Entry{}, taken
	case problem.ReasonOf(err) == provisioning.DirectoryNotFound:
		return c.otherHolder(ctx, u, taken)
	}
	return provisioning.Entry{}, err
}

// otherHolder handles a conflict if no user has the address as userPrincipalName. It is another
// address of a user, or its mailNickname is taken, or the user was created moments ago and is
// not known to every replica.
func (c *Client) otherHolder(ctx context.Context, u provisioning.NewUser, taken error) (provisioning.Entry, error) {
	entries, err := c.Find(ctx, provisioning.Lookup{Stamp: u.Stamp, Address: u.Address})
	if err != nil && problem.ReasonOf(err) != provisioning.DirectoryUnread { // deleted users do not matter here
		return provisioning.Entry{}, err
	}
	cause := taken
	for _, e := range entries {
		if !e.Deleted.IsZero() {
			continue
		}
		if e.Stamp == u.Stamp && u.Stamp != "" {
			return e, nil
		}
		if e.Has(u.Address) {
			return provisioning.Entry{}, taken
		}
		if e.Nickname == u.Address.Local() && isNicknameConflict(taken) {
			cause = fmt.Errorf("%w: %w", errNickname, taken)
		}
	}
	e := problem.Refuse(problem.CodeUnavailable, provisioning.DirectoryNotReady)
	e.Err = cause
	return provisioning.Entry{}, e
}

// isNicknameConflict recognises Graph's "Another object with the same value for property mailNickname
// already exists.": the reason is the same for every property, only the message names it.
func isNicknameConflict(taken error) bool { return strings.Contains(taken.Error(), "mailNickname") }

// newUser returns the body of the creation. Empty properties are not set, because the SDK would
// send an explicit null.
func (c *Client) newUser(u provisioning.NewUser, nickname string) models.Userable {
	body := models.NewUser()
	enabled := true
	body.SetAccountEnabled(&enabled)
	for _, field := range []struct {
		value string
		set   func(*string)
	}{
		{string(u.Address), body.SetUserPrincipalName},
		{nickname, body.SetMailNickname},
		{u.DisplayName, body.SetDisplayName},
		{u.GivenName, body.SetGivenName},
		{u.Surname, body.SetSurname},
		{u.Department, body.SetDepartment},
		{u.OfficeLocation, body.SetOfficeLocation},
		{u.CompanyName, body.SetCompanyName},
		{u.JobTitle, body.SetJobTitle},
		{u.PreferredLanguage, body.SetPreferredLanguage},
		{u.UsageLocation, body.SetUsageLocation},
		{u.AgeGroup, body.SetAgeGroup},
		{u.Consent, body.SetConsentProvidedForMinor},
	} {
		if field.value != "" {
			field.set(&field.value)
		}
	}
	if u.Stamp != "" {
		c.setStamp(body, u.Stamp)
	}
	body.SetPasswordProfile(temporary(u.Password))
	return body
}
