package connector

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/infracloudio/msbotbuilder-go/connector/auth"
	"github.com/infracloudio/msbotbuilder-go/schema"
)

const (
	tokenSkew = 5 * time.Minute
	maxToken  = 16 << 10
)

// validator verifies the tokens of the Bot Framework.
// https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication
type validator struct {
	appID  string
	hosts  hosts
	keys   *keyring
	parser *jwt.Parser
	claims *jwt.Validator
}

var _ auth.TokenValidator = (*validator)(nil)

func newValidator(appID, issuer string, trusted hosts, keys *keyring, now func() time.Time) *validator {
	rules := []jwt.ParserOption{
		jwt.WithValidMethods([]string{"RS256"}),
		jwt.WithIssuer(issuer),
		jwt.WithLeeway(tokenSkew),
		jwt.WithExpirationRequired(), // nbf is checked if present; Microsoft's own SDKs require no more
		jwt.WithStrictDecoding(),
		jwt.WithTimeFunc(now),
	}
	return &validator{appID: appID, hosts: trusted, keys: keys, parser: jwt.NewParser(rules...), claims: jwt.NewValidator(rules...)}
}

// proof is a verified token, not yet bound to an activity.
type proof struct {
	header string
	claims jwt.MapClaims
	key    *signingKey
}

type proofKey struct{}

// in passes the proof through the builder's AuthenticateRequest, which takes only the header, so
// that a token is verified once.
func (p *proof) in(ctx context.Context) context.Context { return context.WithValue(ctx, proofKey{}, p) }

// prove verifies the Authorization header without the activity.
func (v *validator) prove(ctx context.Context, header string) (*proof, error) {
	if p, ok := ctx.Value(proofKey{}).(*proof); ok && p.header == header {
		return p, nil
	}
	token, err := bearer(header)
	if err != nil {
		return nil, err
	}
	claims, key, err := v.verify(ctx, token)
	return &proof{header, claims, key}, err
}

// AuthenticateRequest verifies the Authorization header against the activity. The credentials
// and the channel service are the builder's parameters and unused.
func (v *validator) AuthenticateRequest(ctx context.Context, act schema.Activity, header string, _ auth.CredentialProvider, _ string) (auth.ClaimsIdentity, error) {
	p, err := v.prove(ctx, header)
	if err != nil {
		return nil, err
	}
	if err := v.bind(p.claims, p.key, act); err != nil {
		return nil, err
	}
	return auth.NewClaimIdentity(p.claims, true), nil
}

func bearer(header string) (string, error) {
	scheme, token, found := strings.Cut(header, " ")
	if !found || !strings.EqualFold(scheme, "Bearer") {
		return "", errors.New("no bearer token")
	}
	if token == "" || len(token) > maxToken || strings.ContainsAny(token, " \t\r\n,") {
		return "", errors.New("malformed bearer token")
	}
	return token, nil
}

// verify verifies the token: signature, issuer, audience and time.
func (v *validator) verify(ctx context.Context, token string) (jwt.MapClaims, *signingKey, error) {
	if err := refuseDuplicates(token); err != nil {
		return nil, nil, err
	}
	var key *signingKey
	claims := jwt.MapClaims{}
	_, err := v.parser.ParseWithClaims(token, claims, func(t *jwt.Token) (any, error) {
		// Before the key look-up: a token that is invalid anyway costs no call.
		kid, err := v.check(t, claims)
		if err != nil {
			return nil, err
		}
		if key, err = v.keys.find(ctx, kid); err != nil {
			return nil, err
		}
		return key.public, nil
	})
	if err != nil {
		return nil, nil, err
	}
	return claims, key, nil
}

// check verifies everything but the signature and returns the id of the signing key.
func (v *validator) check(t *jwt.Token, claims jwt.MapClaims) (kid string, err error) {
	kid, _ = t.Header["kid"].(string)
	if kid == "" || len(kid) > 256 {
		return "", errors.New("token names no key")
	}
	if _, critical := t.Header["crit"]; critical {
		return "", errors.New("token requires unknown extensions (crit)")
	}
	audience, err := claims.GetAudience()
	if err != nil || len(audience) != 1 || !strings.EqualFold(audience[0], v.appID) {
		return "", errors.New("token is for another audience")
	}
	for _, name := range []string{"exp", "nbf"} {
		if at, ok := claims[name].(float64); ok && math.Abs(at) > lastSecond {
			return "", fmt.Errorf("token has an invalid time in %s", name)
		}
	}
	return kid, v.claims.Validate(claims)
}

// lastSecond is the end of the year 9999. A far greater number overflows when converted to a
// time, so that an nbf could appear to be past.
const lastSecond = 253402300799

// bind checks that a verified token belongs to the activity.
func (v *validator) bind(claims jwt.MapClaims, key *signingKey, act schema.Activity) error {
	service, _ := claims["serviceurl"].(string)
	if service == "" || service != act.ServiceURL {
		return errors.New("token does not belong to this activity: serviceurl differs")
	}
	if !v.hosts.trusts(act.ServiceURL) {
		return errors.New("token does not belong to this activity: service host is not trusted")
	}
	if act.ChannelID == "" || !slices.Contains(key.endorsements, act.ChannelID) {
		return fmt.Errorf("token does not belong to this activity: its key does not endorse channel %q", act.ChannelID)
	}
	return nil
}

// refuseDuplicates refuses a header or claims with a repeated name: two parsers could each use
// another value.
func refuseDuplicates(token string) error {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return errors.New("malformed token")
	}
	for _, part := range parts[:2] {
		raw, err := base64.RawURLEncoding.DecodeString(part)
		if err != nil {
			return errors.New("malformed token")
		}
		if err := uniqueNames(raw); err != nil {
			return err
		}
	}
	return nil
}

func uniqueNames(raw []byte) error {
	if raw = bytes.TrimSpace(raw); !json.Valid(raw) || kind(raw) != '{' {
		return errors.New("malformed token")
	}
	seen := make(map[string]bool, 8)
	for name := range members(raw) {
		if seen[name] {
			return fmt.Errorf("token has %q twice", name)
		}
		seen[name] = true
	}
	return nil
}
