package graph

import (
	"strings"
	"time"

	"github.com/microsoftgraph/msgraph-sdk-go/models"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
)

// selected returns the user properties ($select) from which an Entry is made.
func (c *Client) selected() []string {
	stamp := c.config.StampProperty
	if stamp != "employeeId" {
		stamp = "onPremisesExtensionAttributes"
	}
	return []string{"id", "userPrincipalName", "mail", "mailNickname", "proxyAddresses", "displayName", stamp,
		"department", "officeLocation", "jobTitle", "accountEnabled", "onPremisesSyncEnabled", "createdDateTime",
		"lastPasswordChangeDateTime", "assignedLicenses"}
}

func (c *Client) entry(u models.Userable) provisioning.Entry {
	e := provisioning.Entry{
		ID:            value(u.GetId()),
		Address:       address(value(u.GetUserPrincipalName())),
		Nickname:      strings.ToLower(value(u.GetMailNickname())),
		DisplayName:   value(u.GetDisplayName()),
		Stamp:         c.stampOf(u),
		Department:    value(u.GetDepartment()),
		Office:        value(u.GetOfficeLocation()),
		JobTitle:      value(u.GetJobTitle()),
		Enabled:       value(u.GetAccountEnabled()),
		Synced:        value(u.GetOnPremisesSyncEnabled()),
		Deleted:       value(u.GetDeletedDateTime()),
		Created:       value(u.GetCreatedDateTime()),
		PasswordSetAt: value(u.GetLastPasswordChangeDateTime()),
		LastSignIn:    lastSignIn(u),
	}
	e.Proxies = proxies(u)
	for _, l := range u.GetAssignedLicenses() {
		if id := l.GetSkuId(); id != nil {
			e.SKUs = append(e.SKUs, id.String())
		}
	}
	return e
}

func value[T any](p *T) T {
	var zero T
	if p == nil {
		return zero
	}
	return *p
}

func address(s string) identity.Address { return identity.Address(strings.ToLower(s)) }

// proxies returns the user's mail addresses, without "smtp:" and without duplicates. Proxy
// addresses of other kinds (x500:, sip:) are left out.
func proxies(u models.Userable) []identity.Address {
	var list []identity.Address
	seen := map[identity.Address]bool{"": true}
	add := func(s string) {
		if a := address(s); !seen[a] {
			seen[a] = true
			list = append(list, a)
		}
	}
	add(value(u.GetMail()))
	for _, proxy := range u.GetProxyAddresses() {
		if kind, plain, found := strings.Cut(proxy, ":"); found && strings.EqualFold(kind, "smtp") {
			add(plain)
		}
	}
	return list
}

// lastSignIn returns the last successful sign-in, interactive or not. Entra records it since December
// 2023; without it, it is the last interactive attempt, which may have failed: rather a password
// that is not shown than one that replaces its owner's.
// https://learn.microsoft.com/graph/api/resources/signinactivity
func lastSignIn(u models.Userable) time.Time {
	activity := u.GetSignInActivity()
	if activity == nil {
		return time.Time{}
	}
	if at := value(activity.GetLastSuccessfulSignInDateTime()); !at.IsZero() {
		return at
	}
	return value(activity.GetLastSignInDateTime())
}
