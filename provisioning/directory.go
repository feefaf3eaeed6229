package provisioning

import (
	"context"
	"slices"
	"time"
)

// Directory is the tenant, as the runner needs it: Microsoft Graph. Its methods
// may be called by hundreds of goroutines at once; batching and pacing are its own
// affair, and calls made with Urgent contexts go first. Failures are *Error with one of the Directory…
// reasons, wrapped in RetryAfter where the vendor said when, in Permanent where
// trying again cannot help. After any other error the effect is unknown: look it up.
type Directory interface {
	// Find returns the users that bear the stamp, or have the address as
	// userPrincipalName, mailNickname@ any of ours, mail or proxy address, or have one
	// of the display names; deleted ones of the last 30 days included, without duplicates.
	// With DirectoryUnread come those that are known: all who live, and some of the deleted.
	Find(ctx context.Context, l Lookup) ([]Entry, error)
	// Create makes the user, enabled, with the password, which must be changed. A user who
	// has the address and bears the stamp already is returned as it is, with the time of
	// its creation; of one just made that is zero.
	Create(ctx context.Context, u NewUser) (Entry, error)
	// License assigns the SKU to the user; having it already is no error.
	License(ctx context.Context, objectID, sku string) error
	// Join makes the user a member of the groups; being one already is no error.
	Join(ctx context.Context, objectID string, groups []string) error
	// Visible returns nil where the directory shows the user by object id, and
	// DirectoryNotReady where it does not: one just made may be minutes on its way.
	Visible(ctx context.Context, objectID string) error
}

// Reasons of a Directory's errors.
const (
	DirectoryAddressTaken = "directory.address_taken" // CodeConflict: another object has the address
	DirectoryNotReady     = "directory.not_ready"     // CodeUnavailable: just created, not everywhere yet; try again
	DirectoryNoSeats      = "directory.no_seats"      // CodeConflict: the SKU is used up
	DirectoryNoPermission = "directory.no_permission" // CodeForbidden: the app lacks a permission or role
	DirectoryBadDomain    = "directory.bad_domain"    // CodeInvalid: not a verified domain of the tenant
	DirectoryWeakPassword = "directory.weak_password" // CodeInvalid: try again with another
	DirectoryNotFound     = "directory.not_found"     // CodeNotFound: no such user
	DirectoryRefused      = "directory.refused"       // CodeInvalid: the request itself is wrong; Args["detail"] for operators
	DirectoryThrottled    = "directory.throttled"     // CodeUnavailable, with RetryAfter
	DirectoryUnread       = "directory.unread"        // CodeUnavailable, with RetryAfter: the deleted users are still being read
	DirectoryUnavailable  = "directory.unavailable"   // CodeUnavailable: did not answer; nothing is known
)

// Lookup says whom to find. Empty fields look for nothing. Names are the ways in
// which one display name may be written, ten at most; case does not count.
type Lookup struct {
	Stamp   Stamp
	Address Address
	Names   []string
}

// Entry is a user of the directory.
type Entry struct {
	ID            string    `json:"id"`
	Address       Address   `json:"address"` // userPrincipalName, lower case
	Nickname      string    `json:"nickname,omitempty"`
	Proxies       []Address `json:"proxies,omitempty"` // mail and proxyAddresses, without "smtp:"
	DisplayName   string    `json:"displayName,omitempty"`
	Stamp         Stamp     `json:"stamp,omitempty"` // the configured property, as it stands
	Department    string    `json:"department,omitempty"`
	Office        string    `json:"office,omitempty"`
	JobTitle      string    `json:"jobTitle,omitempty"`
	Enabled       bool      `json:"enabled"`
	Deleted       time.Time `json:"deleted,omitzero"` // in the recycle bin since
	Created       time.Time `json:"created,omitzero"`
	PasswordSetAt time.Time `json:"passwordSetAt,omitzero"` // lastPasswordChangeDateTime
	LastSignIn    time.Time `json:"lastSignIn,omitzero"`    // signInActivity; zero where unknown
	SKUs          []string  `json:"skus,omitempty"`         // assignedLicenses
	AsOf          time.Time `json:"-"`                      // when it was read, by the directory's clock; zero where that is not said, and in the recycle bin
}

// Has reports whether the entry answers to the address.
func (e Entry) Has(a Address) bool {
	if e.Address == a {
		return true
	}
	return slices.Contains(e.Proxies, a)
}

// NewUser is an account to be created. Lengths are Graph's, in characters.
type NewUser struct {
	Stamp             Stamp
	Address           Address // userPrincipalName; the part before @ is mailNickname (64)
	DisplayName       string  // 256
	GivenName         string  // 64
	Surname           string  // 64
	Department        string  // 64
	OfficeLocation    string  // 128
	CompanyName       string  // 64
	JobTitle          string  // 128
	PreferredLanguage string  // es-MX
	UsageLocation     string  // MX
	AgeGroup          string  // "", Minor, NotAdult, Adult
	Consent           string  // "", Granted, Denied, NotRequired
	Password          Password
}

// Credentials is the directory as the handing over of passwords needs it.
type Credentials interface {
	// Entry returns the user by object id.
	Entry(ctx context.Context, objectID string) (Entry, error)
	// SetPassword sets a temporary password that must be changed at the next sign-in. It
	// returns when that was done, by the directory's clock; zero where that is not said.
	SetPassword(ctx context.Context, objectID string, p Password) (time.Time, error)
}

// Custody is the directory as the head of department needs it.
type Custody interface {
	// Restore takes a user out of the recycle bin.
	Restore(ctx context.Context, objectID string) (Entry, error)
	// SetEnabled lets the user sign in, or not.
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

// Membership answers who belongs to a group.
type Membership interface {
	// MemberOf returns those of the groups (Entra group ids) that the person belongs to, directly or not.
	MemberOf(ctx context.Context, objectID string, groups []string) ([]string, error)
}
