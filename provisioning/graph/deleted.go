package graph

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	abstractions "github.com/microsoft/kiota-abstractions-go"
	"github.com/microsoftgraph/msgraph-sdk-go/directory"
	"github.com/microsoftgraph/msgraph-sdk-go/models"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
)

// deletedUsers is a copy of the recycle bin, /directory/deletedItems: the users deleted in the
// last 30 days. If the copy is old at a look-up, one background reader reads the whole list,
// page by page. A reading that an error stopped is resumed at the same page. A single deleted
// user cannot be queried with a filter: their userPrincipalNames begin with their ids, and
// Microsoft documents no filter for this list.
type deletedUsers struct {
	client *Client
	begin  func() // starts the reader
	stop   context.CancelFunc
	reader sync.WaitGroup

	mu      sync.Mutex
	closed  bool
	whole   []provisioning.Entry // of the last complete reading
	read    time.Time            // when that began; zero before the first
	took    time.Duration        // how long it took
	reading chan struct{}        // closed when the reader stops; nil if it does not run
	part    reading              // running, or stopped by an error
}

// reading is one reading of the list.
type reading struct {
	began   time.Time
	entries []provisioning.Entry
	heard   time.Time                        // when its last page was received
	next    *abstractions.RequestInformation // nil before the first page
	err     error                            // why it stopped
}

const (
	deletedFresh  = time.Minute            // least age of a copy that is read again
	deletedKept   = 15 * time.Minute       // greatest age of a copy, or of a stopped reading, that is used
	deletedGlance = 500 * time.Millisecond // wait for the reader if there is a usable copy
	deletedAgain  = 5 * time.Second        // retry time if there is none
	deletedPages  = 5000                   // millions of users: the next links must be a loop
)

func newDeletedUsers(c *Client) *deletedUsers {
	work, stop := context.WithCancel(context.Background()) // not a caller's: a reading outlives the look-ups
	d := &deletedUsers{client: c, stop: stop}
	d.begin = func() { d.reader.Go(func() { d.run(work) }) }
	return d
}

// close cancels the reader and waits for it.
func (d *deletedUsers) close() {
	d.mu.Lock()
	d.closed = true
	d.mu.Unlock()
	d.stop()
	d.reader.Wait()
}

// find returns the known deleted users that match a Lookup, with an error if the bin was never
// read completely, or too long ago.
func (d *deletedUsers) find(ctx context.Context, l provisioning.Lookup) ([]provisioning.Entry, error) {
	d.await(ctx, d.look())
	d.mu.Lock()
	defer d.mu.Unlock()
	var found []provisioning.Entry
	for _, known := range [][]provisioning.Entry{d.part.entries, d.whole} { // Find drops duplicates
		for _, e := range known {
			if meant(l, e) {
				found = append(found, e)
			}
		}
	}
	return found, d.unread()
}

// all returns all known deleted users, perhaps with duplicates, and the same errors as find.
func (d *deletedUsers) all(ctx context.Context) ([]provisioning.Entry, error) {
	d.await(ctx, d.look())
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Concat(d.part.entries, d.whole), d.unread()
}

func meant(l provisioning.Lookup, e provisioning.Entry) bool {
	return l.Stamp != "" && e.Stamp == l.Stamp ||
		l.Address != "" && (e.Has(l.Address) || e.Nickname == l.Address.Local()) ||
		slices.ContainsFunc(l.Names, func(name string) bool { return strings.EqualFold(e.DisplayName, name) })
}

// look starts or resumes the reader if the copy is old: older than deletedFresh and twice the
// last reading's duration. It returns a channel that is closed when the reader stops; nil if
// the copy is fresh.
func (d *deletedUsers) look() <-chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.read.IsZero() && d.age() < max(deletedFresh, 2*d.took) {
		return nil
	}
	if d.reading == nil && !d.closed {
		d.reading = make(chan struct{})
		if d.part.err = nil; d.client.config.Now().Sub(d.part.heard) > deletedKept {
			d.part = reading{} // too old to be resumed
		}
		d.begin()
	}
	return d.reading
}

func (d *deletedUsers) age() time.Duration { return d.client.config.Now().Sub(d.read) }

// await waits until the reader stops, for at most d.patience.
func (d *deletedUsers) await(ctx context.Context, paused <-chan struct{}) {
	if paused == nil {
		return
	}
	select {
	case <-paused:
	case <-ctx.Done():
	case <-d.client.config.After(d.patience(ctx)):
	}
}

// patience returns how long a caller waits for the reader: at most half the time to its deadline.
func (d *deletedUsers) patience(ctx context.Context) time.Duration {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.serves() {
		return deletedGlance
	}
	if deadline, limited := ctx.Deadline(); limited {
		return min(d.client.config.DeletedWithin, time.Until(deadline)/2)
	}
	return d.client.config.DeletedWithin
}

// serves reports whether the complete copy is recent enough to be used. A slow reading extends
// that age, so that the copy stays usable during the next one.
func (d *deletedUsers) serves() bool {
	return !d.read.IsZero() && d.age() < max(deletedKept, 4*d.took)
}

// unread returns nil if a complete copy is usable; else the error that stopped the reader, or
// DirectoryUnread with a retry time.
func (d *deletedUsers) unread() error {
	switch {
	case d.serves():
		return nil
	case d.part.err != nil:
		return d.part.err
	}
	return job.RetryAfter(deletedAgain, provisioning.Refuse(provisioning.CodeUnavailable, provisioning.DirectoryUnread))
}

// run reads the bin to its end, or until an error.
func (d *deletedUsers) run(ctx context.Context) {
	err, more := error(nil), true
	for pages := 0; more && err == nil; pages++ {
		if more, err = d.page(ctx); pages == deletedPages {
			err = errors.New("graph: the recycle bin has no end")
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	close(d.reading)
	d.reading = nil
	if err == nil {
		d.whole, d.read, d.took = d.part.entries, d.part.began, d.part.heard.Sub(d.part.began)
	}
	if err == nil || !continues(err) {
		d.part = reading{}
	}
	d.part.err = err
}

// continues reports whether a reading stopped by err can be resumed at the same page.
func continues(err error) bool {
	return provisioning.CodeOf(err) == provisioning.CodeUnavailable && !expired(err)
}

// page reads the next page, and reports whether more follow.
func (d *deletedUsers) page(ctx context.Context) (more bool, err error) {
	c, request := d.client, d.part.next // next is changed only by the reader
	if request == nil {
		if request, err = c.deletedRequest(ctx); err != nil {
			return false, fmt.Errorf("graph: build request: %w", err)
		}
		d.mu.Lock()
		d.part = reading{began: c.config.Now(), next: request}
		d.mu.Unlock()
	}
	page, err := c.page(d.hurried(ctx, request), request, readOther, pageTries)
	if err != nil {
		return false, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.part.heard = c.config.Now()
	for _, u := range page.GetValue() {
		d.part.entries = append(d.part.entries, c.deletedEntry(u))
	}
	next := value(page.GetOdataNextLink())
	if next == "" {
		return false, nil
	}
	return true, c.follow(request, next)
}

// hurried makes the request of a page urgent if no copy is usable, because callers then wait for
// it. Otherwise it gets low priority, in the batcher and at Graph (x-ms-throttle-priority).
// https://learn.microsoft.com/graph/throttling-limits
func (d *deletedUsers) hurried(ctx context.Context, request *abstractions.RequestInformation) context.Context {
	const priority = "x-ms-throttle-priority"
	d.mu.Lock()
	defer d.mu.Unlock()
	request.Headers.Remove(priority)
	if !d.serves() {
		return job.Urgent(ctx)
	}
	request.Headers.Add(priority, "low")
	return ctx
}

// deletedRequest builds the request of the first page.
func (c *Client) deletedRequest(ctx context.Context) (*abstractions.RequestInformation, error) {
	top := pageSize
	builder := directory.NewDeletedItemsGraphUserRequestBuilderInternal(c.path(), c.adapter)
	return builder.ToGetRequestInformation(ctx, &directory.DeletedItemsGraphUserRequestBuilderGetRequestConfiguration{
		QueryParameters: &directory.DeletedItemsGraphUserRequestBuilderGetQueryParameters{
			Select: append(c.selected(), "deletedDateTime"), Top: &top,
		}})
}

// deletedEntry returns a deleted user with its former address: the userPrincipalName of a
// deleted user begins with its id, without hyphens.
func (c *Client) deletedEntry(u models.Userable) provisioning.Entry {
	e := c.entry(u)
	prefix := strings.ReplaceAll(strings.ToLower(e.ID), "-", "")
	e.Address = provisioning.Address(strings.TrimPrefix(string(e.Address), prefix))
	if e.Deleted.IsZero() {
		e.Deleted = c.config.Now() // deletedDateTime is missing
	}
	return e
}

// forget removes a restored user from the copy.
func (d *deletedUsers) forget(id string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	restored := func(e provisioning.Entry) bool { return e.ID == id }
	d.whole = slices.DeleteFunc(d.whole, restored)
	d.part.entries = slices.DeleteFunc(d.part.entries, restored)
}
