package graphfake

import (
	"compress/gzip"
	"context"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

const maxBody = 4 << 20

// call is one Graph request, or an item of a batch.
type call struct {
	app             *App
	revoked         bool // the app's token is revoked
	appID, tenantID string
	method, path    string
	query           url.Values
	header          func(name string) string
	body            []byte
	base            string // https://host/v1.0, for links in answers
	now, arrived    time.Time
	requestID       string
	clientRequestID string
	throttled       bool
	args            []string
}

// operation is one of Graph's operations.
type operation struct {
	name  string
	key   string // method and path, as in permissions.json
	write bool
	cost  int
	run   func(t *Tenant, c *call) answer

	byProperty bool // the permission depends on the properties in the body
}

// units returns the documented cost: one less with $select, one less with a $top below 20, one more
// with $expand, at least one.
func (op *operation) units(c *call) int {
	cost := op.cost
	if c.query.Get("$select") != "" {
		cost--
	}
	if c.query.Get("$expand") != "" {
		cost++
	}
	if top, err := strconv.Atoi(c.query.Get("$top")); err == nil && top < 20 {
		cost--
	}
	return max(1, cost)
}

func (t *Tenant) serveGraph(w http.ResponseWriter, r *http.Request, path string) {
	arrived := t.config.Now()
	t.admission.roundTrip()
	half := t.latency() / 2
	if half > 0 && t.config.Sleep(r.Context(), half) != nil {
		return
	}
	c := &call{
		method: r.Method, path: path, query: r.URL.Query(), header: r.Header.Get,
		base: t.baseURL(r), now: t.config.Now(), arrived: arrived,
		requestID: t.newID(), clientRequestID: r.Header.Get("client-request-id"), tenantID: t.config.TenantID,
	}
	a := t.receive(c, r)
	if half > 0 && t.config.Sleep(r.Context(), half) != nil {
		return
	}
	if c.throttled && !a.reset {
		t.admission.answered(t.config.Now())
	}
	t.write(w, c, a)
}

// receive checks the token, reads the body and performs the request.
func (t *Tenant) receive(c *call, r *http.Request) answer {
	known, f := t.entra.bearer(r.Header.Get("Authorization"), c.now)
	if f != nil {
		return t.refuse(c, f)
	}
	c.app, c.appID, c.revoked = known.app, known.app.ID, known.revoked
	body, f := readBody(r)
	if f != nil {
		return t.refuse(c, f)
	}
	c.body = body
	if c.path == "/$batch" {
		return t.serveBatch(c)
	}
	if len(body) > 0 && !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		return t.refuse(c, &fault{status: http.StatusUnsupportedMediaType, code: "UnsupportedMediaType",
			message: "The request's Content-Type is not supported."})
	}
	return t.perform(c)
}

func readBody(r *http.Request) ([]byte, *fault) {
	unreadable := badRequest("Unable to read the request payload.")
	var source io.Reader = http.MaxBytesReader(nil, r.Body, maxBody)
	if strings.EqualFold(r.Header.Get("Content-Encoding"), "gzip") {
		unzipped, err := gzip.NewReader(source)
		if err != nil {
			return nil, unreadable
		}
		source = io.LimitReader(unzipped, maxBody)
	}
	body, err := io.ReadAll(source)
	if err != nil {
		return nil, unreadable
	}
	return body, nil
}

func (t *Tenant) baseURL(r *http.Request) string { return t.address(r) + "/v1.0" }

// address returns the tenant's address in the request.
func (t *Tenant) address(r *http.Request) string {
	if t.config.PublicURL != "" {
		return strings.TrimSuffix(t.config.PublicURL, "/")
	}
	scheme := "http"
	if r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https" {
		scheme = "https"
	}
	return scheme + "://" + r.Host
}

// perform performs one request: throttle, token, permission, fault before, effect, fault after.
func (t *Tenant) perform(c *call) answer {
	op, args := t.route(c.method, c.path)
	if op == nil {
		return t.refuse(c, badPath(c))
	}
	c.args = args
	headers, f := t.admission.admit(c, op)
	if f != nil {
		a := t.refuse(c, f)
		return a.with(headers)
	}
	if c.revoked {
		a := t.refuse(c, &fault{status: http.StatusUnauthorized, code: "InvalidAuthenticationToken",
			message: "Continuous access evaluation resulted in challenge with result: InteractionRequired and code: TokenCreatedWithOutdatedPolicies"})
		return a.with(map[string]string{"WWW-Authenticate": challenge})
	}
	if !op.byProperty && !t.may(c, op.key) {
		return t.refuse(c, denied()).with(headers)
	}
	planned, broken := t.admission.nextFault(op.name)
	if broken && planned.Break == BreakSlow {
		_ = t.config.Sleep(context.Background(), planned.Delay) // even if the caller cancels
		c.now, broken = t.config.Now(), false
	}
	if broken && !planned.After {
		return t.fail(c, planned)
	}
	a := t.run(c, op)
	if broken {
		return t.fail(c, planned)
	}
	return a.with(headers)
}

func (t *Tenant) run(c *call, op *operation) answer {
	if op.write {
		t.mu.Lock()
		defer t.mu.Unlock()
	} else {
		t.mu.RLock()
		defer t.mu.RUnlock()
	}
	return op.run(t, c)
}

func (a answer) with(headers map[string]string) answer {
	maps.Copy(headers, a.header)
	a.header = headers
	return a
}

func badPath(c *call) *fault {
	segment := c.path
	if parts := strings.Split(strings.Trim(c.path, "/"), "/"); len(parts) > 0 {
		segment = parts[len(parts)-1]
	}
	return &fault{status: http.StatusBadRequest, code: "BadRequest",
		message: "Resource not found for the segment '" + segment + "'."}
}
