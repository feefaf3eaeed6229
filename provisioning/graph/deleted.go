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
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/problem"
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

	mu       sync.Mutex
	closed   bool
	complete []provisioning.Entry // of the last complete reading
	read     time.Time            // when that began; zero before the first
	duration time.Duration        // how long it took
	reading  chan struct{}        // closed when the reader stops; nil if it does not run
	partial  reading              // running, or stopped by an error
}

// reading is one reading of the list.
type reading struct {
	began    time.Time
	entries  []provisioning.Entry
	lastPage time.Time                        // when its last page was received
	next     *abstractions.RequestInformation // nil before the first page
	err      error                            // why it stopped
}

const (
	deletedStale     = time.Minute            // least age of a copy that is read again
	deletedMaxAge    = 15 * time.Minute       // greatest age of a copy, or of a stopped reading, that is used
	deletedShortWait = 500 * time.Millisecond // wait for the reader if there is a usable copy
	deletedRetry     = 5 * time.Second        // retry time if there is none
	deletedPages     = 5000                   // millions of users: the next links must be a loop
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
	d.await(ctx, d.refresh())
	d.mu.Lock()
	defer d.mu.Unlock()
	var found []provisioning.Entry
	for _, known := range [][]provisioning.Entry{d.partial.entries, d.complete} { // Find drops duplicates
		for _, e := range known {
			if matches(l, e) {
				found = append(found, e)
			}
		}
	}
	return found, d.unread()
}

// all returns all known deleted users, perhaps with duplicates, and the same errors as find.
func (d *deletedUsers) all(ctx context.Context) ([]provisioning.Entry, error) {
	d.await(ctx, d.refresh())
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Concat(d.partial.entries, d.complete), d.unread()
}

func matches(l provisioning.Lookup, e provisioning.Entry) bool {
	return l.Stamp != "" && e.Stamp == l.Stamp ||
		l.Address != "" && (e.Has(l.Address) || e.Nickname == l.Address.Local()) ||
		slices.ContainsFunc(l.Names, func(name string) bool { return strings.EqualFold(e.DisplayName, name) })
}

// refresh starts or resumes the reader if the copy is old: older than deletedStale and twice the
// last reading's duration. It returns a channel that is closed when the reader stops; nil if
// the copy is fresh.
func (d *deletedUsers) refresh() <-chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.read.IsZero() && d.age() < max(deletedStale, 2*d.duration) {
		return nil
	}
	if d.reading == nil && !d.closed {
		d.reading = make(chan struct{})
		if d.partial.err = nil; d.client.config.Now().Sub(d.partial.lastPage) > deletedMaxAge {
			d.partial = reading{} // too old to be resumed
		}
		d.begin()
	}
	return d.reading
}

func (d *deletedUsers) age() time.Duration { return d.client.config.Now().Sub(d.read) }

// await waits until the reader stops, for at most d.maxWait.
func (d *deletedUsers) await(ctx context.Context, paused <-chan struct{}) {
	if paused == nil {
		return
	}
	select {
	case <-paused:
	case <-ctx.Done():
	case <-d.client.config.After(d.maxWait(ctx)):
	}
}

// maxWait returns how long a caller waits for the reader: at most half the time to its deadline.
func (d *deletedUsers) maxWait(ctx context.Context) time.Duration {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.usable() {
		return deletedShortWait
	}
	if deadline, limited := ctx.Deadline(); limited {
		return min(d.client.config.DeletedWithin, time.Until(deadline)/2)
	}
	return d.client.config.DeletedWithin
}

// usable reports whether the complete copy is recent enough to be used. A slow reading extends
// that age, so that the copy stays usable during the next one.
func (d *deletedUsers) usable() bool {
	return !d.read.IsZero() && d.age() < max(deletedMaxAge, 4*d.duration)
}

// unread returns nil if a complete copy is usable; else the error that stopped the reader, or
// DirectoryUnread with a retry time.
func (d *deletedUsers) unread() error {
	switch {
	case d.usable():
		return nil
	case d.partial.err != nil:
		return d.partial.err
	}
	return job.RetryAfter(deletedRetry, problem.Refuse(problem.CodeUnavailable, provisioning.DirectoryUnread))
}

// run reads the bin to its end, or until an error.
func (d *deletedUsers) run(ctx context.Context) {
	err, more := error(nil), true
	for pages := 0; more && err == nil; pages++ {
		if more, err = d.page(ctx); pages == deletedPages {
			err = errors.New("graph: the recycle bin's next links do not end")
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	close(d.reading)
	d.reading = nil
	if err == nil {
		d.complete, d.read, d.duration = d.partial.entries, d.partial.began, d.partial.lastPage.Sub(d.partial.began)
	}
	if err == nil || !resumable(err) {
		d.partial = reading{}
	}
	d.partial.err = err
}

// resumable reports whether a reading stopped by err can be resumed at the same page.
func resumable(err error) bool {
	return problem.CodeOf(err) == problem.CodeUnavailable && !expired(err)
}

// page reads the next page, and reports whether more follow.
func (d *deletedUsers) page(ctx context.Context) (more bool, err error) {
	c, request := d.client, d.partial.next // next is changed only by the reader
	if request == nil {
		if request, err = c.deletedRequest(ctx); err != nil {
			return false, fmt.Errorf("graph: build request: %w", err)
		}
		d.mu.Lock()
		d.partial = reading{began: c.config.Now(), next: request}
		d.mu.Unlock()
	}
	page, err := c.page(d.withPriority(ctx, request), request, readOther, pageTries)
	if err != nil {
		return false, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.partial.lastPage = c.config.Now()
	for _, u := range page.GetValue() {
		d.partial.entries = append(d.partial.entries, c.deletedEntry(u))
	}
	next := value(page.GetOdataNextLink())
	if next == "" {
		return false, nil
	}
	return true, c.follow(request, next)
}

// withPriority makes the request of a page urgent if no copy is usable, because callers then wait for
// it. Otherwise it gets low priority, in the batcher and at Graph (x-ms-throttle-priority).
// https://learn.microsoft.com/graph/throttling-limits
func (d *deletedUsers) withPriority(ctx context.Context, request *abstractions.RequestInformation) context.Context {
	const priority = "x-ms-throttle-priority"
	d.mu.Lock()
	defer d.mu.Unlock()
	request.Headers.Remove(priority)
	if !d.usable() {
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
	e.Address = identity.Address(strings.TrimPrefix(string(e.Address), prefix))
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
	d.complete = slices.DeleteFunc(d.complete, restored)
	d.partial.entries = slices.DeleteFunc(d.partial.entries, restored)
}
