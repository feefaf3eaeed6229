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

// keyChain holds the signing keys of the Bot Framework, or of Entra.
type keyChain struct {
	endorsements []string // of the published keys; Entra's have none

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

// sharedKey and sharedEntraKey are the first keys of every Fake of the process: making a key takes
// longer than most tests.
var sharedKey, sharedEntraKey = sync.OnceValue(newPrivateKey), sync.OnceValue(newPrivateKey)

// newPrivateKey returns nil if there is no randomness, which Go rules out: no signature verifies
// without a key.
func newPrivateKey() *rsa.PrivateKey {
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil
	}
	return private
}

func newKeyChain(first *rsa.PrivateKey, endorsements ...string) *keyChain {
	c := &keyChain{endorsements: endorsements}
	c.publish(first)
	return c
}

func (c *keyChain) make(private *rsa.PrivateKey, endorsements ...string) *key {
	c.serial++
	return &key{id: opaque(fmt.Sprint("key", c.serial, private.N), 27), private: private, endorsements: endorsements}
}

func (c *keyChain) publish(private *rsa.PrivateKey) {
	c.published = append(c.published, c.make(private, c.endorsements...))
}

func (c *keyChain) current() *key { return c.published[len(c.published)-1] }

// RotateKeys publishes a new signing key and signs with it from then on. The old keys stay
// published unless dropOld.
func (f *Fake) RotateKeys(dropOld bool) { f.keys.rotate(dropOld) }

func (c *keyChain) rotate(dropOld bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.publish(newPrivateKey())
	if dropOld {
		c.published = c.published[len(c.published)-1:]
	}
}

// KeysDown makes the metadata and the keys answer 503, or serves them again.
func (f *Fake) KeysDown(down bool) { f.keys.setDown(down) }

func (c *keyChain) setDown(down bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.down = down
}

// KeyReads returns how often the metadata document and the keys were read.
func (f *Fake) KeyReads() (metadata, keys int) { return f.keys.reads() }

func (c *keyChain) reads() (metadata, keys int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.metadata, c.jwks
}

// serveMetadata serves the document that names the keys.
func (c *keyChain) serveMetadata(document object) answer {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.metadata++
	if c.down {
		return answer{status: http.StatusServiceUnavailable}
	}
	return ok(document)
}

func botFrameworkMetadata(r *http.Request) object {
	return object{
		"issuer":                                botFrameworkIssuer,
		"authorization_endpoint":                "https://invalid.botframework.com",
		"jwks_uri":                              origin(r) + "/v1/.well-known/keys",
		"id_token_signing_alg_values_supported": []string{"RS256"},
		"token_endpoint_auth_methods_supported": []string{"private_key_jwt"},
	}
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
		public := object{
			"kty": "RSA", "use": "sig", "kid": k.id, "x5t": k.id,
			"n": base64.RawURLEncoding.EncodeToString(k.private.N.Bytes()),
			"e": base64.RawURLEncoding.EncodeToString(big.NewInt(int64(k.private.E)).Bytes()),
		}
		if len(k.endorsements) > 0 {
			public["endorsements"] = k.endorsements
		}
		list = append(list, public)
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
