package teamsfake

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Config configures a Fake. Only AppID, AppPassword and TenantID are required.
type Config struct {
	AppID       string
	AppPassword string
	TenantID    string
	BotName     string // "Altas" when empty
	Locale      string // "es-MX" when empty
	Apps        []App  // further applications that may request tokens, such as Graph's
	NoLimits    bool   // never answer 429 for a documented limit
	NoFiles     bool   // the app's manifest has no supportsFiles
	Now         func() time.Time
	Client      *http.Client // delivers activities to the bot
}

// App is an application registered in a tenant of the authority.
type App struct {
	TenantID string
	ID       string
	Secret   string
	Scopes   []string // such as "https://graph.microsoft.com/.default"
}

// Fake is Teams with the Bot Connector and Entra. It is safe for concurrent use.
type Fake struct {
	cfg       Config
	keys      *keyChain // the Bot Framework's
	entraKeys *keyChain

	mu         sync.Mutex
	serviceURL string
	botURL     string
	apps       []App
	grants     map[string]Grant
	redirects  []string // redirect URIs of the bot's app
	people     map[string]*Person
	teams      map[string]*Team
	chats      map[string]*conversation
	files      map[string]*file
	faults     []*Fault
	calls      []Call
	rates      map[string][]time.Time
	complaints []string
	serial     int64
	changed    chan struct{} // closed and replaced by every change of state
}

// New returns a Fake without people and teams. Call Connect before any person acts.
func New(cfg Config) *Fake {
	cfg.BotName, cfg.Locale = cmp.Or(cfg.BotName, "Altas"), cmp.Or(cfg.Locale, "es-MX")
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Client == nil {
		cfg.Client = &http.Client{Timeout: 20 * time.Second}
	}
	f := &Fake{
		cfg: cfg, keys: newKeyChain(sharedKey(), "msteams", "webchat", "emulator", "directline"), entraKeys: newKeyChain(sharedEntraKey()),
		grants: map[string]Grant{}, people: map[string]*Person{}, teams: map[string]*Team{},
		chats: map[string]*conversation{}, files: map[string]*file{}, rates: map[string][]time.Time{},
		changed: make(chan struct{}),
	}
	scopes := []string{connectorScope}
	f.apps = append([]App{
		{TenantID: cfg.TenantID, ID: cfg.AppID, Secret: cfg.AppPassword, Scopes: scopes},
		{TenantID: "botframework.com", ID: cfg.AppID, Secret: cfg.AppPassword, Scopes: scopes},
	}, cfg.Apps...)
	return f
}

// Connect sets the fake's base URL and the bot's messaging endpoint. The serviceUrl of activities
// is base + "/teams/".
func (f *Fake) Connect(base, botEndpoint string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.serviceURL = strings.TrimRight(base, "/") + "/teams/"
	f.botURL = botEndpoint
}

// ServiceURL returns the serviceUrl of activities.
func (f *Fake) ServiceURL() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.serviceURL
}

// BotID returns the bot's account id in Teams.
func (f *Fake) BotID() string { return "28:" + f.cfg.AppID }

// Complaints returns what real Teams would have altered without an error: text and card together,
// more than six buttons, zero timestamps, a missing fallback.
func (f *Fake) Complaints() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]string(nil), f.complaints...)
}

func (f *Fake) complain(format string, args ...any) {
	f.complaints = append(f.complaints, fmt.Sprintf(format, args...))
}

// signal wakes all callers of Await. The lock is held.
func (f *Fake) signal() {
	close(f.changed)
	f.changed = make(chan struct{})
}

// Await waits until the condition holds; it is evaluated after every change of state.
func (f *Fake) Await(ctx context.Context, holds func() bool) error {
	for {
		f.mu.Lock()
		changed := f.changed
		f.mu.Unlock()
		if holds() {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// nextID returns a unique message id as Teams makes them, in milliseconds. The lock is held.
func (f *Fake) nextID() string {
	f.serial = max(f.serial+1, f.cfg.Now().UnixMilli())
	return fmt.Sprint(f.serial)
}

// opaque returns a stable id of the given length, derived from the seed.
func opaque(seed string, length int) string {
	sum := sha256.Sum256([]byte(seed))
	more := sha256.Sum256(sum[:])
	return base64.RawURLEncoding.EncodeToString(append(sum[:], more[:]...))[:length]
}

// guid returns a stable GUID, derived from the seed.
func guid(seed string) string {
	sum := sha256.Sum256([]byte(seed))
	sum[6], sum[8] = sum[6]&0x0f|0x40, sum[8]&0x3f|0x80
	text := hex.EncodeToString(sum[:16])
	return text[:8] + "-" + text[8:12] + "-" + text[12:16] + "-" + text[16:20] + "-" + text[20:]
}
