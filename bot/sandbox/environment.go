package sandbox

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
	"seducoahuila.gob.mx/altas/bot/service"
	"seducoahuila.gob.mx/altas/provisioning/graph/graphfake"
)

// The identifiers of the fakes.
const (
	tenantID          = "11111111-1111-4111-8111-111111111111"
	botID             = "22222222-2222-4222-8222-222222222222"
	graphClientID     = "33333333-3333-4333-8333-333333333333"
	botSecret         = "sandbox-bot"
	graphClientSecret = "sandbox-maker"
	studentSKU        = "314c4481-f395-4525-be8b-2ec4bb1e9d91"
	facultySKU        = "94763226-9b3c-4e75-a931-5c89701abe66"
)

// environment is a fake tenant, a fake Teams, and the service.
type environment struct {
	Teams  *teamsfake.Fake
	Tenant *graphfake.Tenant
	Dir    string // of the store, the receipts and the configuration
	Bot    string // URL of the service
	Zone   *time.Location

	graph, entra, teams *fakeServer
	certificate         tls.Certificate
	vars                map[string]string
	log                 io.Writer
	stop                context.CancelFunc
	done                chan error
}

// fakeServer is the HTTP server of one fake.
type fakeServer struct {
	server *http.Server
	URL    string
}

// newEnvironment starts the fakes; start starts the service.
func newEnvironment(dir string, log io.Writer) (*environment, error) {
	e := &environment{Dir: dir, log: log, done: make(chan error, 1)}
	e.Teams = teamsfake.New(teamsfake.Config{AppID: botID, AppPassword: botSecret, TenantID: tenantID})
	var err error
	if e.Tenant, err = newTenant(); err != nil {
		return nil, err
	}
	if e.certificate, err = newCertificate(); err != nil {
		return nil, err
	}
	for _, s := range []struct {
		site    **fakeServer
		handler http.Handler
		tls     *tls.Config
	}{
		{&e.graph, e.Tenant, nil},
		{&e.teams, e.Teams, nil},
		{&e.entra, e.authority(), &tls.Config{Certificates: []tls.Certificate{e.certificate}, MinVersion: tls.VersionTLS12}},
	} {
		if *s.site, err = newFakeServer(s.handler, s.tls); err != nil {
			return nil, errors.Join(err, e.Close())
		}
	}
	e.vars = map[string]string{
		"ALTAS_CONFIG": filepath.Join(dir, "altas.yaml"), "STORE_PATH": filepath.Join(dir, "altas.db"),
		"RECEIPTS_DSN": "sqlite:" + filepath.Join(dir, "receipts.db"),
		"BOT_APP_ID":   botID, "BOT_APP_PASSWORD": botSecret, "BOT_TENANT_ID": tenantID,
		"BOT_OPENID_METADATA_URL": e.teams.URL + "/v1/.well-known/openidconfiguration",
		"BOT_SERVICE_HOSTS":       host(e.teams.URL), "BOT_FILE_HOSTS": host(e.teams.URL), "ENTRA_AUTHORITY_URL": e.entra.URL, "GRAPH_URL": e.graph.URL + "/v1.0",
		"AZURE_TENANT_ID": tenantID, "AZURE_CLIENT_ID": graphClientID, "AZURE_CLIENT_SECRET": graphClientSecret,
		"LOG_FORMAT": "text",
	}
	return e, nil
}

func newFakeServer(h http.Handler, t *tls.Config) (*fakeServer, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // at once
	if err != nil {
		return nil, fmt.Errorf("open a stand-in: %w", err)
	}
	scheme := "http://"
	if t != nil {
		listener, scheme = tls.NewListener(listener, t), "https://"
	}
	s := &fakeServer{server: &http.Server{Handler: h, ReadHeaderTimeout: 5 * time.Second}, URL: scheme + listener.Addr().String()}
	go func() { _ = s.server.Serve(listener) }()
	return s, nil
}

func (s *fakeServer) Close() error {
	if s == nil {
		return nil
	}
	return s.server.Close()
}

// authority is Entra for both fakes: each issues the tokens of its own scope.
func (e *environment) authority() http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(io.LimitReader(r.Body, 64<<10))
		if err != nil {
			http.Error(rw, "unreadable", http.StatusBadRequest)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		form, _ := url.ParseQuery(string(body)) // an invalid form has no scope
		if strings.Contains(form.Get("scope"), "graph") {
			e.Tenant.ServeHTTP(rw, r)
			return
		}
		e.Teams.ServeHTTP(rw, r)
	})
}

// start runs the service with the environment's configuration.
func (e *environment) start(ctx context.Context, rules string) error {
	if err := os.WriteFile(e.vars["ALTAS_CONFIG"], []byte(rules), 0o600); err != nil {
		return fmt.Errorf("write the rules: %w", err)
	}
	cfg, err := service.LoadConfig(func(name string) string { return e.vars[name] })
	if err != nil {
		return err
	}
	e.Zone = cfg.Location
	transport := e.trustedTransport()
	cfg.Bot.HTTPClient, cfg.Graph.Transport = &http.Client{Transport: transport}, transport
	log := slog.New(slog.DiscardHandler)
	if e.log != nil {
		log = service.NewLog(e.log, cfg.LogLevel, cfg.LogFormat)
	}
	s, err := service.Open(cfg, log)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // at once
	if err != nil {
		return errors.Join(err, s.Close())
	}
	e.Bot = "http://" + listener.Addr().String()
	e.Teams.Connect(e.teams.URL, e.Bot+"/api/messages")
	running, stop := context.WithCancel(ctx)
	e.stop = stop
	go func() { e.done <- errors.Join(s.Serve(running, listener), s.Close()) }()
	return nil
}

// trustedTransport returns a transport that trusts only the fakes' certificate.
func (e *environment) trustedTransport() *http.Transport {
	roots := x509.NewCertPool()
	roots.AddCert(e.certificate.Leaf)
	return &http.Transport{MaxIdleConnsPerHost: 32, TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}
}

// stopService stops the service but not the fakes.
func (e *environment) stopService() error {
	if e.stop == nil {
		return nil
	}
	e.stop()
	e.stop = nil
	return <-e.done
}

// Close stops the service, then the fakes.
func (e *environment) Close() error {
	return errors.Join(e.stopService(), e.graph.Close(), e.entra.Close(), e.teams.Close())
}

func host(address string) string {
	_, rest, _ := strings.Cut(address, "://")
	return rest
}
