package receipts

import (
	"context"
	"database/sql/driver"
	"net"
	"time"

	mssql "github.com/microsoft/go-mssqldb"
	"github.com/microsoft/go-mssqldb/msdsn"
)

// sqlserverConnector aborts a login when its context ends. The driver itself uses the context
// only for dialling, and then waits for the server's response without a limit.
type sqlserverConnector struct{ config msdsn.Config }

// Connect implements driver.Connector.
func (c sqlserverConnector) Connect(ctx context.Context) (driver.Conn, error) {
	dialer := &interruptible{login: ctx}
	defer dialer.release()
	connector := mssql.NewConnectorConfig(c.config)
	connector.Dialer = dialer
	conn, err := connector.Connect(ctx)
	if err != nil && ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return conn, err
}

// Driver implements driver.Connector.
func (c sqlserverConnector) Driver() driver.Driver { return &mssql.Driver{} }

// interruptible is an mssql.Dialer whose connections time out when the login's context ends.
type interruptible struct {
	login    context.Context //nolint:containedctx // the driver dials with another, shorter context
	releases []func() bool
}

// DialContext implements mssql.Dialer.
func (d *interruptible) DialContext(ctx context.Context, network, addr string) (net.Conn, error) {
	conn, err := new(net.Dialer).DialContext(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	breakOff := func() { _ = conn.SetDeadline(time.Unix(1, 0)) }
	d.releases = append(d.releases, context.AfterFunc(d.login, breakOff)) //nolint:contextcheck // the dial context ends before the login
	return conn, nil
}

func (d *interruptible) release() {
	for _, stop := range d.releases {
		stop()
	}
}
