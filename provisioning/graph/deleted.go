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

// deletedUsers is a copy of the recycle bin, /directory/deletedItems: the users deleted
// in the last 30 days. One reader in the background reads it whole, page by page, when
// somebody looks and the copy is old. What stops a reading does not lose it: the next
// goes on from the same page. Filters are no way to ask for one deleted user: their
// principal names begin with their ids, and Microsoft documents none for this list.
type deletedUsers struct {
	client *Client
	begin  func() // has the reader run
	stop   context.CancelFunc
	reader sync.WaitGroup

	mu      sync.Mutex
	closed  bool
	whole   []provisioning.Entry // of the last reading that came to its end
	read    time.Time            // when that began; zero before the first
	took    time.Duration
	reading chan struct{} // closed when the reader pauses; nil while it does
	part    reading       // under way, or stopped by an error
}

// reading is one pass over the bin.
type reading struct {
	began   time.Time
	entries []provisioning.Entry
	heard   time.Time                        // when its last page came
	next    *abstractions.RequestInformation // nil before the first page
	err     error                            // why it stopped
}

const (
	deletedFresh  = time.Minute // no copy is read anew before
	deletedKept   = 15 * time.Minute
	deletedGlance = 500 * time.Millisecond // for one that brings a copy up to date
	deletedAgain  = 5 * time.Second        // when to look again, where it took longer
	deletedPages  = 5000                   // millions of users: the links lead in a circle
)

func newDeletedUsers(c *Client) *deletedUsers {
	work, stop := context.WithCancel(context.Background()) // a reading outlives those who look
	d := &deletedUsers{client: c, stop: stop}
	d.begin = func() { d.reader.Go(func() { d.run(work) }) }
	return d
}

// close ends the reader.
func (d *deletedUsers) close() {
	d.mu.Lock()
	d.closed = true
	d.mu.Unlock()
	d.stop()
	d.reader.Wait()
}

// find returns the deleted users that a Lookup means, as far as the bin is known: with
// an error where it was never read to its end, or too long ago.
func (d *deletedUsers) find(ctx context.Context, l provisioning.Lookup) ([]provisioning.Entry, error) {
	d.await(ctx, d.look())
	d.mu.Lock()
	defer d.mu.Unlock()
	var found []provisioning.Entry
	for _, known := range [][]provisioning.Entry{d.part.entries, d.whole} { // who is in both is found once
		for _, e := range known {
			if meant(l, e) {
				found = append(found, e)
			}
		}
	}
	return found, d.unread()
}

// all returns the deleted users as far as the bin is known, with an error as find's. One
// may be there twice.
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

// look has the reader begin, or go on, where the copy is old. It returns what closes when
// the reader pauses, nil where there is nothing to wait for. A bin that takes long to read
// is not read all the time.
func (d *deletedUsers) look() <-chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.read.IsZero() && d.age() < max(deletedFresh, 2*d.took) {
		return nil
	}
	if d.reading == nil && !d.closed {
		d.reading = make(chan struct{})
		if d.part.err = nil; d.client.config.Now().Sub(d.part.heard) > deletedKept {
			d.part = reading{} // what was read of it is too old
		}
		d.begin()
	}
	return d.reading
}

func (d *deletedUsers) age() time.Duration { return d.client.config.Now().Sub(d.read) }

// await waits for the reader, within its caller's time.
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

// patience is how long a caller waits for the reader: no more than half of its own time.
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

// serves reports whether the whole copy is recent enough. It serves while it is read
// anew, however long that takes.
func (d *deletedUsers) serves() bool {
	return !d.read.IsZero() && d.age() < max(deletedKept, 4*d.took)
}

// unread is the error of a look that does not know the whole bin.
func (d *deletedUsers) unread() error {
	switch {
	case d.serves():
		return nil
	case d.part.err != nil:
		return d.part.err
	}
	return job.RetryAfter(deletedAgain, provisioning.Refuse(provisioning.CodeUnavailable, provisioning.DirectoryUnread))
}

// run reads the bin to its end, or as far as Graph lets it.
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

// continues reports whether a reading that stopped may go on from the same page.
func continues(err error) bool {
	return provisioning.CodeOf(err) == provisioning.CodeUnavailable && !expired(err)
}

// page reads one more, and reports whether there are others behind it.
func (d *deletedUsers) page(ctx context.Context) (more bool, err error) {
	c, request := d.client, d.part.next // which only the reader changes
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

// hurried has a page be asked for at once where people wait for it, which is where no copy
// serves; else after whatever is more urgent to anybody, here and at Graph.
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

// deletedRequest asks for the bin's first page.
func (c *Client) deletedRequest(ctx context.Context) (*abstractions.RequestInformation, error) {
	top := pageSize
	builder := directory.NewDeletedItemsGraphUserRequestBuilderInternal(c.path(), c.adapter)
	return builder.ToGetRequestInformation(ctx, &directory.DeletedItemsGraphUserRequestBuilderGetRequestConfiguration{
		QueryParameters: &directory.DeletedItemsGraphUserRequestBuilderGetQueryParameters{
			Select: append(c.selected(), "deletedDateTime"), Top: &top,
		}})
}

// deletedEntry is a user of the bin under the address it had: while it lies there
// its userPrincipalName begins with its id, without hyphens.
func (c *Client) deletedEntry(u models.Userable) provisioning.Entry {
	e := c.entry(u)
	prefix := strings.ReplaceAll(strings.ToLower(e.ID), "-", "")
	e.Address = provisioning.Address(strings.TrimPrefix(string(e.Address), prefix))
	if e.Deleted.IsZero() {
		e.Deleted = c.config.Now() // in the bin, the time not told
	}
	return e
}

// forget takes a user out of the copy that was restored.
func (d *deletedUsers) forget(id string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	restored := func(e provisioning.Entry) bool { return e.ID == id }
	d.whole = slices.DeleteFunc(d.whole, restored)
	d.part.entries = slices.DeleteFunc(d.part.entries, restored)
}
