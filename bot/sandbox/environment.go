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
	tenantID   = "11111111-1111-4111-8111-111111111111"
	botID      = "22222222-2222-4222-8222-222222222222"
	makerID    = "33333333-3333-4333-8333-333333333333"
	botSecret  = "sandbox-bot"
	makerKey   = "sandbox-maker"
	studentSKU = "314c4481-f395-4525-be8b-2ec4bb1e9d91"
	facultySKU = "94763226-9b3c-4e75-a931-5c89701abe66"
)

// world is a fake tenant, a fake Teams, and the service.
type world struct {
	Teams  *teamsfake.Fake
	Tenant *graphfake.Tenant
	Dir    string // of the store, the receipts and the configuration
	Bot    string // URL of the service
	Zone   *time.Location

	graph, entra, teams *site
	certificate         tls.Certificate
	env                 map[string]string
	log                 io.Writer
	stop                context.CancelFunc
	done                chan error
}

// site is the server of one fake.
type site struct {
	server *http.Server
	URL    string
}

// newWorld starts the fakes; start starts the service.
func newWorld(dir string, log io.Writer) (*world, error) {
	w := &world{Dir: dir, log: log, done: make(chan error, 1)}
	w.Teams = teamsfake.New(teamsfake.Config{AppID: botID, AppPassword: botSecret, TenantID: tenantID})
	var err error
	if w.Tenant, err = newTenant(); err != nil {
		return nil, err
	}
	if w.certificate, err = newCertificate(); err != nil {
		return nil, err
	}
	for _, s := range []struct {
		site    **site
		handler http.Handler
		tls     *tls.Config
	}{
		{&w.graph, w.Tenant, nil},
		{&w.teams, w.Teams, nil},
		{&w.entra, w.authority(), &tls.Config{Certificates: []tls.Certificate{w.certificate}, MinVersion: tls.VersionTLS12}},
	} {
		if *s.site, err = openSite(s.handler, s.tls); err != nil {
			return nil, errors.Join(err, w.Close())
		}
	}
	w.env = map[string]string{
		"ALTAS_CONFIG": filepath.Join(dir, "altas.yaml"), "STORE_PATH": filepath.Join(dir, "altas.db"),
		"RECEIPTS_DSN": "sqlite:" + filepath.Join(dir, "receipts.db"),
		"BOT_APP_ID":   botID, "BOT_APP_PASSWORD": botSecret, "BOT_TENANT_ID": tenantID,
		"BOT_OPENID_METADATA_URL": w.teams.URL + "/v1/.well-known/openidconfiguration",
		"BOT_SERVICE_HOSTS":       host(w.teams.URL), "ENTRA_AUTHORITY_URL": w.entra.URL, "GRAPH_URL": w.graph.URL + "/v1.0",
		"AZURE_TENANT_ID": tenantID, "AZURE_CLIENT_ID": makerID, "AZURE_CLIENT_SECRET": makerKey,
		"LOG_FORMAT": "text",
	}
	return w, nil
}

func openSite(h http.Handler, t *tls.Config) (*site, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // at once
	if err != nil {
		return nil, fmt.Errorf("open a stand-in: %w", err)
	}
	scheme := "http://"
	if t != nil {
		listener, scheme = tls.NewListener(listener, t), "https://"
	}
	s := &site{server: &http.Server{Handler: h, ReadHeaderTimeout: 5 * time.Second}, URL: scheme + listener.Addr().String()}
	go func() { _ = s.server.Serve(listener) }()
	return s, nil
}

func (s *site) Close() error {
	if s == nil {
		return nil
	}
	return s.server.Close()
}

// authority is Entra for both fakes: each issues the tokens of its own scope.
func (w *world) authority() http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(io.LimitReader(r.Body, 64<<10))
		if err != nil {
			http.Error(rw, "unreadable", http.StatusBadRequest)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		form, _ := url.ParseQuery(string(body)) // an invalid form has no scope
		if strings.Contains(form.Get("scope"), "graph") {
			w.Tenant.ServeHTTP(rw, r)
			return
		}
		w.Teams.ServeHTTP(rw, r)
	})
}

// start runs the service with the world's configuration.
func (w *world) start(ctx context.Context, rules string) error {
	if err := os.WriteFile(w.env["ALTAS_CONFIG"], []byte(rules), 0o600); err != nil {
		return fmt.Errorf("write the rules: %w", err)
	}
	cfg, err := service.LoadConfig(func(name string) string { return w.env[name] })
	if err != nil {
		return err
	}
	w.Zone = cfg.Location
	trusting := w.trusting()
	cfg.Bot.HTTPClient, cfg.Graph.Transport = &http.Client{Transport: trusting}, trusting
	log := slog.New(slog.DiscardHandler)
	if w.log != nil {
		log = service.NewLog(w.log, cfg.LogLevel, cfg.LogFormat)
	}
	s, err := service.Open(cfg, log)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // at once
	if err != nil {
		return errors.Join(err, s.Close())
	}
	w.Bot = "http://" + listener.Addr().String()
	w.Teams.Connect(w.teams.URL, w.Bot+"/api/messages")
	running, stop := context.WithCancel(ctx)
	w.stop = stop
	go func() { w.done <- errors.Join(s.Serve(running, listener), s.Close()) }()
	return nil
}

// trusting returns a transport that trusts only the fakes' certificate.
func (w *world) trusting() *http.Transport {
	roots := x509.NewCertPool()
	roots.AddCert(w.certificate.Leaf)
	return &http.Transport{MaxIdleConnsPerHost: 32, TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}
}

// rest stops the service but not the fakes.
func (w *world) rest() error {
	if w.stop == nil {
		return nil
	}
	w.stop()
	w.stop = nil
	return <-w.done
}

// Close stops the service, then the fakes.
func (w *world) Close() error {
	return errors.Join(w.rest(), w.graph.Close(), w.entra.Close(), w.teams.Close())
}

func host(address string) string {
	_, rest, _ := strings.Cut(address, "://")
	return rest
}
