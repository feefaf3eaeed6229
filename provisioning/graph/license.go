package graph

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/microsoftgraph/msgraph-sdk-go/models"
	"github.com/microsoftgraph/msgraph-sdk-go/subscribedskus"
	"github.com/microsoftgraph/msgraph-sdk-go/users"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// License assigns a licence (skuId) to a user. A user who is not found was created moments ago:
// the error is DirectoryNotReady.
func (c *Client) License(ctx context.Context, objectID, sku string) error {
	id, err := uuid.Parse(sku)
	if err != nil {
		return job.Permanent(problem.Refuse(problem.CodeInvalid, provisioning.DirectoryRefused, "detail", "sku "+sku+" is not a GUID"))
	}
	license := models.NewAssignedLicense()
	license.SetSkuId(&id)
	license.SetDisabledPlans([]uuid.UUID{})
	body := users.NewItemAssignLicensePostRequestBody()
	body.SetAddLicenses([]models.AssignedLicenseable{license})
	body.SetRemoveLicenses([]uuid.UUID{}) // both arrays are required
	info, err := c.users().ByUserId(objectID).AssignLicense().ToPostRequestInformation(ctx, body, nil)
	_, err = c.ask(ctx, info, err, writeIdempotent)
	return notReady(err)
}

// notReady converts DirectoryNotFound, which is permanent, to DirectoryNotReady, which is
// retried: right after a creation not every replica knows the user.
func notReady(err error) error {
	var missing *problem.Error
	if !errors.As(err, &missing) || missing.Reason != provisioning.DirectoryNotFound {
		return err
	}
	e := problem.Refuse(problem.CodeUnavailable, provisioning.DirectoryNotReady)
	e.Err = fmt.Errorf("not known everywhere yet: %w", missing.Err)
	return e
}

// Licences returns the tenant's subscribed SKUs, with their total and free seats.
func (c *Client) Licences(ctx context.Context) ([]provisioning.Licence, error) {
	info, err := subscribedskus.NewSubscribedSkusRequestBuilderInternal(c.path(), c.adapter).ToGetRequestInformation(ctx, nil)
	r, err := c.ask(ctx, info, err, readOther)
	if err != nil {
		return nil, err
	}
	page, err := decode[models.SubscribedSkuCollectionResponseable](c, r, models.CreateSubscribedSkuCollectionResponseFromDiscriminatorValue)
	if err != nil {
		return nil, err
	}
	var stock []provisioning.Licence
	for _, sku := range page.GetValue() {
		if sku.GetSkuId() != nil {
			stock = append(stock, licence(sku))
		}
	}
	return stock, nil
}

// licence counts seats as the Microsoft 365 admin center does: seats in their grace period
// (warning) can still be assigned.
func licence(sku models.SubscribedSkuable) provisioning.Licence {
	l := provisioning.Licence{SKU: sku.GetSkuId().String(), Name: value(sku.GetSkuPartNumber())}
	if units := sku.GetPrepaidUnits(); units != nil {
		l.All = int(value(units.GetEnabled())) + int(value(units.GetWarning()))
	}
	if usable := []string{"enabled", "warning"}; slices.Contains(usable, strings.ToLower(value(sku.GetCapabilityStatus()))) {
		l.Free = max(0, l.All-int(value(sku.GetConsumedUnits())))
	}
	return l
}
