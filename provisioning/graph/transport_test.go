package graph

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// pipes is a network in the process, which time can stand still for.
type pipes struct {
	dialled chan net.Conn
	lost    *atomic.Bool // of the newest connection: a firewall forgot it and says so to nobody
	addr    net.Addr
}

type lossy struct {
	net.Conn
	lost *atomic.Bool
}

func (c lossy) Write(p []byte) (int, error) {
	if c.lost.Load() {
		return len(p), nil
	}
	return c.Conn.Write(p)
}

func (p *pipes) dial(context.Context, string, string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	p.lost = new(atomic.Bool)
	p.dialled <- theirs
	return lossy{ours, p.lost}, nil
}

func (p *pipes) Accept() (net.Conn, error) {
	c, open := <-p.dialled
	if !open {
		return nil, net.ErrClosed
	}
	return c, nil
}

func (p *pipes) Addr() net.Addr { return p.addr }
func (p *pipes) Close() error   { return nil }

// Graph speaks HTTP/2, all calls on one connection. Where that is lost without a word,
// the calls under way fail, and those after them are not sent into the void for the
// quarter of an hour that TCP takes to notice.
func TestALostConnectionIsReplaced(t *testing.T) {
	t.Parallel()
	certified := httptest.NewTLSServer(nil)
	defer certified.Close()
	synctest.Test(t, func(t *testing.T) {
		network := &pipes{dialled: make(chan net.Conn, 1), addr: certified.Listener.Addr()}
		server := &http.Server{
			Handler:           http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.Proto) }),
			TLSConfig:         &tls.Config{Certificates: certified.TLS.Certificates, MinVersion: tls.VersionTLS12},
			ReadHeaderTimeout: time.Minute,
		}
		served := make(chan error, 1)
		go func() { served <- server.ServeTLS(network, "", "") }()
		transport, roots := defaultTransport(), x509.NewCertPool()
		roots.AddCert(certified.Certificate())
		transport.DialContext, transport.TLSClientConfig = network.dial, &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}

		ask := func() (string, error) {
			ctx, cancel := context.WithTimeout(t.Context(), defaultTimeout)
			defer cancel()
			r, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://example.com/", nil)
			if err != nil {
				t.Fatal(err)
			}
			response, err := transport.RoundTrip(r)
			if err != nil {
				return "", err
			}
			defer response.Body.Close()
			body, err := io.ReadAll(response.Body)
			return string(body), err
		}
		if got, err := ask(); got != "HTTP/2.0" || err != nil {
			t.Fatalf("%q, %v", got, err)
		}
		network.lost.Store(true)
		if got, err := ask(); err == nil {
			t.Fatalf("an answer over a lost connection: %q", got)
		}
		if _, err := ask(); err != nil {
			t.Errorf("the next call: %v", err)
		}
		transport.CloseIdleConnections()
		close(network.dialled)
		<-served
		_ = server.Close()
	})
}
