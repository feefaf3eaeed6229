package receipts

import (
	"errors"
	"time"
)

// Config names the database and its table, and the limits of its connections.
type Config struct {
	// DSN is sqlite:PATH, postgres://…, mysql://… or sqlserver://…; see README.md.
	DSN string
	// Reload, if set, returns the DSN for each new connection, so that a rotated password needs
	// no restart. It may change all but the kind of database.
	Reload func() (string, error)
	// Table maps an existing table; nil is our own schema, which is migrated.
	Table *TableMap

	Timeout     time.Duration    // of one statement, connecting included; default 10 s
	MaxOpen     int              // open connections; default 8, at most 4 with SQLite
	MaxIdle     int              // idle connections; default 2
	MaxLifetime time.Duration    // of a connection, so that a fail-over or a new login takes effect; default 5 min
	Now         func() time.Time // default time.Now
}

func (c Config) withDefaults() Config {
	if c.Timeout <= 0 {
		c.Timeout = 10 * time.Second
	}
	if c.MaxOpen <= 0 {
		c.MaxOpen = 8
	}
	if c.MaxIdle <= 0 {
		c.MaxIdle = 2
	}
	if c.MaxLifetime <= 0 {
		c.MaxLifetime = 5 * time.Minute
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return c
}

// Validate returns every fault of the configuration, without connecting.
func (c Config) Validate() error {
	_, err := parseDSN(c.DSN)
	if c.Table == nil {
		return err
	}
	return errors.Join(err, c.Table.Validate())
}
