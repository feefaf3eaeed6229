package graph

import (
	"context"
	"strings"
	"unicode/utf8"

	abstractions "github.com/microsoft/kiota-abstractions-go"
	"github.com/microsoftgraph/msgraph-sdk-go/users"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// Find queries everything that a Lookup names in one request, so that a line of a list costs one
// batch item, and searches the copy of the recycle bin. A stamp in an extension attribute needs
// a second request, with advanced query parameters. If the bin was not read yet, the entries
// found are returned together with DirectoryUnread.
func (c *Client) Find(ctx context.Context, l provisioning.Lookup) ([]provisioning.Entry, error) {
	plain, advanced := c.clauses(l)
	if len(plain)+len(advanced) == 0 {
		return nil, nil
	}
	c.deleted.refresh() // starts the reader, to run during the query
	found := map[string]bool{}
	var entries []provisioning.Entry
	collect := func(more []provisioning.Entry) {
		for _, e := range more {
			if !found[e.ID] {
				found[e.ID] = true
				entries = append(entries, e)
			}
		}
	}
	for _, query := range []struct {
		clauses  []string
		advanced bool
	}{{plain, false}, {advanced, true}} {
		more, err := c.search(ctx, query.clauses, query.advanced)
		if err != nil {
			return nil, err
		}
		collect(more)
	}
	deleted, err := c.deleted.find(ctx, l)
	if err != nil && problem.ReasonOf(err) != provisioning.DirectoryUnread {
		return nil, err
	}
	collect(deleted)
	return entries, err
}

// clauses returns the filter clauses of a look-up, for a default and an advanced query.
func (c *Client) clauses(l provisioning.Lookup) (plain, advanced []string) {
	if l.Stamp != "" {
		filter, needsAdvanced := c.stampFilter(l.Stamp)
		if needsAdvanced {
			advanced = append(advanced, filter)
		} else {
			plain = append(plain, filter)
		}
	}
	if a := string(l.Address); a != "" {
		plain = append(plain,
			equal("userPrincipalName", a), equal("mailNickname", l.Address.Local()), equal("mail", a),
			"proxyAddresses/any(p:p eq "+quote("smtp:"+a)+")")
	}
	for _, name := range l.Names {
		if utf8.RuneCountInString(name) <= maxMatch { // a longer name cannot be queried
			plain = append(plain, equal("displayName", name))
		}
	}
	return plain, advanced
}

// maxMatch is the maximum length, in characters, of a value in a default query: Graph refuses
// the whole filter for a longer one. Addresses are shorter.
// https://learn.microsoft.com/graph/known-issues#some-limitations-apply-to-query-parameters
const maxMatch = 120

func equal(property, text string) string { return property + " eq " + quote(text) }

// quote returns text as an OData string literal: in apostrophes, with apostrophes doubled.
func quote(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

const (
	pageSize  = int32(999) // Graph's maximum
	findPages = 5          // of users with the same name
)

// search returns the users that match any of the clauses. If Graph requires the advanced query
// parameters, the query is repeated with them, and all later ones use them.
func (c *Client) search(ctx context.Context, clauses []string, advanced bool) ([]provisioning.Entry, error) {
	if len(clauses) == 0 {
		return nil, nil
	}
	filter := strings.Join(clauses, " or ")
	advanced = advanced || c.advanced.Load()
	entries, err := c.query(ctx, filter, advanced)
	if err != nil && !advanced && unsupported(err) {
		c.advanced.Store(true)
		return c.query(ctx, filter, true)
	}
	return entries, err
}

// unsupported reports Request_UnsupportedQuery, "Try adding $count=true …".
func unsupported(err error) bool {
	return problem.ReasonOf(err) == provisioning.DirectoryRefused && strings.Contains(err.Error(), "Request_UnsupportedQuery")
}

func (c *Client) query(ctx context.Context, filter string, advanced bool) ([]provisioning.Entry, error) {
	top := pageSize
	parameters := &users.UsersRequestBuilderGetQueryParameters{Filter: &filter, Select: c.selected(), Top: &top}
	options := &users.UsersRequestBuilderGetRequestConfiguration{QueryParameters: parameters}
	if advanced {
		count := true
		parameters.Count = &count
		options.Headers = abstractions.NewRequestHeaders()
		options.Headers.Add("ConsistencyLevel", "eventual")
	}
	info, err := c.users().ToGetRequestInformation(ctx, options)
	return c.usersOf(ctx, info, err, readUser, findPages)
}

func (c *Client) users() *users.UsersRequestBuilder {
	return users.NewUsersRequestBuilderInternal(c.path(), c.adapter)
}

func (c *Client) path() map[string]string { return map[string]string{"baseurl": c.config.URL} }
