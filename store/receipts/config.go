package receipts

import (
	"errors"
	"time"
)

// Config says which database, and which table of it.
type Config struct {
	// DSN is sqlite:PATH, postgres://…, mysql://… or sqlserver://…; see README.md.
	DSN string
	// Reload, where set, is asked for the DSN before each new connection, so that
	// a rotated password is taken up without a restart. It may change all but the
	// kind of database.
	Reload func() (string, error)
	// Table maps an existing table; nil stands for our own schema, migrated.
	Table *TableMap

	Timeout     time.Duration    // of one statement, connecting included; 10 s
	MaxOpen     int              // connections at once; 8 (4 with SQLite)
	MaxIdle     int              // connections kept; 2
	MaxLifetime time.Duration    // of a connection, after which a fail-over or another login shows; 5 min
	Now         func() time.Time // time.Now
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

// Validate names every fault of the configuration.
func (c Config) Validate() error {
	_, err := parseDSN(c.DSN)
	if c.Table == nil {
		return err
	}
	return errors.Join(err, c.Table.Validate())
}
