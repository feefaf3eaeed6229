package receipts

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strings"
	"time"

	mysqldriver "github.com/go-sql-driver/mysql"
)

// mysqlTarget parses a URL, which the driver does not support, with the option names of MySQL's
// own tools: ssl-mode, ssl-ca, ssl-cert, ssl-key, socket.
func mysqlTarget(u *url.URL) (target, error) {
	options := u.Query()
	for name := range options {
		switch name {
		case "ssl-mode", "ssl-ca", "ssl-cert", "ssl-key", "socket", "charset", "parseTime":
		default:
			return target{}, fmt.Errorf("mysql: unknown option %q; known: ssl-mode, ssl-ca, ssl-cert, ssl-key, socket", name)
		}
	}
	config := mysqldriver.NewConfig()
	config.User = u.User.Username()
	config.Passwd, _ = u.User.Password()
	config.DBName = strings.TrimPrefix(u.Path, "/")
	if config.DBName == "" {
		return target{}, errors.New("mysql: name the database: mysql://…/DATABASE")
	}
	config.Net, config.Addr = mysqlAddr(u)
	if err := mysqlTLS(config, options, u.Hostname()); err != nil {
		return target{}, err
	}
	mysqlSession(config)
	connector, err := mysqldriver.NewConnector(config)
	if err != nil {
		return target{}, err
	}
	return target{dialect: mysql(), connector: connector}, nil
}

func mysqlAddr(u *url.URL) (network, addr string) {
	if socket := u.Query().Get("socket"); socket != "" {
		return "unix", socket
	}
	if u.Port() == "" {
		return "tcp", net.JoinHostPort(u.Hostname(), "3306")
	}
	return "tcp", u.Host
}

// mysqlSession sets the session variables independently of the server's defaults: strict mode,
// to refuse values instead of truncating them; autocommit, or rows would be lost with the
// connection; affected rows counted as found, not changed; UTC.
func mysqlSession(config *mysqldriver.Config) {
	config.ParseTime = true
	config.Loc = time.UTC
	config.ClientFoundRows = true
	config.Collation = "utf8mb4_general_ci"
	config.Timeout = connectTimeout
	config.Logger = &mysqldriver.NopLogger{} // it logs only what the error contains
	config.ConnectionAttributes = "program_name:" + application
	config.Params = map[string]string{
		"autocommit":       "1",
		"sql_safe_updates": "0", // the condition LOWER(address) = … of a mapped table uses no key
		"time_zone":        "'+00:00'",
		"sql_mode":         "'STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'",
	}
}

// mysqlTLS sets TLS by ssl-mode: https://dev.mysql.com/doc/refman/8.4/en/connection-options.html#option_general_ssl-mode
func mysqlTLS(config *mysqldriver.Config, options url.Values, host string) error {
	mode := strings.ToUpper(options.Get("ssl-mode"))
	if mode == "" {
		mode = "PREFERRED"
		if options.Has("ssl-ca") {
			mode = "VERIFY_IDENTITY"
		}
	}
	switch mode {
	case "DISABLED":
		return nil
	case "PREFERRED":
		config.TLSConfig = "preferred"
		return nil
	case "REQUIRED", "VERIFY_CA", "VERIFY_IDENTITY":
	default:
		return errors.New("mysql: ssl-mode is one of DISABLED, PREFERRED, REQUIRED, VERIFY_CA, VERIFY_IDENTITY")
	}
	roots, err := mysqlRoots(options.Get("ssl-ca"))
	if err != nil {
		return err
	}
	config.TLS = &tls.Config{ServerName: host, RootCAs: roots, MinVersion: tls.VersionTLS12}
	if mode != "VERIFY_IDENTITY" {
		config.TLS.InsecureSkipVerify = true // REQUIRED encrypts only; VERIFY_CA verifies below
	}
	if mode == "VERIFY_CA" {
		config.TLS.VerifyConnection = verifyChain(roots)
	}
	if cert, key := options.Get("ssl-cert"), options.Get("ssl-key"); cert != "" || key != "" {
		pair, err := tls.LoadX509KeyPair(cert, key)
		if err != nil {
			return fmt.Errorf("mysql: ssl-cert, ssl-key: %w", err)
		}
		config.TLS.Certificates = []tls.Certificate{pair}
	}
	return nil
}

func mysqlRoots(path string) (*x509.CertPool, error) {
	if path == "" {
		return nil, nil // the system's
	}
	pem, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("mysql: ssl-ca: %w", err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("mysql: ssl-ca: no certificate in %s", path)
	}
	return roots, nil
}

// verifyChain verifies the certificate's chain, but not its host name.
func verifyChain(roots *x509.CertPool) func(tls.ConnectionState) error {
	return func(state tls.ConnectionState) error {
		between := x509.NewCertPool()
		for _, c := range state.PeerCertificates[1:] {
			between.AddCert(c)
		}
		_, err := state.PeerCertificates[0].Verify(x509.VerifyOptions{Roots: roots, Intermediates: between})
		return err
	}
}
