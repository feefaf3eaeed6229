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

	mu       sync.RWMutex // guards users to holdings
	users    map[string]*user
	order    []*user // by creation, the order of lists
	index    *index
	skus     []*SKU
	groups   map[string]*group
	domains  map[string]bool
	holdings map[string]map[string]bool // user id → sku ids

	admission admission // throttle, counts, faults
	entra     entra
	randomMu  sync.Mutex // guards random
	random    *rand.Rand
	started   time.Time
}

type group struct {
	Group
	members map[string]time.Time
	owners  map[string]bool
}

// New returns a tenant, or all faults of the Config.
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
	t.admission.init(config.Throttle)
	t.entra.init(config.Apps)
	return t, nil
}

// ServeHTTP serves Graph under /v1.0 and Entra elsewhere.
func (t *Tenant) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if path, isGraph := strings.CutPrefix(r.URL.EscapedPath(), "/v1.0"); isGraph {
		t.serveGraph(w, r, path)
		return
	}
	t.serveEntra(w, r)
}

// view is the state of the replica that serves a request: the versions until horizon.
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

// queryView returns the view of a query, whose index may be older than the replica.
func (t *Tenant) queryView(now time.Time, slowest bool) view {
	seen := t.pickView(now, slowest)
	if indexed := now.Add(-t.config.IndexLag); t.config.IndexLag > 0 && indexed.Before(seen.horizon) {
		seen.horizon = indexed
	}
	return seen
}

// versionLifetime is the greatest age of the versions in a view.
func (t *Tenant) versionLifetime() time.Duration { return max(t.config.Lag, t.config.IndexLag) }

func (t *Tenant) intN(n int) int {
	t.randomMu.Lock()
	defer t.randomMu.Unlock()
	return t.random.IntN(n)
}

func (t *Tenant) latency() time.Duration {
	t.randomMu.Lock()
	defer t.randomMu.Unlock()
	return t.config.Latency.draw(t.random)
}

func (t *Tenant) sku(id string) *SKU {
	i := slices.IndexFunc(t.skus, func(s *SKU) bool { return s.ID == fold(id) })
	if i < 0 {
		return nil
	}
	return t.skus[i]
}

// newID returns a random (version 4) GUID.
func (t *Tenant) newID() string {
	t.randomMu.Lock()
	hi, lo := t.random.Uint64(), t.random.Uint64()
	t.randomMu.Unlock()
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
