package receipts

import (
	"crypto/tls"
	"encoding/pem"
	"net"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	mysqldriver "github.com/go-sql-driver/mysql"
)

// A server with an unknown certificate, or one of another name, is refused.
func TestMySQLVerifiesTheServer(t *testing.T) {
	t.Parallel()
	genuine := httptest.NewTLSServer(nil)
	t.Cleanup(genuine.Close)
	ca := filepath.Join(t.TempDir(), "ca.pem")
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: genuine.Certificate().Raw})
	if err := os.WriteFile(ca, block, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		mode, host, ca string
		want           bool
	}{
		"identity":                   {"VERIFY_IDENTITY", "127.0.0.1", ca, true},
		"another's name":             {"VERIFY_IDENTITY", "db.elsewhere", ca, false},
		"another's name, chain only": {"VERIFY_CA", "db.elsewhere", ca, true},
		"unknown issuer":             {"VERIFY_CA", "127.0.0.1", "", false},
		"a ca without ssl-mode":      {"", "db.elsewhere", ca, false},
		"encryption only":            {"REQUIRED", "db.elsewhere", "", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			options := url.Values{}
			for key, value := range map[string]string{"ssl-mode": c.mode, "ssl-ca": c.ca} {
				if value != "" {
					options.Set(key, value)
				}
			}
			config := mysqldriver.NewConfig()
			if err := mysqlTLS(config, options, c.host); err != nil {
				t.Fatal(err)
			}
			if err := handshake(t, genuine.Listener.Addr().String(), config.TLS); (err == nil) != c.want {
				t.Errorf("handshake = %v, want success %v", err, c.want)
			}
		})
	}
}

func handshake(t *testing.T, addr string, config *tls.Config) error {
	t.Helper()
	plain, err := new(net.Dialer).DialContext(t.Context(), "tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer plain.Close()
	return tls.Client(plain, config).HandshakeContext(t.Context())
}
