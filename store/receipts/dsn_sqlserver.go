package receipts

import (
	"context"
	"database/sql/driver"
	"net"
	"time"

	mssql "github.com/microsoft/go-mssqldb"
	"github.com/microsoft/go-mssqldb/msdsn"
)

// sqlserverConnector ends a login with its context. The driver by itself heeds
// the context while it dials, then waits for the server's first words for ever.
type sqlserverConnector struct{ config msdsn.Config }

// Connect dials and logs in.
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

// Driver returns the driver.
func (c sqlserverConnector) Driver() driver.Driver { return &mssql.Driver{} }

// interruptible dials connections that break off when the login's context ends.
type interruptible struct {
	login    context.Context //nolint:containedctx // the driver dials with another, shorter one
	releases []func() bool
}

// DialContext dials.
func (d *interruptible) DialContext(ctx context.Context, network, addr string) (net.Conn, error) {
	conn, err := new(net.Dialer).DialContext(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	breakOff := func() { _ = conn.SetDeadline(time.Unix(1, 0)) }
	d.releases = append(d.releases, context.AfterFunc(d.login, breakOff)) //nolint:contextcheck // the dialling's context ends before the login does
	return conn, nil
}

func (d *interruptible) release() {
	for _, stop := range d.releases {
		stop()
	}
}
