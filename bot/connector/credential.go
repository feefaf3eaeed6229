package connector

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
)

// multiTenantAuthority is the tenant that issues tokens to multi-tenant bots.
const multiTenantAuthority = "botframework.com"

// credential gets the token for the Connector service; azidentity caches it until shortly before
// it expires.
type credential struct {
	scope string
	make  func() (azcore.TokenCredential, error)
	now   func() time.Time

	mu      sync.Mutex
	source  azcore.TokenCredential
	last    string
	renewed time.Time
}

func newCredential(cfg Config, client *http.Client) (*credential, error) {
	c := &credential{scope: issuerFor(cfg.OpenIDMetadataURL) + "/.default", now: cfg.Now}
	c.make = func() (azcore.TokenCredential, error) { return tokenSource(cfg, client) }
	source, err := c.make()
	c.source = source
	return c, err
}

func tokenSource(cfg Config, client *http.Client) (azcore.TokenCredential, error) {
	if cfg.Credential != nil {
		return cfg.Credential, nil
	}
	options := azcore.ClientOptions{
		Cloud:     cloud.Configuration{ActiveDirectoryAuthorityHost: cfg.AuthorityURL},
		Transport: client,
		Retry:     policy.RetryOptions{MaxRetries: 2, RetryDelay: 300 * time.Millisecond, MaxRetryDelay: 2 * time.Second},
	}
	if cfg.AppType == UserAssignedMSI {
		id := azidentity.ClientID(cfg.AppID)
		source, err := azidentity.NewManagedIdentityCredential(&azidentity.ManagedIdentityCredentialOptions{ClientOptions: options, ID: id})
		return source, wrap("managed identity", err)
	}
	tenant := cfg.TenantID
	if cfg.AppType == MultiTenant {
		tenant = multiTenantAuthority
	}
	source, err := azidentity.NewClientSecretCredential(tenant, cfg.AppID, string(cfg.AppPassword), &azidentity.ClientSecretCredentialOptions{
		ClientOptions:            options,
		DisableInstanceDiscovery: !isMicrosoftAuthority(cfg.AuthorityURL),
	})
	return source, wrap("client secret", err)
}

func wrap(act string, err error) error {
	if err != nil {
		return fmt.Errorf("connector: %s credential: %w", act, err)
	}
	return nil
}

func isMicrosoftAuthority(address string) bool {
	u, err := url.Parse(address)
	return err == nil && strings.EqualFold(u.Host, "login.microsoftonline.com")
}

func (c *credential) get(ctx context.Context) (string, error) {
	c.mu.Lock()
	source := c.source
	c.mu.Unlock()
	token, err := source.GetToken(ctx, policy.TokenRequestOptions{Scopes: []string{c.scope}})
	if err != nil {
		return "", fmt.Errorf("get a token for the Connector service: %w", err)
	}
	c.mu.Lock()
	c.last = token.Token
	c.mu.Unlock()
	return token.Token, nil
}

// renew drops a token that the service refused, at most once a minute: azidentity would return
// the same one until it expires.
func (c *credential) renew(refused string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.last != refused || c.now().Sub(c.renewed) < time.Minute {
		return
	}
	if source, err := c.make(); err == nil {
		c.source, c.renewed = source, c.now()
	}
}
