package recovery

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/input"
)

// Kind is the name of the kind. It is stored.
const Kind provisioning.RequestKind = "recovery"

// IdentityMedia are the ways in which a requester may have identified the account's holder, in the
// order in which the form offers them. A request has the way and the document in its Petition.
func IdentityMedia() []input.Medium {
	return []input.Medium{"persona", "videollamada", input.MediumOficio, input.MediumTarjeta}
}

// Directory is the tenant's directory as recoveries use it. Errors are those of
// provisioning.Directory.
type Directory interface {
	Find(ctx context.Context, l provisioning.Lookup) ([]provisioning.Entry, error)
	// Entry returns the user by object id.
	Entry(ctx context.Context, objectID string) (provisioning.Entry, error)
	// RevokeSessions ends the user's sign-in sessions on every device.
	RevokeSessions(ctx context.Context, objectID string) error
}

// Replacer replaces the password of a line's account by one that nobody learns;
// provisioning.TemporaryPasswords implements it.
type Replacer interface {
	Replace(ctx context.Context, a provisioning.Account) (provisioning.Handover, error)
}

// Offices tells who decides on requests; access.Policy implements it.
type Offices interface {
	Authority(tx provisioning.Tx) (provisioning.Authority, error)
	// InApproverGroup reports whether the person is a member of the approver group of any stage.
	InApproverGroup(ctx context.Context, objectID string) (bool, error)
}

// Settings are the organisation's settings of the kind.
type Settings struct {
	Stages       []provisioning.StageName // that decide, of Rules.Stages
	Recent       time.Duration            // an account announced to the requester less than this ago needs no stage
	PerAccount   int                      // recoveries of one account in AccountPeriod
	PerRequester int                      // requests of one person in RequesterPeriod
}

// The periods of Settings' limits.
const (
	AccountPeriod   = 30 * 24 * time.Hour
	RequesterPeriod = 24 * time.Hour
)

// DefaultSettings has the subdirector decide alone, and no stage for an account that the requester
// was given in the last seven days.
func DefaultSettings() Settings {
	return Settings{
		Stages: []provisioning.StageName{provisioning.Subdirector}, Recent: 7 * 24 * time.Hour,
		PerAccount: 3, PerRequester: 20,
	}
}

// Config are Recovery's dependencies.
type Config struct {
	Executor  *provisioning.Executor
	Store     provisioning.Store
	Directory Directory
	Passwords Replacer
	Offices   Offices
	Rules     *provisioning.Rules
	Settings  Settings
	Now       func() time.Time
	Log       *slog.Logger
}

// Recovery recovers accounts: it is the kind Kind. A line has one step, which renews the password
// of its account.
type Recovery struct{ Config }

// moves are the legal moves of a line. Attention returns to the state it came from.
var moves = provisioning.Moves{
	provisioning.AccountPending:   {provisioning.AccountAnnounced, provisioning.AccountExcluded, provisioning.AccountAttention},
	provisioning.AccountAttention: {provisioning.AccountPending, provisioning.AccountExcluded},
}

// Moves returns the legal moves of a line.
func (rc *Recovery) Moves() provisioning.Moves { return moves }

// Stages returns the stages that decide on the submission: none if that holds for each account, else
// those of the settings.
func (rc *Recovery) Stages(tx provisioning.Tx, s provisioning.Submission) ([]provisioning.StageName, error) {
	for _, h := range s.Holders {
		none, err := rc.atOnce(tx, s.Requester, s.Exist[h].Address, s.Exist[h].ObjectID)
		if err != nil || !none {
			return append([]provisioning.StageName{}, rc.Settings.Stages...), err // not nil, which is all stages
		}
	}
	return []provisioning.StageName{}, nil
}

// atOnce reports whether nobody decides: the settings name no stage, or the account was created for
// the requester and announced to them less than Settings.Recent ago. It also holds if the account's
// owner has signed in since: the owner is told, see tellHolder.
func (rc *Recovery) atOnce(tx provisioning.Tx, by provisioning.Actor, address identity.Address, objectID string) (bool, error) {
	if len(rc.Settings.Stages) == 0 {
		return true, nil
	}
	stamp, err := tx.HolderOf(address)
	if err != nil || stamp == "" {
		return false, err
	}
	line, err := tx.Account(stamp)
	if err != nil {
		return false, err
	}
	r, err := tx.Request(stamp.Folio())
	given := line.State == provisioning.AccountAnnounced && line.ObjectID == objectID
	return given && r.Requester.ID == by.ID && rc.Now().Sub(line.AnnouncedAt) < rc.Settings.Recent, err
}

// Open completes a line with the account that the form found for its holder. It is CodeConflict if
// another open request asks for the same account, CodeLimited beyond the limits of the account or
// of the requester.
func (rc *Recovery) Open(tx provisioning.Tx, s provisioning.Submission, a provisioning.Account) (provisioning.Account, error) {
	seen := s.Exist[a.Holder]
	if !seen.Exists || seen.ObjectID == "" {
		return a, unknown()
	}
	a.Address, a.ObjectID = seen.Address, seen.ObjectID
	a.Warnings = slices.Clone(seen.Warnings)
	auth, err := rc.Offices.Authority(tx)
	if err != nil {
		return a, err
	}
	if err := rc.count(tx, s.Requester, a, !auth.Administrator(s.Requester)); err != nil {
		return a, err
	}
	return a, nil
}

// Begin starts the lines of an authorised request.
func (rc *Recovery) Begin(ctx context.Context, r provisioning.Request) error {
	return rc.Executor.EachLine(ctx, r.Folio, func(tx provisioning.Tx, a provisioning.Account) error {
		if a.State.Final() || a.State == provisioning.AccountAttention {
			return nil
		}
		return rc.Executor.GoOn(tx, r, a.Stamp)
	})
}

// Waits returns false: a recovery needs no licence.
func (rc *Recovery) Waits(provisioning.Account) bool { return false }

// Steps returns the step of a line that is pending.
func (rc *Recovery) Steps() func(provisioning.Account) provisioning.Step {
	return func(a provisioning.Account) provisioning.Step {
		if a.State != provisioning.AccountPending {
			return nil
		}
		return rc.renew
	}
}

// Release does nothing: nothing is reserved for a line.
func (rc *Recovery) Release(provisioning.Tx, provisioning.Account) error { return nil }

// Record notes the recovery on the row of the account, if it has one; the row of another account that
// had the address stays as it is.
func (rc *Recovery) Record(ctx context.Context, rows provisioning.Receipts, r provisioning.Request, a provisioning.Account) error {
	found, err := rows.Find(ctx, provisioning.ReceiptQuery{Address: a.Address})
	another := func(row provisioning.Receipt) bool { return row.ObjectID != "" && row.ObjectID != a.ObjectID }
	if err != nil || slices.ContainsFunc(found, another) {
		return err
	}
	return rows.Recovered(ctx, a.Address, r.Folio, a.AnnouncedAt)
}
