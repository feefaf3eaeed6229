package graphfake

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"
)

// Config says what the tenant holds and how it behaves. Only TenantID and one
// App are required; the zero value of everything else is a fast tenant that
// never lags, throttles or fails.
type Config struct {
	TenantID string
	Apps     []App
	Domains  []string // verified; the first is the default one
	SKUs     []SKU
	Groups   []Group

	// UniqueNicknames has mailNickname refused when any live user has it, whatever
	// their domain.
	UniqueNicknames bool

	Latency  Latency
	Throttle Throttle

	// Lag is how long the slowest replica takes to see a write. The first of
	// Replicas sees it at once, the others at even steps in between. A request
	// is answered by any of them.
	Lag      time.Duration
	Replicas int

	// IndexLag is how far queries are behind on top of that: a user whom a read by
	// id or principal name finds does not show in $filter yet, and a deleted one
	// still does.
	IndexLag time.Duration

	// PublicURL is the address clients use, for links in answers; by default it
	// is taken from each request.
	PublicURL string

	Seed  uint64 // of latencies, replicas, the order of batch answers
	Now   func() time.Time
	Sleep func(context.Context, time.Duration) error
}

// App is a registered application with its client secret, its application
// permissions, and the directory roles given to its service principal.
type App struct {
	ID     string
	Secret string
	Roles  []string
	// UserAdministrator is what a password reset needs beside its permission.
	UserAdministrator bool
}

// SKU is a subscription; its id and part number as Microsoft publishes them.
type SKU struct {
	ID         string
	PartNumber string
	Enabled    int
	Warning    int
	Suspended  int
	Consumed   int // seats already taken by people outside the fake
}

// Group is a security group. Members of a group with SKUs are licensed by it.
type Group struct {
	ID             string
	Name           string
	SKUs           []string
	Dynamic        bool // membership by rule: members cannot be added
	RoleAssignable bool // isAssignableToRole: an app cannot reset its members' and owners' passwords
}

// Latency is drawn evenly from Mean−Spread to Mean+Spread, once per HTTP request.
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
