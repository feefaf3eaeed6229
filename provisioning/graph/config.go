package graph

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// Config says which tenant, as whom, and how patiently.
type Config struct {
	URL          string // https://graph.microsoft.com/v1.0; plain http only on loopback
	Authority    string // https://login.microsoftonline.com; on any other host instance discovery is off
	TenantID     string
	ClientID     string
	ClientSecret Secret

	// StampProperty holds the stamp: employeeId (default) or extensionAttribute1–15.
	StampProperty string

	Limits   Limits        // zero: what Microsoft documents
	Patience time.Duration // how long a call may wait for its turn before it comes back; default 10 s
	Timeout  time.Duration // of one HTTP request; default 45 s

	DeletedWithin time.Duration // how long a Find waits for the first reading of the recycle bin; default 2 s

	Throttle  Throttle          // outlives the process; nil: a Retry-After is forgotten with it
	Log       *slog.Logger      // default: discards
	Transport http.RoundTripper // of Graph and Entra alike; default: net/http's with its own pool

	Now   func() time.Time                     // default time.Now
	After func(time.Duration) <-chan time.Time // default time.After
}

// Secret is text that never shows itself: printed, logged or marshalled it is "[redacted]".
type Secret string

// String returns "[redacted]".
func (Secret) String() string { return "[redacted]" }

// GoString returns "[redacted]".
func (Secret) GoString() string { return "[redacted]" }

// MarshalText returns "[redacted]", for JSON and structured logs.
func (Secret) MarshalText() ([]byte, error) { return []byte("[redacted]"), nil }

// Throttle keeps until when Graph asked to be left alone (Retry-After), so that a
// process which is killed and started again still knows.
type Throttle interface {
	Load(ctx context.Context) (until time.Time, err error) // zero where nothing was kept
	Save(ctx context.Context, until time.Time) error
}

// The public cloud, as Microsoft documents it.
const (
	DefaultURL       = "https://graph.microsoft.com/v1.0"
	DefaultAuthority = "https://login.microsoftonline.com"
)

const (
	defaultPatience = 10 * time.Second
	defaultTimeout  = 45 * time.Second
)

var stampProperty = regexp.MustCompile(`^(employeeId|extensionAttribute([1-9]|1[0-5]))$`)

// withDefaults fills what was left out and says everything that is wrong.
func (c Config) withDefaults() (Config, error) {
	c.URL = strings.TrimRight(cmp.Or(c.URL, DefaultURL), "/")
	c.Authority = strings.TrimRight(cmp.Or(c.Authority, DefaultAuthority), "/")
	c.StampProperty = cmp.Or(c.StampProperty, "employeeId")
	if c.Limits == (Limits{}) {
		c.Limits = DocumentedLimits()
	}
	if c.Patience <= 0 {
		c.Patience = defaultPatience
	}
	if c.Timeout <= 0 {
		c.Timeout = defaultTimeout
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.DeletedWithin == 0 {
		c.DeletedWithin = 2 * time.Second
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.After == nil {
		c.After = time.After
	}
	if c.Transport == nil {
		c.Transport = defaultTransport()
	}
	return c, c.validate()
}

// longestKept is the longest silence that is believed of the process before. Graph
// asks for minutes: more is a clock that was wrong then and is right now. Where Graph
// did mean it, the first call is told so again.
const longestKept = time.Hour

// silent returns until when Graph asked the process before to be left alone.
func (c Config) silent() (time.Time, error) {
	if c.Throttle == nil {
		return time.Time{}, nil
	}
	until, err := c.Throttle.Load(context.Background())
	if err != nil || until.Sub(c.Now()) > longestKept {
		return time.Time{}, err
	}
	return until, nil
}

func (c Config) validate() error {
	faults := []error{
		checkAddress("url", "GRAPH_URL", c.URL),
		checkAddress("authority", "ENTRA_AUTHORITY_URL", c.Authority),
	}
	for _, required := range []struct{ what, variable, value string }{
		{"tenant id", "AZURE_TENANT_ID", c.TenantID},
		{"client id", "AZURE_CLIENT_ID", c.ClientID},
		{"client secret", "AZURE_CLIENT_SECRET", string(c.ClientSecret)},
	} {
		if required.value == "" {
			faults = append(faults, fmt.Errorf("graph: %s required (%s)", required.what, required.variable))
		}
	}
	if !stampProperty.MatchString(c.StampProperty) {
		faults = append(faults, fmt.Errorf("graph: stamp property %q is neither employeeId nor extensionAttribute1–15", c.StampProperty))
	}
	return errors.Join(faults...)
}

// checkAddress wants https, or http on this very machine.
func checkAddress(what, variable, raw string) error {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.RawQuery != "" {
		return fmt.Errorf("graph: %s %q is not an address (%s)", what, raw, variable)
	}
	if u.Scheme == "https" || u.Scheme == "http" && loopback(u.Hostname()) {
		return nil
	}
	return fmt.Errorf("graph: %s %q must be https; plain http only on loopback (%s)", what, raw, variable)
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func defaultTransport() *http.Transport {
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		ForceAttemptHTTP2:     true,
		MaxIdleConnsPerHost:   2 * maxFlying,
		IdleConnTimeout:       90 * time.Second,
		TLSHandshakeTimeout:   10 * time.Second,
		ExpectContinueTimeout: time.Second,
		// A connection that was lost without a word is given up, and so within Timeout,
		// not when TCP does, a quarter of an hour later.
		HTTP2: &http.HTTP2Config{SendPingTimeout: 10 * time.Second, PingTimeout: 10 * time.Second},
	}
}
