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

// pipeNetwork is a network of net.Pipes, for virtual time.
type pipeNetwork struct {
	dialled chan net.Conn
	lost    *atomic.Bool // the newest connection drops all data without an error
	addr    net.Addr
}

type lossyConn struct {
	net.Conn
	lost *atomic.Bool
}

func (c lossyConn) Write(p []byte) (int, error) {
	if c.lost.Load() {
		return len(p), nil
	}
	return c.Conn.Write(p)
}

func (p *pipeNetwork) dial(context.Context, string, string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	p.lost = new(atomic.Bool)
	p.dialled <- theirs
	return lossyConn{ours, p.lost}, nil
}

func (p *pipeNetwork) Accept() (net.Conn, error) {
	c, open := <-p.dialled
	if !open {
		return nil, net.ErrClosed
	}
	return c, nil
}

func (p *pipeNetwork) Addr() net.Addr { return p.addr }
func (p *pipeNetwork) Close() error   { return nil }

// With HTTP/2 all calls share one connection. If it is lost without an error, the outstanding calls
// fail and later ones use a new connection, instead of waiting for TCP's timeout of a quarter of an hour.
func TestALostConnectionIsReplaced(t *testing.T) {
	t.Parallel()
	certified := httptest.NewTLSServer(nil)
	defer certified.Close()
	synctest.Test(t, func(t *testing.T) {
		network := &pipeNetwork{dialled: make(chan net.Conn, 1), addr: certified.Listener.Addr()}
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
