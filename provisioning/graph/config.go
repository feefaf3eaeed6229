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

// Config names the tenant, the app registration, and the limits of calls.
type Config struct {
	URL          string // default https://graph.microsoft.com/v1.0; plain http only on loopback
	Authority    string // default https://login.microsoftonline.com; instance discovery is off for hosts unknown to Microsoft
	TenantID     string
	ClientID     string
	ClientSecret Secret

	// StampProperty holds the stamp: employeeId (default) or extensionAttribute1–15.
	StampProperty string

	Limits   Limits        // zero: DocumentedLimits
	Patience time.Duration // the longest queueing time before a call returns with a retry time; default 10 s
	Timeout  time.Duration // of one HTTP request; default 45 s

	DeletedWithin time.Duration // how long Find waits for the first reading of the recycle bin; default 2 s

	Throttle  Throttle          // stores a Retry-After across restarts; nil: it is not stored
	Log       *slog.Logger      // default: discards
	Transport http.RoundTripper // for Graph and Entra; default: an http.Transport of its own

	Now   func() time.Time                     // default time.Now
	After func(time.Duration) <-chan time.Time // default time.After
}

// Secret is text that is printed, logged and marshalled as "[redacted]".
type Secret string

// String returns "[redacted]".
func (Secret) String() string { return "[redacted]" }

// GoString returns "[redacted]".
func (Secret) GoString() string { return "[redacted]" }

// MarshalText returns "[redacted]", for JSON and structured logs.
func (Secret) MarshalText() ([]byte, error) { return []byte("[redacted]"), nil }

// Throttle stores the end of Graph's Retry-After period, so that it still applies after a
// restart.
type Throttle interface {
	Load(ctx context.Context) (until time.Time, err error) // zero if nothing was saved
	Save(ctx context.Context, until time.Time) error
}

// The addresses of the public cloud.
const (
	DefaultURL       = "https://graph.microsoft.com/v1.0"
	DefaultAuthority = "https://login.microsoftonline.com"
)

const (
	defaultPatience = 10 * time.Second
	defaultTimeout  = 45 * time.Second
)

var stampProperty = regexp.MustCompile(`^(employeeId|extensionAttribute([1-9]|1[0-5]))$`)

// withDefaults returns the Config with defaults for zero fields, and all its faults.
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

// maxSavedPause is the longest stored Retry-After period that is obeyed. Graph asks for minutes: a
// longer one was stored while the clock was wrong. If Graph does mean it, the first call gets a
// Retry-After again.
const maxSavedPause = time.Hour

// savedPause returns the end of the stored Retry-After period; zero if there is none.
func (c Config) savedPause() (time.Time, error) {
	if c.Throttle == nil {
		return time.Time{}, nil
	}
	until, err := c.Throttle.Load(context.Background())
	if err != nil || until.Sub(c.Now()) > maxSavedPause {
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

// checkAddress returns an error unless raw is an https URL, or an http URL on loopback.
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
		MaxIdleConnsPerHost:   2 * maxOutstanding,
		IdleConnTimeout:       90 * time.Second,
		TLSHandshakeTimeout:   10 * time.Second,
		ExpectContinueTimeout: time.Second,
		// A dead connection is detected within Timeout, instead of by TCP a quarter of an hour
		// later.
		HTTP2: &http.HTTP2Config{SendPingTimeout: 10 * time.Second, PingTimeout: 10 * time.Second},
	}
}
