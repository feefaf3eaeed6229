package connector

import (
	"context"
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"io"
	"net/http"

	"github.com/MicahParks/jwkset"
)

const maxKeyDocument = 1 << 20

// keySource reads the OpenID metadata document and the keys that it refers to.
type keySource struct {
	metadataURL string
	client      *http.Client
	hosts       hosts
}

type publishedKey struct {
	jwkset.JWKMarshal
	Endorsements []string `json:"endorsements"`
}

func (s keySource) fetch(ctx context.Context) (map[string]*signingKey, error) {
	var metadata struct {
		JWKSURI string `json:"jwks_uri"`
	}
	if err := s.get(ctx, s.metadataURL, &metadata); err != nil {
		return nil, fmt.Errorf("read OpenID metadata: %w", err)
	}
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := s.get(ctx, metadata.JWKSURI, &set); err != nil {
		return nil, fmt.Errorf("read signing keys: %w", err)
	}
	keys := make(map[string]*signingKey, len(set.Keys))
	for _, raw := range set.Keys {
		if kid, key := parseKey(raw); key != nil {
			keys[kid] = key
		}
	}
	if len(keys) == 0 {
		return nil, fmt.Errorf("read signing keys: none usable at %s", metadata.JWKSURI)
	}
	return keys, nil
}

// parseKey returns nil for what is not an RSA signing key of at least 2048 bits: one invalid key
// must not prevent the use of the others.
func parseKey(raw json.RawMessage) (string, *signingKey) {
	var p publishedKey
	if json.Unmarshal(raw, &p) != nil || p.KID == "" || p.KTY != jwkset.KtyRSA {
		return "", nil
	}
	if (p.USE != "" && p.USE != jwkset.UseSig) || (p.ALG != "" && p.ALG != jwkset.AlgRS256) {
		return "", nil
	}
	// Only the numbers: certificates and their URLs (x5c, x5u) are not used.
	bare := jwkset.JWKMarshal{KTY: p.KTY, KID: p.KID, N: p.N, E: p.E}
	jwk, err := jwkset.NewJWKFromMarshal(bare, jwkset.JWKMarshalOptions{}, jwkset.JWKValidateOptions{})
	if err != nil {
		return "", nil
	}
	public, ok := jwk.Key().(*rsa.PublicKey)
	if !ok || public.N.BitLen() < 2048 {
		return "", nil
	}
	return p.KID, &signingKey{public: public, endorsements: p.Endorsements}
}

func (s keySource) get(ctx context.Context, address string, into any) error {
	if !s.hosts.mayFetch(address) {
		return fmt.Errorf("%q is not an address keys may come from", address)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	req.Header.Set("Accept", "application/json")
	resp, err := s.client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: status %d", address, resp.StatusCode)
	}
	return json.NewDecoder(io.LimitReader(resp.Body, maxKeyDocument)).Decode(into)
}
