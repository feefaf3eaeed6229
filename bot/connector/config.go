package connector

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
)

// AppType is how the bot is registered in Azure; it determines the source of its token.
type AppType string

// Azure's registration types. New multi-tenant bots cannot be created since 31 July 2025.
const (
	SingleTenant    AppType = "SingleTenant"
	MultiTenant     AppType = "MultiTenant"
	UserAssignedMSI AppType = "UserAssignedMSI"
)

// Microsoft's public addresses, the defaults of Config.
const (
	DefaultOpenIDMetadataURL = "https://login.botframework.com/v1/.well-known/openidconfiguration"
	DefaultAuthorityURL      = "https://login.microsoftonline.com"
)

const govMetadataHost = "login.botframework.azure.us"

// Secret is text that is never shown: printed, logged or marshalled it is "[redacted]".
type Secret string

// String returns "[redacted]".
func (Secret) String() string { return "[redacted]" }

// GoString returns "[redacted]".
func (Secret) GoString() string { return "[redacted]" }

// MarshalText returns "[redacted]", for JSON and structured logs.
func (Secret) MarshalText() ([]byte, error) { return []byte("[redacted]"), nil }

// Config is the bot's identity and its trusted hosts. AppID and, except for a managed identity,
// AppPassword are required; the rest defaults to Microsoft's values.
type Config struct {
	AppID       string  // the bot's application id, a GUID
	AppType     AppType // SingleTenant when empty
	TenantID    string  // the home tenant's id; required for SingleTenant
	AppPassword Secret  // the client secret; unused with UserAssignedMSI

	OpenIDMetadataURL string   // where the keys of inbound tokens are published
	AuthorityURL      string   // Entra; on any other host than Microsoft's, instance discovery is off
	ServiceHosts      []string // further trusted hosts, host or host:port; plain http only for these

	// Credential replaces the one created from the fields above.
	Credential azcore.TokenCredential

	HTTPClient  *http.Client  // redirects are never followed, whatever its CheckRedirect
	CallTimeout time.Duration // one outgoing HTTP call; 10 s when zero
	MaxWait     time.Duration // longest wait for a sending slot before *Error with RetryAfter; 3 s when zero

	// Urgent reports whether a person waits for the call. Other calls leave a share of the
	// conversation's limit free. Nil: every call is urgent.
	Urgent   func(context.Context) bool
	Throttle Throttle     // stores Retry-After across restarts; nil: not stored
	Log      *slog.Logger // discards when nil

	Now   func() time.Time                           // time.Now when nil
	Sleep func(context.Context, time.Duration) error // a timer when nil
}

// Connector receives activities and sends messages. It is safe for concurrent use.
type Connector struct {
	appID     string
	hosts     hosts
	validator *validator
	token     *credential
	client    *http.Client
	timeout   time.Duration
	maxWait   time.Duration
	pace      *pacer
	urgent    func(context.Context) bool
	throttle  Throttle
	saving    sync.Mutex // serialises Throttle.Save
	bodies    chan struct{}
	log       *slog.Logger
	now       func() time.Time
	sleep     func(context.Context, time.Duration) error
}

// New validates the configuration and returns a Connector. It makes no network call.
func New(cfg Config) (*Connector, error) {
	cfg = cfg.withDefaults()
	if err := cfg.validate(); err != nil {
		return nil, err
	}
	trusted := newHosts(cfg.ServiceHosts)
	client := strictClient(cfg.HTTPClient)
	cred, err := newCredential(cfg, client)
	if err != nil {
		return nil, err
	}
	source := keySource{metadataURL: cfg.OpenIDMetadataURL, client: client, hosts: trusted}
	keys := newKeyring(source.fetch, cfg.Now, cfg.Sleep)
	pace := newPacer(cfg.Now)
	if cfg.Throttle != nil {
		throttled, err := cfg.Throttle.Load(context.Background())
		if err != nil {
			return nil, fmt.Errorf("connector: load throttles: %w", err)
		}
		pace.restore(throttled)
	}
	return &Connector{
		appID:     cfg.AppID,
		hosts:     trusted,
		validator: newValidator(cfg.AppID, issuerFor(cfg.OpenIDMetadataURL), trusted, keys, cfg.Now),
		token:     cred,
		client:    client,
		timeout:   cfg.CallTimeout,
		maxWait:   cfg.MaxWait,
		pace:      pace,
		urgent:    cfg.Urgent,
		throttle:  cfg.Throttle,
		bodies:    make(chan struct{}, maxBodies),
		log:       cfg.Log,
		now:       cfg.Now,
		sleep:     cfg.Sleep,
	}, nil
}

func (cfg Config) withDefaults() Config {
	cfg.AppType = cmp.Or(cfg.AppType, SingleTenant)
	cfg.OpenIDMetadataURL = cmp.Or(cfg.OpenIDMetadataURL, DefaultOpenIDMetadataURL)
	cfg.AuthorityURL = cmp.Or(cfg.AuthorityURL, DefaultAuthorityURL)
	if cfg.CallTimeout <= 0 {
		cfg.CallTimeout = 10 * time.Second
	}
	if cfg.MaxWait <= 0 {
		cfg.MaxWait = 3 * time.Second
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Sleep == nil {
		cfg.Sleep = sleep
	}
	return cfg
}

// validate returns all errors of the configuration, joined.
func (cfg Config) validate() error {
	var faults []error
	fault := func(bad bool, text string) {
		if bad {
			faults = append(faults, errors.New("connector: "+text))
		}
	}
	kinds := []AppType{SingleTenant, MultiTenant, UserAssignedMSI}
	ownCredential := cfg.Credential != nil
	fault(strings.TrimSpace(cfg.AppID) == "", "app id required (BOT_APP_ID)")
	fault(!slices.Contains(kinds, cfg.AppType), fmt.Sprintf("app type %q: want SingleTenant, MultiTenant or UserAssignedMSI (BOT_APP_TYPE)", cfg.AppType))
	fault(cfg.AppType == SingleTenant && cfg.TenantID == "", "tenant id required for a single-tenant bot (BOT_TENANT_ID)")
	fault(cfg.AppType != UserAssignedMSI && cfg.AppPassword == "" && !ownCredential, "app password required (BOT_APP_PASSWORD)")
	fault(!isHTTPS(cfg.AuthorityURL), "authority address must be https (ENTRA_AUTHORITY_URL)")
	for _, h := range cfg.ServiceHosts {
		fault(!isHost(h), fmt.Sprintf("service host %q: want host or host:port, nothing else (BOT_SERVICE_HOSTS)", h))
	}
	if len(faults) == 0 && !newHosts(cfg.ServiceHosts).mayFetch(cfg.OpenIDMetadataURL) {
		fault(true, "OpenID metadata address must be https (plain http only on loopback or a listed service host) (BOT_OPENID_METADATA_URL)")
	}
	return errors.Join(faults...)
}

// issuerFor is the only issuer that is accepted: the US government cloud's if its metadata is
// configured, else the public one. The emulator's issuers are never accepted.
func issuerFor(metadataURL string) string {
	if u, err := url.Parse(metadataURL); err == nil && strings.EqualFold(u.Hostname(), govMetadataHost) {
		return "https://api.botframework.us"
	}
	return "https://api.botframework.com"
}

// strictClient copies a client so that it follows no redirect: a token or secret must not be
// sent to an address taken from a response.
func strictClient(given *http.Client) *http.Client {
	client := http.Client{}
	if given != nil {
		client = *given
	}
	if standard, ok := http.DefaultTransport.(*http.Transport); ok && client.Transport == nil {
		transport := standard.Clone()
		transport.MaxIdleConnsPerHost = 32
		// All calls share one HTTP/2 connection; if it is lost without a FIN, TCP
		// would take a quarter of an hour to detect it.
		transport.HTTP2 = &http.HTTP2Config{SendPingTimeout: 4 * time.Second, PingTimeout: 4 * time.Second}
		client.Transport = transport
	}
	client.Jar = nil
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &client
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
