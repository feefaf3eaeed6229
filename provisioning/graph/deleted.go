package graph

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/microsoftgraph/msgraph-sdk-go/directory"
	"github.com/microsoftgraph/msgraph-sdk-go/models"

	"seducoahuila.gob.mx/altas/provisioning"
)

// deletedUsers is a copy of the recycle bin, /directory/deletedItems: the users deleted in the last 30 days. It is
// read whole and kept for a minute, so that a list of thousands does not ask for
// each line. Deleted in that minute is as good as deleted right after the look.
type deletedUsers struct {
	client *Client

	turn    chan struct{} // holds one token: whose turn it is to look
	read    time.Time
	entries []provisioning.Entry
}

const (
	deletedFresh = time.Minute
	deletedPages = 200 // some 200,000 deleted users
)

func newDeletedUsers(c *Client) *deletedUsers {
	d := &deletedUsers{client: c, turn: make(chan struct{}, 1)}
	d.turn <- struct{}{}
	return d
}

// find returns the deleted users that a Lookup means.
func (d *deletedUsers) find(ctx context.Context, l provisioning.Lookup) ([]provisioning.Entry, error) {
	all, err := d.all(ctx)
	if err != nil {
		return nil, err
	}
	var found []provisioning.Entry
	for _, e := range all {
		if meant(l, e) {
			found = append(found, e)
		}
	}
	return found, nil
}

func meant(l provisioning.Lookup, e provisioning.Entry) bool {
	return l.Stamp != "" && e.Stamp == l.Stamp ||
		l.Address != "" && (e.Has(l.Address) || e.Nickname == l.Address.Local()) ||
		slices.ContainsFunc(l.Names, func(name string) bool { return strings.EqualFold(e.DisplayName, name) })
}

// all reads the bin where the copy is old; the others wait for the one who reads.
func (d *deletedUsers) all(ctx context.Context) ([]provisioning.Entry, error) {
	select {
	case <-d.turn:
		defer func() { d.turn <- struct{}{} }()
	case <-ctx.Done():
		return nil, unavailable(ctx.Err())
	}
	now := d.client.config.Now()
	if !d.read.IsZero() && now.Sub(d.read) < deletedFresh {
		return d.entries, nil
	}
	entries, err := d.fetch(ctx)
	if err != nil {
		return nil, err
	}
	d.entries, d.read = entries, now
	return entries, nil
}

func (d *deletedUsers) fetch(ctx context.Context) ([]provisioning.Entry, error) {
	c, top := d.client, pageSize
	builder := directory.NewDeletedItemsGraphUserRequestBuilderInternal(c.path(), c.adapter)
	info, err := builder.ToGetRequestInformation(ctx, &directory.DeletedItemsGraphUserRequestBuilderGetRequestConfiguration{
		QueryParameters: &directory.DeletedItemsGraphUserRequestBuilderGetQueryParameters{
			Select: append(c.selected(), "deletedDateTime"), Top: &top,
		}})
	list, err := c.usersOf(ctx, info, err, readOther, deletedPages)
	if err != nil {
		return nil, err
	}
	entries := make([]provisioning.Entry, 0, len(list))
	for _, u := range list {
		entries = append(entries, c.deletedEntry(u))
	}
	return entries, nil
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

// forget makes the next look read the bin anew.
func (d *deletedUsers) forget() {
	<-d.turn
	d.read = time.Time{}
	d.turn <- struct{}{}
}
