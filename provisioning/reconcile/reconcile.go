// Package reconcile compares what our lines, the receipts and the directory say of
// the same accounts, and mends what needs no judgement.
//
//	c := &reconcile.Comparison{Lines: provisioning.AllLines(db), Rows: rows.Rows, Users: directory.Users, …}
//	summary, err := c.Run(ctx, func(d reconcile.Difference) error { … reconcile.Mend(ctx, provisioner, d) … })
//
// A side may be a whole tenant: each is read once (reconcile.go), sorted by stamp and
// then by address, in files where memory would not do (sort.go), and what stands under
// one key is judged (judge.go).
package reconcile

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
)

// Comparison is of three sides. Each is read once, in whatever order it comes,
// however long.
type Comparison struct {
	Lines   func(context.Context) iter.Seq2[provisioning.Account, error] // see provisioning.AllLines
	Rows    func(context.Context) iter.Seq2[provisioning.Receipt, error] // every row of the receipts
	Users   func(context.Context) iter.Seq2[provisioning.Entry, error]   // every user of the directory, deleted ones or not
	Domains []string                                                     // those of the account types; users and imported rows of others are nobody's business

	Grace    time.Duration          // younger accounts may still lack a row: RowYoung
	Now      func() time.Time       // required
	TempDir  string                 // of the sorting; "" for the system's
	Progress func(side Side, n int) // called now and then, with how many were read; may be nil
}

// Side is where something is known from.
type Side int

// The three sides, in the order in which they are read.
const (
	SideLines Side = iota
	SideRows
	SideUsers
)

// Kind says what differs.
type Kind string

// The differences.
const (
	RowMissing       Kind = "row_missing"       // the account was made, the receipts have no row
	RowYoung         Kind = "row_young"         // as row_missing, of an account so young that the row may be on its way: no difference yet
	AccountMissing   Kind = "account_missing"   // a line or an imported row says it exists, the directory has none, or a deleted one
	AddressDiffers   Kind = "address_differs"   // not the same on all sides
	AccountUnasked   Kind = "account_unasked"   // nobody requested it, and no list has it
	AccountTwice     Kind = "account_twice"     // two users bear one stamp
	AccountUnstamped Kind = "account_unstamped" // the address is there, but without our stamp
	LineMissing      Kind = "line_missing"      // a row has a stamp that no line has
	HolderDiffers    Kind = "holder_differs"    // a row, or a user, of the line's stamp is another holder's: a backup was restored
	StateDiffers     Kind = "state_differs"     // active in the receipts, disabled in the directory, or the reverse
	LicenceMissing   Kind = "licence_missing"   // it had one
)

// Difference is one of them. The addresses are as each side has it, "" where it
// has none.
type Difference struct {
	Kind     Kind
	Stamp    provisioning.Stamp
	Line     identity.Address
	Row      identity.Address
	User     identity.Address
	ObjectID string
	State    provisioning.ReceiptState // what the row should say, of StateDiffers
}

// Summary is how much was read on each side, and what was found.
type Summary struct {
	Lines, Rows, Users int
	Found              map[Kind]int
}

// Run reports every difference, in no order, and stops at the first error. What
// changes while it runs may be reported although it is well by now: whoever mends
// it looks again first.
func (r *Comparison) Run(ctx context.Context, report func(Difference) error) (Summary, error) {
	run := reconciliation{
		Comparison: r, began: r.Now(), aliased: map[string]bool{}, report: report,
		byStamp: newSorter(r.TempDir), byAddress: newSorter(r.TempDir),
		summary: Summary{Found: map[Kind]int{}},
	}
	defer run.byStamp.close()
	defer run.byAddress.close()
	for _, step := range []func(context.Context) error{run.readLines, run.readRows, run.readUsers, run.judgeStamps, run.judgeAddresses} {
		if err := step(ctx); err != nil {
			return run.summary, fmt.Errorf("reconcile: %w", err)
		}
	}
	return run.summary, nil
}

// reconciliation is one run. Facts that bear a stamp are brought together by it;
// what stays alone, and what bears none, by address.
type reconciliation struct {
	*Comparison
	began     time.Time
	byStamp   *sorter
	byAddress *sorter
	report    func(Difference) error
	summary   Summary
	doubtful  []fact          // users that nobody knows by this address, but have others
	aliased   map[string]bool // object ids that are known by another address
}

// fact is what one side says of one account; short, for it is kept on disk.
type fact struct {
	Key      string
	Side     Side
	Stamp    provisioning.Stamp
	Address  identity.Address
	ObjectID string
	Holder   identity.Identity // of a line or a row, where it is known whose it is
	Made     bool              // a line whose account was made
	Asked    bool              // a line that found an account, and made none
	Fresh    bool
	Licensed bool
	Enabled  bool // a row that is active or imported, a user that may sign in
	Imported bool
	Deleted  bool
	Alias    bool // one of a user's further addresses
	Aliases  int
}

// progressEvery is how many are read between two calls of Progress.
const progressEvery = 1000

func (r *reconciliation) count(side Side, n *int) {
	*n++
	if r.Progress != nil && *n%progressEvery == 0 {
		r.Progress(side, *n)
	}
}

func (r *reconciliation) readLines(ctx context.Context) error {
	for a, err := range r.Lines(ctx) {
		if err != nil {
			return fmt.Errorf("lines: %w", err)
		}
		if !a.Kind.Creates() {
			continue // about an account that another line, or nobody here, created
		}
		r.count(SideLines, &r.summary.Lines)
		f := fact{Key: string(a.Stamp), Side: SideLines, Stamp: a.Stamp, Address: a.Address, ObjectID: a.ObjectID}
		f.Holder = known(a.Holder)
		f.Made = a.ObjectID != "" && a.State != provisioning.AccountExists && a.State != provisioning.AccountExcluded
		f.Asked = a.State == provisioning.AccountExists
		if !a.ErasedAt.IsZero() { // neither its row nor the directory is to tell the store again
			f.Made, f.Asked = false, false
		}
		f.Licensed = a.State == provisioning.AccountLicensed || a.State == provisioning.AccountRecorded || a.State == provisioning.AccountAnnounced
		f.Fresh = r.began.Sub(a.CreatedAt) < r.Grace
		if f.Asked {
			f.Key = string(a.Address)
		}
		if err := r.sorterOf(f).add(f); err != nil {
			return err
		}
	}
	return nil
}

func known(h identity.Holder) identity.Identity {
	if !h.Known() {
		return ""
	}
	return h.Identity()
}

func (r *reconciliation) readRows(ctx context.Context) error {
	for row, err := range r.Rows(ctx) {
		if err != nil {
			return fmt.Errorf("rows: %w", err)
		}
		r.count(SideRows, &r.summary.Rows)
		f := fact{Key: string(row.Stamp), Side: SideRows, Stamp: row.Stamp, Address: row.Address, ObjectID: row.ObjectID}
		f.Enabled, f.Holder = row.State != provisioning.ReceiptDisabled, known(row.Holder)
		if row.Stamp == "" {
			f.Key, f.Imported = string(row.Address), true
			if !slices.Contains(r.Domains, row.Address.Domain()) {
				continue
			}
		}
		if err := r.sorterOf(f).add(f); err != nil {
			return err
		}
	}
	return nil
}

func (r *reconciliation) readUsers(ctx context.Context) error {
	for u, err := range r.Users(ctx) {
		if err != nil {
			return fmt.Errorf("users: %w", err)
		}
		r.count(SideUsers, &r.summary.Users)
		f := fact{Key: string(u.Stamp), Side: SideUsers, Stamp: u.Stamp, Address: u.Address, ObjectID: u.ID}
		f.Enabled, f.Deleted, f.Licensed = u.Enabled, !u.Deleted.IsZero(), len(u.SKUs) > 0
		if u.Stamp == "" {
			f.Key = string(u.Address)
		}
		if u.Stamp == "" && !slices.Contains(r.Domains, u.Address.Domain()) {
			continue
		}
		if err := r.addUser(f, u.Proxies); err != nil {
			return err
		}
	}
	return nil
}

// addUser adds the user, and, for a row that knows it by another address, those
// addresses of our domains too.
func (r *reconciliation) addUser(f fact, proxies []identity.Address) error {
	for _, p := range proxies {
		if p == f.Address || !slices.Contains(r.Domains, p.Domain()) {
			continue
		}
		f.Aliases++
		alias := fact{Key: string(p), Side: SideUsers, Address: f.Address, ObjectID: f.ObjectID, Enabled: f.Enabled, Deleted: f.Deleted, Alias: true}
		if err := r.byAddress.add(alias); err != nil {
			return err
		}
	}
	return r.sorterOf(f).add(f)
}

func (r *reconciliation) sorterOf(f fact) *sorter {
	if f.Stamp == "" || f.Asked {
		return r.byAddress
	}
	return r.byStamp
}

func (r *reconciliation) found(d Difference) error {
	r.summary.Found[d.Kind]++
	return r.report(d)
}
