package provisioning

import (
	"context"
	"slices"
	"time"

	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/secret"
)

// Directory is the tenant's directory, Microsoft Graph, as lines use it. Its methods are safe for
// hundreds of concurrent goroutines; batching and pacing are internal to it, and calls with an
// Urgent context have priority. Failures are *Error with one of the Directory… reasons, wrapped in
// RetryAfter if Graph stated a delay, in Permanent if retrying cannot succeed. After any other
// error the effect is unknown and must be looked up.
type Directory interface {
	// Find returns, without duplicates, the users that bear the stamp, or have the address as
	// userPrincipalName, as mailNickname@ any of our domains, as mail or proxy address, or have one
	// of the display names; including those deleted in the last 30 days. With DirectoryUnread it
	// returns all users that are not deleted, and some of the deleted.
	Find(ctx context.Context, l Lookup) ([]Entry, error)
	// Create creates the user, enabled, with the password, which must be changed at first sign-in.
	// If a user has the address and bears the stamp already, it is returned as it is with its
	// creation time; for a newly created user Created is zero.
	Create(ctx context.Context, u NewUser) (Entry, error)
	// License assigns the SKU to the user; no error if it is assigned already.
	License(ctx context.Context, objectID, sku string) error
	// Join adds the user to the groups; no error if it is a member already.
	Join(ctx context.Context, objectID string, groups []string) error
	// Visible returns nil if the directory finds the user by object id, else DirectoryNotReady: a
	// new user may take minutes to appear.
	Visible(ctx context.Context, objectID string) error
}

// Reasons of a Directory's errors.
const (
	DirectoryAddressTaken = "directory.address_taken" // CodeConflict: another object has the address
	DirectoryNotReady     = "directory.not_ready"     // CodeUnavailable: just created, not replicated yet; try again
	DirectoryNoSeats      = "directory.no_seats"      // CodeConflict: the SKU has no free seat
	DirectoryNoPermission = "directory.no_permission" // CodeForbidden: the app lacks a permission or role
	DirectoryBadDomain    = "directory.bad_domain"    // CodeInvalid: not a verified domain of the tenant
	DirectoryWeakPassword = "directory.weak_password" // CodeInvalid: try another password
	DirectoryNotFound     = "directory.not_found"     // CodeNotFound: no such user
	DirectoryRefused      = "directory.refused"       // CodeInvalid: the request is malformed; Args["detail"] is for operators
	DirectoryThrottled    = "directory.throttled"     // CodeUnavailable, with RetryAfter
	DirectoryUnread       = "directory.unread"        // CodeUnavailable, with RetryAfter: the deleted users are still being read
	DirectoryUnavailable  = "directory.unavailable"   // CodeUnavailable: no answer; the effect is unknown
)

// Lookup selects users. Empty fields select none. Names are spellings of one display name, at most
// ten, compared without case.
type Lookup struct {
	Stamp   Stamp
	Address identity.Address
	Names   []string
}

// Entry is a user of the directory.
type Entry struct {
	ID            string             `json:"id"`
	Address       identity.Address   `json:"address"` // userPrincipalName, lower case
	Nickname      string             `json:"nickname,omitempty"`
	Proxies       []identity.Address `json:"proxies,omitempty"` // mail and proxyAddresses, without "smtp:"
	DisplayName   string             `json:"displayName,omitempty"`
	Stamp         Stamp              `json:"stamp,omitempty"` // the configured property, unvalidated
	Department    string             `json:"department,omitempty"`
	Office        string             `json:"office,omitempty"`
	JobTitle      string             `json:"jobTitle,omitempty"`
	Enabled       bool               `json:"enabled"`
	Synced        bool               `json:"synced,omitempty"` // onPremisesSyncEnabled: the on-premises directory is its source, so that its password cannot be set in the cloud
	Deleted       time.Time          `json:"deleted,omitzero"` // deletion time of a user in the recycle bin
	Created       time.Time          `json:"created,omitzero"`
	PasswordSetAt time.Time          `json:"passwordSetAt,omitzero"` // lastPasswordChangeDateTime
	LastSignIn    time.Time          `json:"lastSignIn,omitzero"`    // signInActivity: the last successful one, else the last attempt; zero where unknown
	SKUs          []string           `json:"skus,omitempty"`         // assignedLicenses
	AsOf          time.Time          `json:"-"`                      // when it was read, in the directory's clock; zero if the answer does not state it, and for the recycle bin
}

// Has reports whether the entry has the address.
func (e Entry) Has(a identity.Address) bool {
	if e.Address == a {
		return true
	}
	return slices.Contains(e.Proxies, a)
}

// NewUser is a user to be created. The numbers are Graph's maximum lengths in characters.
type NewUser struct {
	Stamp             Stamp
	Address           identity.Address // userPrincipalName; the part before @ is mailNickname (64)
	DisplayName       string           // 256
	GivenName         string           // 64
	Surname           string           // 64
	Department        string           // 64
	OfficeLocation    string           // 128
	CompanyName       string           // 64
	JobTitle          string           // 128
	PreferredLanguage string           // es-MX
	UsageLocation     string           // MX
	AgeGroup          string           // "", Minor, NotAdult, Adult
	Consent           string           // "", Granted, Denied, NotRequired
	Password          secret.Password
}

// Credentials is the directory as TemporaryPasswords uses it.
type Credentials interface {
	// Entry returns the user by object id.
	Entry(ctx context.Context, objectID string) (Entry, error)
	// SetPassword sets a temporary password that must be changed at the next sign-in. It returns
	// when it was set, in the directory's clock; zero if the answer does not state it.
	SetPassword(ctx context.Context, objectID string, p secret.Password) (time.Time, error)
}

// Custody is the directory as the head of department's decisions use it.
type Custody interface {
	// Restore restores a user from the recycle bin.
	Restore(ctx context.Context, objectID string) (Entry, error)
	// SetEnabled allows or blocks the user's sign-in.
	SetEnabled(ctx context.Context, objectID string, enabled bool) error
}

// Stock is the tenant's licences.
type Stock interface {
	// Licences returns every SKU of the tenant.
	Licences(ctx context.Context) ([]Licence, error)
}

// Licence is the stock of one SKU, in seats.
type Licence struct {
	SKU  string // skuId
	Name string // skuPartNumber
	Free int    // enabled + warning − consumed, never below 0; 0 unless the SKU is enabled or in its grace time
	All  int    // enabled + warning
}

// Membership looks up group members.
type Membership interface {
	// MemberOf returns those of the groups (Entra group ids) that the person is a direct or
	// transitive member of.
	MemberOf(ctx context.Context, objectID string, groups []string) ([]string, error)
}
