package teamsfake

import (
	"crypto"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"maps"
	"time"
)

const botFrameworkIssuer = "https://api.botframework.com"

// Signature is how a token is signed.
type Signature int

// A valid signature, and the ways to forge one.
const (
	Genuine          Signature = iota
	UnpublishedKey             // by an unpublished key, with its own key id
	StolenKeyID                // by an unpublished key, with the key id of a published one
	UnendorsedKey              // by a published key without the endorsement of msteams
	NoSignature                // alg: none
	PublicKeyAsHMAC            // alg: HS256, the public key as the shared secret
	TamperedContents           // valid, but the claims were changed afterwards
)

// TokenSpec describes a token. The zero value is a valid one for the bot, with a lifetime of an
// hour.
type TokenSpec struct {
	Sign   Signature
	Header map[string]any // added to the header; nil removes a name
	Claims map[string]any // added to the claims; nil removes a name
}

// Token returns an inbound token, valid or forged.
func (f *Fake) Token(spec TokenSpec) string {
	now := f.cfg.Now()
	claims := merged(map[string]any{
		"iss": botFrameworkIssuer, "aud": f.cfg.AppID, "serviceurl": f.ServiceURL(),
		"nbf": now.Add(-time.Minute).Unix(), "exp": now.Add(time.Hour).Unix(),
	}, spec.Claims)
	return f.keys.token(spec, claims)
}

// token signs the claims as the spec says.
func (c *keyChain) token(spec TokenSpec, claims map[string]any) string {
	c.mu.Lock()
	signer, kid := c.signer(spec.Sign)
	c.mu.Unlock()
	header := map[string]any{"typ": "JWT", "alg": "RS256", "kid": kid, "x5t": kid}
	switch spec.Sign {
	case NoSignature:
		header["alg"] = "none"
	case PublicKeyAsHMAC:
		header["alg"] = "HS256"
	}
	return sign(spec.Sign, signer, segment(merged(header, spec.Header)), segment(claims))
}

// bearerLife is how long a token is reused, as the Bot Framework reuses one for a while.
const bearerLife = 5 * time.Minute

// bearer returns the valid token of deliveries. It is renewed every few minutes, and when the keys
// or the service URL change.
func (f *Fake) bearer() string {
	now, about := f.cfg.Now(), f.KeyID()+" "+f.ServiceURL()
	f.keys.mu.Lock()
	kept := f.keys.bearer
	f.keys.mu.Unlock()
	if kept.about == about && now.Sub(kept.made).Abs() < bearerLife {
		return kept.token
	}
	fresh := bearer{f.Token(TokenSpec{}), about, now}
	f.keys.mu.Lock()
	f.keys.bearer = fresh
	f.keys.mu.Unlock()
	return fresh.token
}

// RawToken signs any header and claims with the current key, for tokens that no JSON encoder would
// write.
func (f *Fake) RawToken(header, claims string) string {
	f.keys.mu.Lock()
	signer := f.keys.current()
	f.keys.mu.Unlock()
	return sign(Genuine, signer, encoded([]byte(header)), encoded([]byte(claims)))
}

// KeyID returns the id of the current signing key.
func (f *Fake) KeyID() string {
	f.keys.mu.Lock()
	defer f.keys.mu.Unlock()
	return f.keys.current().id
}

func (c *keyChain) signer(s Signature) (*key, string) {
	current := c.current()
	if c.unpublished == nil && (s == UnpublishedKey || s == StolenKeyID) {
		c.unpublished = c.make(newPrivateKey(), "msteams")
	}
	if c.unendorsed == nil && s == UnendorsedKey {
		c.unendorsed = c.make(newPrivateKey(), "webchat", "directline")
	}
	switch s {
	case UnpublishedKey:
		return c.unpublished, c.unpublished.id
	case StolenKeyID:
		return c.unpublished, current.id
	case UnendorsedKey:
		return c.unendorsed, c.unendorsed.id
	}
	return current, current.id
}

func sign(how Signature, k *key, header, claims string) string {
	input := header + "." + claims
	switch how {
	case NoSignature:
		return input + "."
	case PublicKeyAsHMAC:
		mac := hmac.New(sha256.New, publicPEM(k))
		mac.Write([]byte(input))
		return input + "." + encoded(mac.Sum(nil))
	}
	digest := sha256.Sum256([]byte(input))
	signature, err := rsa.SignPKCS1v15(rand.Reader, k.private, crypto.SHA256, digest[:])
	if err != nil {
		return input + "."
	}
	if how == TamperedContents {
		input = header + "." + encoded(append([]byte(" "), decoded(claims)...))
	}
	return input + "." + encoded(signature)
}

func publicPEM(k *key) []byte {
	der, err := x509.MarshalPKIXPublicKey(&k.private.PublicKey)
	if err != nil {
		return nil
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
}

func merged(base, extra map[string]any) map[string]any {
	all := maps.Clone(base)
	for name, value := range extra {
		if value == nil {
			delete(all, name)
			continue
		}
		all[name] = value
	}
	return all
}

func segment(value map[string]any) string {
	raw, err := json.Marshal(value)
	if err != nil {
		return ""
	}
	return encoded(raw)
}

func encoded(raw []byte) string { return base64.RawURLEncoding.EncodeToString(raw) }

func decoded(text string) []byte {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return nil
	}
	return raw
}
