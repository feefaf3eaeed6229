package teamsfake

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"fmt"
	"math/big"
	"net/http"
	"sync"
	"time"
)

// keyChain holds the Bot Framework's signing keys.
type keyChain struct {
	mu          sync.Mutex
	published   []*key
	unpublished *key // never published; made on first use
	unendorsed  *key // published, but without the endorsement of msteams; made on first use
	serial      int
	down        bool
	metadata    int // number of reads of the metadata document
	jwks        int
	bearer      bearer
}

// bearer is a cached token and what it was signed for.
type bearer struct {
	token, about string
	made         time.Time
}

type key struct {
	id           string
	private      *rsa.PrivateKey
	endorsements []string
}

// sharedKey is the first key of every Fake of the process: making a key takes longer than most
// tests.
var sharedKey = sync.OnceValue(newPrivateKey)

// newPrivateKey returns nil if there is no randomness, which Go rules out: no signature verifies
// without a key.
func newPrivateKey() *rsa.PrivateKey {
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil
	}
	return private
}

func newKeyChain() *keyChain {
	c := &keyChain{}
	c.publish(sharedKey())
	return c
}

func (c *keyChain) make(private *rsa.PrivateKey, endorsements ...string) *key {
	c.serial++
	return &key{id: opaque(fmt.Sprint("key", c.serial, private.N), 27), private: private, endorsements: endorsements}
}

func (c *keyChain) publish(private *rsa.PrivateKey) {
	c.published = append(c.published, c.make(private, "msteams", "webchat", "emulator", "directline"))
}

func (c *keyChain) current() *key { return c.published[len(c.published)-1] }

// RotateKeys publishes a new signing key and signs with it from then on. The old keys stay
// published unless dropOld.
func (f *Fake) RotateKeys(dropOld bool) {
	f.keys.mu.Lock()
	defer f.keys.mu.Unlock()
	f.keys.publish(newPrivateKey())
	if dropOld {
		f.keys.published = f.keys.published[len(f.keys.published)-1:]
	}
}

// KeysDown makes the metadata and the keys answer 503, or serves them again.
func (f *Fake) KeysDown(down bool) {
	f.keys.mu.Lock()
	defer f.keys.mu.Unlock()
	f.keys.down = down
}

// KeyReads returns how often the metadata document and the keys were read.
func (f *Fake) KeyReads() (metadata, keys int) {
	f.keys.mu.Lock()
	defer f.keys.mu.Unlock()
	return f.keys.metadata, f.keys.jwks
}

func (c *keyChain) serveMetadata(r *http.Request) answer {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.metadata++
	if c.down {
		return answer{status: http.StatusServiceUnavailable}
	}
	return ok(object{
		"issuer":                                botFrameworkIssuer,
		"authorization_endpoint":                "https://invalid.botframework.com",
		"jwks_uri":                              origin(r) + "/v1/.well-known/keys",
		"id_token_signing_alg_values_supported": []string{"RS256"},
		"token_endpoint_auth_methods_supported": []string{"private_key_jwt"},
	})
}

func (c *keyChain) serveKeys() answer {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.jwks++
	if c.down {
		return answer{status: http.StatusServiceUnavailable}
	}
	var list []object
	for _, k := range c.all() {
		list = append(list, object{
			"kty": "RSA", "use": "sig", "kid": k.id, "x5t": k.id,
			"n":            base64.RawURLEncoding.EncodeToString(k.private.N.Bytes()),
			"e":            base64.RawURLEncoding.EncodeToString(big.NewInt(int64(k.private.E)).Bytes()),
			"endorsements": k.endorsements,
		})
	}
	return ok(object{"keys": list})
}

func (c *keyChain) all() []*key {
	if c.unendorsed == nil {
		return c.published
	}
	return append([]*key{c.unendorsed}, c.published...)
}

func origin(r *http.Request) string {
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}
