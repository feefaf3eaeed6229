package graph

import (
	"context"

	"github.com/microsoftgraph/msgraph-sdk-go/domains"
	"github.com/microsoftgraph/msgraph-sdk-go/models"
)

// Domains returns the verified domains of the tenant.
func (c *Client) Domains(ctx context.Context) ([]string, error) {
	info, err := domains.NewDomainsRequestBuilderInternal(c.path(), c.adapter).ToGetRequestInformation(ctx, nil)
	r, err := c.ask(ctx, info, err, readOther)
	if err != nil {
		return nil, err
	}
	page, err := decode[models.DomainCollectionResponseable](c, r, models.CreateDomainCollectionResponseFromDiscriminatorValue)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, d := range page.GetValue() {
		if value(d.GetIsVerified()) && d.GetId() != nil {
			names = append(names, *d.GetId())
		}
	}
	return names, nil
}
