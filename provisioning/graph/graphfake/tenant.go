package graphfake

import (
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// Tenant is the fake. Its methods and its handler are safe for concurrent use.
type Tenant struct {
	config Config
	schema *schema
	table  Table
	routes map[string]*operation

	mu       sync.RWMutex // guards the directory itself
	users    map[string]*user
	order    []*user // by creation, as lists are paged
	index    *index
	skus     []*SKU
	groups   map[string]*group
	domains  map[string]bool
	holdings map[string]map[string]bool // user id → sku ids

	gate    gate // throttle, counts, faults
	entra   entra
	chance  sync.Mutex // guards random
	random  *rand.Rand
	started time.Time
}

type group struct {
	Group
	members map[string]time.Time
	owners  map[string]bool
}

// New builds the tenant, or says everything that is wrong with the Config.
func New(config Config) (*Tenant, error) {
	if err := config.validate(); err != nil {
		return nil, err
	}
	config.fill()
	parsed, err := microsoftSchema()
	if err != nil {
		return nil, err
	}
	table, err := Permissions()
	if err != nil {
		return nil, err
	}
	operations, err := routes(table)
	if err != nil {
		return nil, err
	}
	t := &Tenant{
		config: config, schema: parsed, table: table, routes: operations,
		users: map[string]*user{}, index: newIndex(), groups: map[string]*group{},
		domains: map[string]bool{}, holdings: map[string]map[string]bool{},
		random:  rand.New(rand.NewPCG(config.Seed, config.Seed^0x9e3779b97f4a7c15)),
		started: config.Now(),
	}
	for _, sku := range config.SKUs {
		sku.ID = fold(sku.ID)
		t.skus = append(t.skus, &sku)
	}
	for _, g := range config.Groups {
		t.groups[fold(g.ID)] = &group{Group: g, members: map[string]time.Time{}, owners: map[string]bool{}}
	}
	for _, domain := range config.Domains {
		t.domains[fold(domain)] = true
	}
	t.gate.init(config.Throttle)
	t.entra.init(config.Apps)
	return t, nil
}

// ServeHTTP answers Graph under /v1.0 and Entra everywhere else.
func (t *Tenant) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if path, isGraph := strings.CutPrefix(r.URL.EscapedPath(), "/v1.0"); isGraph {
		t.serveGraph(w, r, path)
		return
	}
	t.serveEntra(w, r)
}

// view is what the replica that answers this request has heard of.
type view struct{ horizon time.Time }

func (t *Tenant) pickView(now time.Time, slowest bool) view {
	if t.config.Lag <= 0 {
		return view{horizon: now}
	}
	replica := t.config.Replicas - 1
	if !slowest {
		replica = t.intN(t.config.Replicas)
	}
	if t.config.Replicas == 1 {
		return view{horizon: now.Add(-t.config.Lag)}
	}
	return view{horizon: now.Add(-t.config.Lag * time.Duration(replica) / time.Duration(t.config.Replicas-1))}
}

// queryView is what queries show: their index is behind the replica itself.
func (t *Tenant) queryView(now time.Time, slowest bool) view {
	seen := t.pickView(now, slowest)
	if indexed := now.Add(-t.config.IndexLag); t.config.IndexLag > 0 && indexed.Before(seen.horizon) {
		seen.horizon = indexed
	}
	return seen
}

// remembers is how old a version may be that somebody can still be shown.
func (t *Tenant) remembers() time.Duration { return max(t.config.Lag, t.config.IndexLag) }

func (t *Tenant) intN(n int) int {
	t.chance.Lock()
	defer t.chance.Unlock()
	return t.random.IntN(n)
}

func (t *Tenant) latency() time.Duration {
	t.chance.Lock()
	defer t.chance.Unlock()
	return t.config.Latency.draw(t.random)
}

func (t *Tenant) sku(id string) *SKU {
	i := slices.IndexFunc(t.skus, func(s *SKU) bool { return s.ID == fold(id) })
	if i < 0 {
		return nil
	}
	return t.skus[i]
}

// newID is a random (version 4) GUID.
func (t *Tenant) newID() string {
	t.chance.Lock()
	hi, lo := t.random.Uint64(), t.random.Uint64()
	t.chance.Unlock()
	return formatGUID(hi&^0xf000|0x4000, lo&^(3<<62)|1<<63)
}

func formatGUID(hi, lo uint64) string {
	const digits = "0123456789abcdef"
	out := make([]byte, 0, 36)
	for i := range 32 {
		if i == 8 || i == 12 || i == 16 || i == 20 {
			out = append(out, '-')
		}
		word := hi
		if i >= 16 {
			word = lo
		}
		out = append(out, digits[word>>(60-4*(i%16))&0xf])
	}
	return string(out)
}
