package service

import (
	"cmp"
	"errors"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/bot/console"
	"seducoahuila.gob.mx/altas/bot/file"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/graph"
	"seducoahuila.gob.mx/altas/store/receipts"
)

// Config is everything that differs between installations. LoadConfig makes it.
type Config struct {
	Listen      string // host:port
	PublicURL   string // base URL of the bot's own pages, as browsers reach them; "" for none
	StorePath   string
	ReceiptsDSN Secret                 // may contain a password
	ReceiptsNow func() (string, error) // reads ReceiptsDSN again from its file; nil if it has none
	Bot         connector.Config
	FileHosts   file.Hosts // further hosts that files may be uploaded to
	Graph       graph.Config
	LogLevel    string
	LogFormat   string
	Locale      string
	Location    *time.Location
	Rules       Rules
	Now         func() time.Time // the clock of the business logic; nil is time.Now

	decorate func(provisioning.Store) provisioning.Store // decorates the store in tests; nil for none
}

// decorated returns the store, decorated by decorate if that is set.
func (c Config) decorated(s provisioning.Store) provisioning.Store {
	if c.decorate == nil {
		return s
	}
	return c.decorate(s)
}

// DefaultStorePath is the store's file if STORE_PATH is not set.
const DefaultStorePath = "data/altas.db"

// The defaults of RECEIPTS_DSN and ALTAS_CONFIG.
const (
	defaultReceipts = "sqlite:data/receipts.db"
	defaultRules    = "altas.yaml"
	defaultZone     = "America/Monterrey"
)

// Secret is text that is printed as "[redacted]".
type Secret = connector.Secret

// env reads environment variables and collects their errors.
type env struct {
	get    func(string) string
	faults []error
}

func (e *env) fault(format string, args ...any) {
	e.faults = append(e.faults, console.Errorf(format, args...))
}

// text returns a variable, or the fallback.
func (e *env) text(name, fallback string) string {
	return cmp.Or(strings.TrimSpace(e.get(name)), fallback)
}

// receipts returns the configuration of the receipts adapter.
func (c Config) receipts() receipts.Config {
	return receipts.Config{DSN: string(c.ReceiptsDSN), Reload: c.ReceiptsNow, Table: c.Rules.Receipts.table()}
}

// list returns the values of a comma-separated variable.
func (e *env) list(name string) []string {
	var all []string
	for v := range strings.SplitSeq(e.get(name), ",") {
		if v = strings.TrimSpace(v); v != "" {
			all = append(all, v)
		}
	}
	return all
}

// oneOf returns a variable with a fixed set of values, compared without case. The first value
// is the default.
func (e *env) oneOf(name string, values ...string) string {
	v := e.text(name, values[0])
	for _, allowed := range values {
		if strings.EqualFold(v, allowed) {
			return allowed
		}
	}
	e.fault("%s: %q is none of %s", name, v, strings.Join(values, ", "))
	return values[0]
}

// LoadConfig reads the environment, through getenv, and the YAML file that ALTAS_CONFIG names. Its
// error lists everything wrong or missing, one fault a line.
func LoadConfig(getenv func(string) string) (Config, error) {
	e := &env{get: getenv}
	cfg := Config{
		Listen:      e.text("ALTAS_LISTEN", "127.0.0.1:3978"),
		PublicURL:   e.publicURL("ALTAS_PUBLIC_URL"),
		StorePath:   e.text("STORE_PATH", DefaultStorePath),
		ReceiptsDSN: Secret(e.secret("RECEIPTS_DSN", defaultReceipts)),
		Bot:         e.bot(),
		FileHosts:   e.fileHosts(),
		Graph:       e.graph(),
		LogLevel:    e.oneOf("LOG_LEVEL", "info", "debug", "warn", "error"),
		LogFormat:   e.oneOf("LOG_FORMAT", "json", "text"),
		Locale:      e.oneOf("ALTAS_LOCALE", "es-MX", "en"),
	}
	if _, port, err := net.SplitHostPort(cfg.Listen); err != nil || !validPort(port) {
		e.fault("ALTAS_LISTEN: %q is not host:port", cfg.Listen)
	}
	cfg.Location = e.location()
	var err error
	path := e.text("ALTAS_CONFIG", defaultRules)
	if cfg.Rules, err = LoadRules(path); err != nil {
		e.fault("%w", err)
	}
	for _, placeholder := range cfg.Rules.placeholders() {
		e.fault("%s: %w", path, placeholder)
	}
	cfg.ReceiptsNow = reload(getenv("RECEIPTS_DSN_FILE"))
	cfg.Graph.StampProperty = cfg.Rules.StampProperty
	e.faults = append(e.faults, cfg.validate())
	return cfg, errors.Join(e.faults...)
}

// LoadLocation reads only ALTAS_TIMEZONE.
func LoadLocation(getenv func(string) string) (*time.Location, error) {
	e := &env{get: getenv}
	zone := e.location()
	return zone, errors.Join(e.faults...)
}

func (e *env) location() *time.Location {
	name := e.text("ALTAS_TIMEZONE", defaultZone)
	zone, err := time.LoadLocation(name)
	if err != nil {
		e.fault("ALTAS_TIMEZONE: %q is no time zone", name)
	}
	return zone
}

func validPort(port string) bool {
	_, err := strconv.ParseUint(port, 10, 16)
	return err == nil
}

// guid returns a variable that holds the id of an application or a tenant; where says where
// an administrator finds it. It must be a GUID because tokens identify both by GUID.
func (e *env) guid(name string, where console.Phrase) string {
	v := e.text(name, "")
	if v != "" && !guid.MatchString(strings.ToLower(v)) {
		e.fault("%s: %q is not a GUID; it is %s", name, v, where)
	}
	return v
}

// Where an administrator finds the ids in the Entra admin center.
const (
	tenantIsAt console.Phrase = "the tenant id of Entra › Overview, not a domain"
	botIsAt    console.Phrase = "the application (client) id of Entra › App registrations › the bot's"
	makerIsAt  console.Phrase = "the application (client) id of Entra › App registrations › the one that makes accounts"
)

// publicURL returns a variable that is an https URL or empty.
func (e *env) publicURL(name string) string {
	v := e.text(name, "")
	u, err := url.Parse(v)
	if v != "" && (err != nil || u.Scheme != "https" || u.Host == "") {
		e.fault("%s: %q is not https://host", name, v)
	}
	return v
}

func (e *env) bot() connector.Config {
	return connector.Config{
		AppID: e.guid("BOT_APP_ID", botIsAt), TenantID: strings.ToLower(e.guid("BOT_TENANT_ID", tenantIsAt)),
		AppPassword:       Secret(e.secret("BOT_APP_PASSWORD", "")),
		AppType:           connector.AppType(e.oneOf("BOT_APP_TYPE", "SingleTenant", "MultiTenant", "UserAssignedMSI")),
		OpenIDMetadataURL: e.text("BOT_OPENID_METADATA_URL", connector.DefaultOpenIDMetadataURL),
		AuthorityURL:      e.text("ENTRA_AUTHORITY_URL", connector.DefaultAuthorityURL),
		ServiceHosts:      e.list("BOT_SERVICE_HOSTS"),
	}
}

func (e *env) fileHosts() file.Hosts {
	hosts, err := file.NewHosts(e.list("BOT_FILE_HOSTS"))
	if err != nil {
		e.fault("BOT_FILE_HOSTS: %w", err)
	}
	return hosts
}

func (e *env) graph() graph.Config {
	return graph.Config{
		URL: e.text("GRAPH_URL", graph.DefaultURL), Authority: e.text("ENTRA_AUTHORITY_URL", graph.DefaultAuthority),
		TenantID: e.guid("AZURE_TENANT_ID", tenantIsAt), ClientID: e.guid("AZURE_CLIENT_ID", makerIsAt),
		ClientSecret: graph.Secret(e.secret("AZURE_CLIENT_SECRET", "")),
	}
}

// validate checks the settings of each adapter without opening a connection or a file.
func (c Config) validate() error {
	var faults []error
	require := func(value, name string, what console.Phrase) {
		if value == "" {
			faults = append(faults, console.Errorf("%s: missing; write %s", name, what))
		}
	}
	require(c.Bot.AppID, "BOT_APP_ID", "the application (client) id of the bot's registration")
	require(c.Bot.TenantID, "BOT_TENANT_ID", "the id of your Entra tenant")
	if c.Bot.AppType != connector.UserAssignedMSI {
		require(string(c.Bot.AppPassword), "BOT_APP_PASSWORD", "a client secret of the bot's registration, or its file as BOT_APP_PASSWORD_FILE")
	}
	require(c.Graph.TenantID, "AZURE_TENANT_ID", "the id of the tenant in which accounts are made")
	require(c.Graph.ClientID, "AZURE_CLIENT_ID", "the application (client) id of the registration that makes accounts")
	require(string(c.Graph.ClientSecret), "AZURE_CLIENT_SECRET", "a client secret of that registration, or its file as AZURE_CLIENT_SECRET_FILE")
	if len(faults) == 0 {
		_, err := connector.New(c.Bot)
		faults = append(faults, err)
		directory, err := graph.New(c.Graph)
		if err == nil {
			err = directory.Close()
		}
		faults = append(faults, err)
	}
	if err := c.receipts().Validate(); err != nil {
		faults = append(faults, console.Errorf("RECEIPTS_DSN: %w", err))
	}
	return errors.Join(faults...)
}
