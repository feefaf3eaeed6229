package signin

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
)

// TabScope is the permission that Teams' clients have for the bot's registration: without it a token is
// not one that Teams got for a tab.
const TabScope = "access_as_user"

// tabClients are Teams' own clients, on the desktop and telephones and in a browser; no other program may
// get a token for a person and show it here.
// https://learn.microsoft.com/microsoftteams/platform/tabs/how-to/authentication/tab-sso-register-aad
var tabClients = []string{"1fec8e78-bce4-4aaf-ab1b-5451cc387264", "5e3ce6c0-2b1f-4285-8d4b-75ee78787346"}

// TabToken is what a genuine access token of a tab says.
type TabToken struct {
	ObjectID string    // the person's, in lower case
	ID       string    // of the token, the same however it is written
	Ends     time.Time // when it expires
}

// VerifyTab returns what an access token says that Teams got for a person's tab. The error is a
// *problem.Error: CodeForbidden for a token that is not Entra's, of this tenant, for this registration and
// TabScope, got by Teams, or is out of date; CodeUnavailable if Entra's keys cannot be read, or if too
// many tokens with unknown keys came.
// https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
func (e *Entra) VerifyTab(ctx context.Context, accessToken string) (TabToken, error) {
	if len(accessToken) > maxToken {
		return TabToken{}, forbidden(errors.New("no token of usual size"))
	}
	kid, err := keyID(accessToken)
	if err != nil {
		return TabToken{}, forbidden(err)
	}
	if !e.unknown.allow(kid, e.now()) {
		return TabToken{}, unavailable(errors.New("too many tokens with unknown keys"))
	}
	token, err := e.verified(ctx, accessToken)
	if err != nil {
		return TabToken{}, err
	}
	e.unknown.met(kid)
	return e.tab(token)
}

// tab checks what a genuine token says, and returns whose it is.
func (e *Entra) tab(token *oidc.IDToken) (TabToken, error) {
	var claims struct {
		Tenant  string `json:"tid"`
		Object  string `json:"oid"`
		Scope   string `json:"scp"`
		Version string `json:"ver"`
		Client  string `json:"azp"`
		ID      string `json:"uti"`
		Begins  *int64 `json:"nbf"`
	}
	if err := token.Claims(&claims); err != nil {
		return TabToken{}, forbidden(err)
	}
	switch {
	case len(token.Audience) != 1:
		return TabToken{}, forbidden(errors.New("the token is for others too"))
	case !strings.EqualFold(claims.Tenant, e.tenant):
		return TabToken{}, forbidden(errors.New("the token is of another tenant"))
	case claims.Version != "2.0":
		return TabToken{}, forbidden(errors.New("the token is not of version 2.0: set requestedAccessTokenVersion in the registration"))
	case !slices.Contains(strings.Fields(claims.Scope), TabScope):
		return TabToken{}, forbidden(errors.New("the token is not for " + TabScope))
	case !slices.Contains(tabClients, strings.ToLower(claims.Client)):
		return TabToken{}, forbidden(errors.New("another program than Teams got the token"))
	case claims.Begins == nil || claims.ID == "":
		return TabToken{}, forbidden(errors.New("the token has no beginning or no id"))
	case !isGUID(claims.Object):
		return TabToken{}, forbidden(errors.New("the token has no object id"))
	}
	return TabToken{ObjectID: strings.ToLower(claims.Object), ID: claims.ID, Ends: token.Expiry}, nil
}

// keyID returns the key id that a token claims, unverified.
func keyID(token string) (string, error) {
	head, _, _ := strings.Cut(token, ".")
	raw, err := base64.RawURLEncoding.DecodeString(head)
	if err != nil {
		return "", fmt.Errorf("the token's header is unreadable: %w", err)
	}
	var header struct {
		Key string `json:"kid"`
	}
	if err := json.Unmarshal(raw, &header); err != nil || header.Key == "" {
		return "", errors.New("the token names no key")
	}
	return header.Key, nil
}
