package graph

import (
	"context"
	"fmt"
	"iter"
	"net/url"
	"strings"
	"time"

	abstractions "github.com/microsoft/kiota-abstractions-go"
	"github.com/microsoftgraph/msgraph-sdk-go/models"
	"github.com/microsoftgraph/msgraph-sdk-go/users"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// usersOf reads a list of users, at most so many pages. AsOf is the time of the page's answer by
// Graph's clock.
func (c *Client) usersOf(ctx context.Context, info *abstractions.RequestInformation, err error, k kind, pages int) ([]provisioning.Entry, error) {
	var all []provisioning.Entry
	for range pages {
		r, err := c.ask(ctx, info, err, k)
		if err != nil {
			return nil, err
		}
		page, err := decode[models.UserCollectionResponseable](c, r, models.CreateUserCollectionResponseFromDiscriminatorValue)
		if err != nil {
			return nil, err
		}
		for _, u := range page.GetValue() {
			e := c.entry(u)
			e.AsOf = r.at
			all = append(all, e)
		}
		next := value(page.GetOdataNextLink())
		if next == "" {
			break
		}
		if err := c.follow(info, next); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// follow sets a request's URL to a next link. Only path and query are taken from the link: the
// request always goes to the configured host.
func (c *Client) follow(info *abstractions.RequestInformation, link string) error {
	u, err := url.Parse(link)
	if err != nil {
		return unavailable(fmt.Errorf("next link: %w", err))
	}
	u.Scheme, u.Host, u.User = c.base.Scheme, c.base.Host, nil
	info.SetUri(*u)
	return nil
}

// Users yields every user of the tenant except those in the recycle bin, for reconciling. It
// holds one page of 999 in memory. Requests are queued like all others. It ends after yielding
// the first error that retries do not overcome: then not all users were yielded.
func (c *Client) Users(ctx context.Context) iter.Seq2[provisioning.Entry, error] {
	return func(yield func(provisioning.Entry, error) bool) {
		top := pageSize
		info, err := c.users().ToGetRequestInformation(ctx, &users.UsersRequestBuilderGetRequestConfiguration{
			QueryParameters: &users.UsersRequestBuilderGetQueryParameters{Select: c.selected(), Top: &top},
		})
		if err != nil {
			err = fmt.Errorf("graph: build request: %w", err)
		}
		tries := 1 // no retries of the first page: a wrong secret is reported at once
		for more := err == nil; more; {
			var page models.UserCollectionResponseable
			if page, err = c.page(ctx, info, readUser, tries); err != nil {
				break
			}
			tries = pageTries
			for _, u := range page.GetValue() {
				if !yield(c.entry(u), nil) {
					return
				}
			}
			next := value(page.GetOdataNextLink())
			if more = next != ""; more {
				err = c.follow(info, next)
				more = err == nil
			}
		}
		if err != nil {
			yield(provisioning.Entry{}, fmt.Errorf("read all users: %w", err))
		}
	}
}

// Retries of a page, so that a reading of minutes does not start again after a throttled or
// failed request.
const (
	pageTries = 10
	pagePause = 15 * time.Second // if Graph gives no Retry-After
)

// page reads one page. It retries while Graph is unavailable, up to pageTries times after a
// Retry-After, otherwise up to tries times.
func (c *Client) page(ctx context.Context, info *abstractions.RequestInformation, k kind, tries int) (models.UserCollectionResponseable, error) {
	for try := 1; ; try++ {
		r, err := c.ask(ctx, info, nil, k)
		if err == nil {
			return decode[models.UserCollectionResponseable](c, r, models.CreateUserCollectionResponseFromDiscriminatorValue)
		}
		pause, stated := job.RetryDelay(err)
		if !stated {
			pause = pagePause
		}
		lost := problem.CodeOf(err) != problem.CodeUnavailable || job.IsPermanent(err) || expired(err)
		if lost || !stated && try >= tries || try >= pageTries {
			return nil, err
		}
		if !c.wait(ctx, pause) {
			return nil, err
		}
	}
}

// expired reports whether the list must be read again from its first page.
func expired(err error) bool { return strings.Contains(err.Error(), "Directory_ExpiredPageToken") }
