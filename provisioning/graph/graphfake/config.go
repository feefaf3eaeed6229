package graphfake

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"
)

// Config is the tenant's initial state and its behaviour. Only TenantID and one App are required; by
// default the tenant has no latency, replication lag, throttle or faults.
type Config struct {
	TenantID string
	Apps     []App
	Domains  []string // verified; the first is the default one
	SKUs     []SKU
	Groups   []Group

	// UniqueNicknames refuses a mailNickname that another user has, in any domain.
	UniqueNicknames bool

	Latency  Latency
	Throttle Throttle

	// Lag is the replication delay of the slowest replica. The first of Replicas has no delay, the
	// others' delays are evenly spaced. A request is served by a random one.
	Lag      time.Duration
	Replicas int

	// IndexLag is the delay of queries: a new user who can be read by id or userPrincipalName is not
	// in a list yet, and a deleted one still is.
	IndexLag time.Duration

	// PublicURL is the tenant's address in next links; by default that of each request.
	PublicURL string

	Seed  uint64 // of the random latencies, replicas, ids and the order of batch responses
	Now   func() time.Time
	Sleep func(context.Context, time.Duration) error
}

// App is an app registration with its client secret, its application permissions (Roles), and the
// directory role of its service principal.
type App struct {
	ID     string
	Secret string
	Roles  []string
	// UserAdministrator is the directory role that a password reset needs beside its permission.
	UserAdministrator bool
}

// SKU is a subscription, with its seats.
type SKU struct {
	ID         string
	PartNumber string
	Enabled    int
	Warning    int
	Suspended  int
	Consumed   int // assigned to users who are not in the fake
}

// Group is a security group. With SKUs its members get them (group-based licensing).
type Group struct {
	ID             string
	Name           string
	SKUs           []string
	Dynamic        bool // dynamic membership: members cannot be added
	RoleAssignable bool // isAssignableToRole: an app cannot reset its members' and owners' passwords
}

// Latency of an HTTP request is uniformly distributed from Mean−Spread to Mean+Spread.
type Latency struct{ Mean, Spread time.Duration }

func (c *Config) validate() error {
	var faults []error
	if c.TenantID == "" {
		faults = append(faults, errors.New("graphfake: TenantID required"))
	}
	if len(c.Apps) == 0 {
		faults = append(faults, errors.New("graphfake: at least one App required"))
	}
	for _, sku := range c.SKUs {
		if !isGUID(sku.ID) {
			faults = append(faults, fmt.Errorf("graphfake: SKU id %q is not a GUID", sku.ID))
		}
	}
	for _, g := range c.Groups {
		if !isGUID(g.ID) {
			faults = append(faults, fmt.Errorf("graphfake: group id %q is not a GUID", g.ID))
		}
	}
	return errors.Join(faults...)
}

func (c *Config) fill() {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Sleep == nil {
		c.Sleep = sleep
	}
	if c.Replicas < 1 {
		c.Replicas = 1
		if c.Lag > 0 {
			c.Replicas = 3
		}
	}
	if len(c.Domains) == 0 {
		c.Domains = []string{"contoso.example"}
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

func (l Latency) draw(r *rand.Rand) time.Duration {
	if l.Mean <= 0 {
		return 0
	}
	if l.Spread <= 0 {
		return l.Mean
	}
	return max(0, l.Mean-l.Spread+time.Duration(r.Int64N(int64(2*l.Spread)+1)))
}
