package graphfake

import (
	"encoding/base64"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// listing is a parsed query over users.
type listing struct {
	filter   *expr
	selected []string
	top      int
	from     int // index of the page's first row in the result
	count    bool
	advanced bool
	deleted  bool
	orderBy  string
}

func (t *Tenant) parseListing(c *call, deleted bool) (*listing, *fault) {
	l := &listing{deleted: deleted, top: 100, count: c.query.Get("$count") == "true"}
	for name := range c.query {
		if strings.HasPrefix(name, "$") && !knownOption(name) {
			return nil, badRequest("The query parameter '" + name + "' is not supported.")
		}
	}
	eventual := strings.EqualFold(c.header("ConsistencyLevel"), "eventual")
	if l.count && !eventual {
		return nil, badRequest("$count is not currently supported without the ConsistencyLevel:eventual header.")
	}
	l.advanced = eventual && l.count
	if c.query.Get("$search") != "" || c.query.Get("$expand") != "" {
		return nil, unsupported("$search and $expand are not supported here.")
	}
	for _, step := range []func(*call, *listing) *fault{t.parseSelect, t.parseTop, t.parseFilterOption, t.parseOrder} {
		if f := step(c, l); f != nil {
			return nil, f
		}
	}
	return l, nil
}

func knownOption(name string) bool {
	switch name {
	case "$filter", "$select", "$top", "$count", "$skiptoken", "$orderby", "$search", "$expand", "$format":
		return true
	}
	return false
}

func (t *Tenant) parseSelect(c *call, l *listing) *fault {
	l.selected = defaultProperties()
	option := c.query.Get("$select")
	if option == "" {
		return nil
	}
	l.selected = nil
	for name := range strings.SplitSeq(option, ",") {
		name, _, _ = strings.Cut(strings.TrimSpace(name), "/")
		if _, known := t.schema.types["user"].props[name]; !known {
			return badRequest("Parsing OData Select and Expand failed: Could not find a property named '" + name + "' on type 'microsoft.graph.user'.")
		}
		if name == "signInActivity" && !t.mayAccess(c, "GET /users/{id}", name) {
			return denied()
		}
		l.selected = append(l.selected, name)
	}
	return nil
}

func (t *Tenant) parseTop(c *call, l *listing) *fault {
	if option := c.query.Get("$top"); option != "" {
		n, err := strconv.Atoi(option)
		if err != nil || n < 1 || n > 999 {
			return badRequest("Invalid page size specified: '" + option + "'. Must be between 1 and 999 inclusive.")
		}
		l.top = n
	}
	token := c.query.Get("$skiptoken")
	if token == "" {
		return nil
	}
	plain, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		return badRequest("Invalid skip token.")
	}
	if _, err := fmt.Sscanf(string(plain), "page:%d", &l.from); err != nil {
		return badRequest("Invalid skip token.")
	}
	return nil
}

func (t *Tenant) parseFilterOption(c *call, l *listing) *fault {
	option := c.query.Get("$filter")
	if option == "" {
		return nil
	}
	filter, f := parseFilter(option)
	if f == nil {
		f = filter.checkQuery(t.schema, l.advanced)
	}
	l.filter = filter
	return f
}

func (t *Tenant) parseOrder(c *call, l *listing) *fault {
	l.orderBy = c.query.Get("$orderby")
	if l.orderBy == "" {
		return nil
	}
	name, _, _ := strings.Cut(l.orderBy, " ")
	if name != "displayName" && name != "userPrincipalName" && !(l.deleted && name == "deletedDateTime") {
		return unsupported("Sort not supported by property '" + name + "'.")
	}
	if l.filter != nil && !l.advanced {
		return unsupported("Sorting not supported for current query. Try adding $count=true to the query parameters and the ConsistencyLevel:eventual header.")
	}
	return nil
}

func (t *Tenant) listUsers(c *call) answer   { return t.list(c, false) }
func (t *Tenant) listDeleted(c *call) answer { return t.list(c, true) }

func (t *Tenant) list(c *call, deleted bool) answer {
	l, f := t.parseListing(c, deleted)
	if f != nil {
		return t.refuse(c, f)
	}
	seen := t.queryView(c.now, l.advanced)
	rows, total, more := t.collect(l, seen)
	values := make([]any, 0, len(rows))
	for _, row := range rows {
		values = append(values, t.schema.show(row.u, row.v, l.selected))
	}
	body := map[string]any{"value": values}
	if l.count {
		body["@odata.count"] = total
	}
	if more {
		body["@odata.nextLink"] = nextLink(c, l.from+len(rows))
	}
	return ok(t.withContext(c, "users", body))
}

type row struct {
	u *user
	v *version
}

// collect returns the page, the number of rows in all, and whether more follow. It uses the index if
// the filter allows it.
func (t *Tenant) collect(l *listing, seen view) (page []row, total int, more bool) {
	users := t.order
	if l.filter != nil {
		if found, complete := l.filter.candidates(t); complete {
			users = unique(found)
		}
	}
	if l.orderBy != "" {
		return t.collectSorted(l, seen, users)
	}
	for _, u := range users {
		v := u.seen(seen.horizon)
		if !l.includes(u, v) {
			continue
		}
		if total >= l.from && len(page) < l.top {
			page = append(page, row{u, v})
		} else if total >= l.from {
			more = true
			if !l.count {
				break
			}
		}
		total++
	}
	return page, total, more
}

func (t *Tenant) collectSorted(l *listing, seen view, users []*user) ([]row, int, bool) {
	var all []row
	for _, u := range users {
		if v := u.seen(seen.horizon); l.includes(u, v) {
			all = append(all, row{u, v})
		}
	}
	name, direction, _ := strings.Cut(l.orderBy, " ")
	slices.SortStableFunc(all, func(a, b row) int {
		order := strings.Compare(fold(text(a.v.props, name)), fold(text(b.v.props, name)))
		if direction == "desc" {
			return -order
		}
		return order
	})
	end := min(len(all), l.from+l.top)
	return all[min(l.from, end):end], len(all), end < len(all)
}

func (l *listing) includes(u *user, v *version) bool {
	if v == nil || v.purged || v.deleted != l.deleted {
		return false
	}
	return l.filter == nil || l.filter.match(u, v)
}

func unique(users []*user) []*user {
	seen := make(map[*user]bool, len(users))
	var out []*user
	for _, u := range users {
		if !seen[u] {
			seen[u] = true
			out = append(out, u)
		}
	}
	return out
}

func nextLink(c *call, from int) string {
	query := maps.Clone(c.query)
	query.Set("$skiptoken", base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "page:%d", from)))
	return c.base + c.path + "?" + query.Encode()
}

func (t *Tenant) countUsers(c *call) answer   { return t.count(c, false) }
func (t *Tenant) countDeleted(c *call) answer { return t.count(c, true) }

func (t *Tenant) count(c *call, deleted bool) answer {
	if !strings.EqualFold(c.header("ConsistencyLevel"), "eventual") {
		return t.refuse(c, badRequest("$count is not currently supported without the ConsistencyLevel:eventual header."))
	}
	c.query.Set("$count", "true")
	l, f := t.parseListing(c, deleted)
	if f != nil {
		return t.refuse(c, f)
	}
	_, total, _ := t.collect(l, t.pickView(c.now, true))
	return answer{status: 200, kind: "text/plain", raw: strconv.Itoa(total), body: total}
}

func (t *Tenant) getUser(c *call) answer {
	l := &listing{}
	if f := t.parseSelect(c, l); f != nil {
		return t.refuse(c, f)
	}
	u, v := t.find(c, c.args[0])
	if u == nil {
		return t.refuse(c, notFound(c.args[0]))
	}
	return ok(t.withContext(c, "users/$entity", t.schema.show(u, v, l.selected)))
}

func (t *Tenant) getDeleted(c *call) answer {
	u := t.users[fold(c.args[0])]
	if u == nil {
		return t.refuse(c, notFound(c.args[0]))
	}
	v := u.seen(t.pickView(c.now, false).horizon)
	if v == nil || !v.deleted || v.purged {
		return t.refuse(c, notFound(c.args[0]))
	}
	body := t.schema.show(u, v, append([]string{"deletedDateTime"}, defaultProperties()...))
	body["@odata.type"] = "#microsoft.graph.user"
	return ok(t.withContext(c, "directoryObjects/$entity", body))
}

func (t *Tenant) listDomains(c *call) answer {
	list := []any{}
	for i, name := range t.config.Domains {
		list = append(list, map[string]any{"id": name, "authenticationType": "Managed", "isAdminManaged": true,
			"isDefault": i == 0, "isInitial": i == 0, "isRoot": true, "isVerified": true,
			"supportedServices": []any{"Email", "OfficeCommunicationsOnline"}, "passwordValidityPeriodInDays": 2147483647})
	}
	return ok(t.withContext(c, "domains", map[string]any{"value": list}))
}

func (t *Tenant) listOrganization(c *call) answer {
	domains := []any{}
	for i, name := range t.config.Domains {
		domains = append(domains, map[string]any{"name": name, "isDefault": i == 0, "isInitial": i == 0, "type": "Managed", "capabilities": "Email"})
	}
	return ok(t.withContext(c, "organization", map[string]any{"value": []any{map[string]any{
		"id": t.config.TenantID, "displayName": "SEDU (fake)", "countryLetterCode": "MX", "verifiedDomains": domains}}}))
}

func (t *Tenant) withContext(c *call, of string, body map[string]any) map[string]any {
	body["@odata.context"] = c.base + "/$metadata#" + of
	return body
}
