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
)

// usersOf reads a list of users to its end, or as far as pages goes, each as of when Graph
// says.
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

// follow replaces a request's address by that of a next link. Only its path and
// query count: whatever host it names, the request goes to ours.
func (c *Client) follow(info *abstractions.RequestInformation, link string) error {
	u, err := url.Parse(link)
	if err != nil {
		return unavailable(fmt.Errorf("next link: %w", err))
	}
	u.Scheme, u.Host, u.User = c.base.Scheme, c.base.Host, nil
	info.SetUri(*u)
	return nil
}

// Users yields every user of the tenant, a page of 999 in memory at a time, for
// reconciling; those in the recycle bin are not among them. It waits for its turn
// as every call does, and ends at the first error that does not pass: then not all
// were seen.
func (c *Client) Users(ctx context.Context) iter.Seq2[provisioning.Entry, error] {
	return func(yield func(provisioning.Entry, error) bool) {
		top := pageSize
		info, err := c.users().ToGetRequestInformation(ctx, &users.UsersRequestBuilderGetRequestConfiguration{
			QueryParameters: &users.UsersRequestBuilderGetQueryParameters{Select: c.selected(), Top: &top},
		})
		if err != nil {
			err = fmt.Errorf("graph: build request: %w", err)
		}
		patience := 1 // a wrong secret shows at once
		for more := err == nil; more; {
			var page models.UserCollectionResponseable
			if page, err = c.page(ctx, info, readUser, patience); err != nil {
				break
			}
			patience = pageTries
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

// How often a page is asked for while Graph is away, and the pause where it says
// none: a reading of minutes is not begun again for a throttle or a hiccup.
const (
	pageTries = 10
	pagePause = 15 * time.Second
)

// page asks for one, and again when Graph says when, or up to so many times.
func (c *Client) page(ctx context.Context, info *abstractions.RequestInformation, k kind, tries int) (models.UserCollectionResponseable, error) {
	for try := 1; ; try++ {
		r, err := c.ask(ctx, info, nil, k)
		if err == nil {
			return decode[models.UserCollectionResponseable](c, r, models.CreateUserCollectionResponseFromDiscriminatorValue)
		}
		pause, told := job.RetryDelay(err)
		if !told {
			pause = pagePause
		}
		lost := provisioning.CodeOf(err) != provisioning.CodeUnavailable || job.IsPermanent(err) || expired(err)
		if lost || !told && try >= tries || try >= pageTries {
			return nil, err
		}
		if !c.wait(ctx, pause) {
			return nil, err
		}
	}
}

// expired reports that the list is to be read from its beginning.
func expired(err error) bool { return strings.Contains(err.Error(), "Directory_ExpiredPageToken") }
