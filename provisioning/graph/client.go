package graph

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	abstractions "github.com/microsoft/kiota-abstractions-go"
	"github.com/microsoft/kiota-abstractions-go/serialization"
	azureauth "github.com/microsoft/kiota-authentication-azure-go"
	jsonserialization "github.com/microsoft/kiota-serialization-json-go"
	core "github.com/microsoftgraph/msgraph-sdk-go-core"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// Client implements provisioning's directory interfaces with Microsoft Graph. Close it when done.
type Client struct {
	config     Config
	base       *url.URL
	http       *http.Client
	credential *credential
	adapter    abstractions.RequestAdapter
	parser     serialization.ParseNodeFactory
	batcher    *batcher
	deleted    *deletedUsers

	advanced  atomic.Bool // this tenant's look-ups need the advanced query parameters
	noSignIns atomic.Bool // the app may not read signInActivity
}

var (
	_ provisioning.Directory   = (*Client)(nil)
	_ provisioning.Credentials = (*Client)(nil)
	_ provisioning.Custody     = (*Client)(nil)
	_ provisioning.Stock       = (*Client)(nil)
	_ provisioning.Membership  = (*Client)(nil)
)

// New validates the Config and returns a client; it makes no network request.
func New(config Config) (*Client, error) {
	config, err := config.withDefaults()
	if err != nil {
		return nil, err
	}
	c := &Client{config: config, parser: jsonserialization.NewJsonParseNodeFactory()}
	if c.base, err = url.Parse(config.URL); err != nil {
		return nil, fmt.Errorf("graph: url: %w", err)
	}
	if c.credential, err = newCredential(config); err != nil {
		return nil, err
	}
	c.http = withoutRedirects(config.Transport, 0) // each request has a context with a timeout
	if c.adapter, err = c.newAdapter(); err != nil {
		return nil, err
	}
	c.deleted = newDeletedUsers(c)
	pausedUntil, err := config.savedPause()
	if err != nil {
		return nil, fmt.Errorf("graph: read until when to be silent: %w", err)
	}
	c.batcher = newBatcher(c, pausedUntil)
	return c, nil
}

// newAdapter returns the SDK's adapter, which builds requests and adds the token, for Graph's
// host only. Requests are sent by Client.http, because the SDK's pipeline would retry them
// outside the batcher's control.
func (c *Client) newAdapter() (abstractions.RequestAdapter, error) {
	auth, err := azureauth.NewAzureIdentityAuthenticationProviderWithScopesAndValidHosts(
		c.credential, []string{scopeOf(c.base)}, []string{c.base.Hostname()})
	if err != nil {
		return nil, fmt.Errorf("graph: authentication: %w", err)
	}
	adapter, err := core.NewGraphRequestAdapterBaseWithParseNodeFactoryAndSerializationWriterFactoryAndHttpClient(
		auth, core.GraphClientOptions{}, c.parser, jsonserialization.NewJsonSerializationWriterFactory(), c.http)
	if err != nil {
		return nil, fmt.Errorf("graph: adapter: %w", err)
	}
	adapter.SetBaseUrl(c.config.URL)
	return adapter, nil
}

// Close waits a short time for the outstanding batches; all other calls return
// DirectoryUnavailable or DirectoryThrottled.
func (c *Client) Close() error {
	c.deleted.close()
	c.batcher.close()
	c.http.CloseIdleConnections()
	return nil
}

// kind determines a request's cost, and whether it may be repeated if its answer was lost.
type kind int

const (
	readUser   kind = iota // with $select
	readGroups             // checkMemberGroups of a user
	readOther
	writeOnce
	writeIdempotent
)

func (k kind) writes() bool     { return k == writeOnce || k == writeIdempotent }
func (k kind) repeatable() bool { return k != writeOnce }

// units returns the request's cost in resource units: a user costs 2, $select saves one;
// readOther is the highest of the others, subscribedSkus.
// https://learn.microsoft.com/graph/throttling-limits#limits-in-resource-units
func (k kind) units() int {
	switch k {
	case readGroups:
		return 4
	case readOther:
		return 3
	default:
		return 1
	}
}

// pauses returns the pauses before a repeatable request is sent again.
func pauses() []time.Duration { return []time.Duration{300 * time.Millisecond, time.Second} }

// ask sends a request of an SDK builder (info, err) and returns Graph's answer, with errors
// translated to provisioning's. A repeatable request whose answer was lost is repeated.
func (c *Client) ask(ctx context.Context, info *abstractions.RequestInformation, err error, k kind) (*result, error) {
	if err != nil {
		return nil, fmt.Errorf("graph: build request: %w", err)
	}
	for _, pause := range pauses() {
		r, err := c.once(ctx, info, k)
		_, stated := job.RetryDelay(err)
		if !k.repeatable() || stated || problem.ReasonOf(err) != provisioning.DirectoryUnavailable {
			return r, err
		}
		if !c.wait(ctx, pause) {
			return nil, err
		}
	}
	return c.once(ctx, info, k)
}

func (c *Client) once(ctx context.Context, info *abstractions.RequestInformation, k kind) (*result, error) {
	request, err := c.toCall(info, k)
	if err != nil {
		return nil, err
	}
	r, err := c.batcher.do(ctx, request)
	if err != nil {
		return nil, err
	}
	return r, answerError(r, request.body)
}

// wait waits for d; false if ctx ended first.
func (c *Client) wait(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-c.config.After(d):
		return true
	}
}

// documentedURL returns a replacer that rewrites the SDK's URLs as in Microsoft's documentation: $filter for %24filter, and a
// type cast with its full name.
func documentedURL() *strings.Replacer {
	return strings.NewReplacer("?%24", "?$", "&%24", "&$", "/deletedItems/graph.user", "/deletedItems/microsoft.graph.user")
}

// toCall converts the SDK's request to a batch item, with its URL relative to the version.
func (c *Client) toCall(info *abstractions.RequestInformation, k kind) (*call, error) {
	info.PathParameters["baseurl"] = c.config.URL
	uri, err := info.GetUri()
	if err != nil {
		return nil, fmt.Errorf("graph: address: %w", err)
	}
	relative, isOurs := strings.CutPrefix(uri.String(), c.config.URL)
	if !isOurs {
		return nil, errors.New("graph: the address is not below the configured URL")
	}
	request := &call{
		method: info.Method.String(), body: info.Content, write: k.writes(), units: k.units(),
		url: documentedURL().Replace(relative),
	}
	for _, name := range []string{"ConsistencyLevel", "x-ms-throttle-priority"} {
		if values := info.Headers.Get(name); len(values) > 0 {
			request.header = map[string]string{name: values[0]} // no request needs both
		}
	}
	if request.method != http.MethodGet && request.method != http.MethodDelete {
		request.header = map[string]string{"Content-Type": "application/json"}
		if len(request.body) == 0 {
			request.body = []byte("{}") // Graph refuses the whole batch for an item without a body
		}
	}
	return request, nil
}

// decode parses an answer with the SDK's model. It returns DirectoryUnavailable for an answer
// that is no such object, because the effect is unknown then.
func decode[T serialization.Parsable](c *Client, r *result, factory serialization.ParsableFactory) (T, error) {
	var none T
	if !json.Valid(r.body) || len(r.body) == 0 || r.body[0] != '{' {
		return none, unavailable(fmt.Errorf("graph answered %d without an object (request %s)", r.status, r.requestID))
	}
	node, err := c.parser.GetRootParseNode("application/json", r.body)
	if err != nil {
		return none, unavailable(fmt.Errorf("read graph's answer (request %s): %w", r.requestID, err))
	}
	object, err := node.GetObjectValue(factory)
	if err != nil {
		return none, unavailable(fmt.Errorf("read graph's answer (request %s): %w", r.requestID, err))
	}
	typed, isTyped := object.(T)
	if !isTyped {
		return none, unavailable(fmt.Errorf("graph answered with another type (request %s)", r.requestID))
	}
	return typed, nil
}
