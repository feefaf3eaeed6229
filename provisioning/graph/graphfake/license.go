package graphfake

import (
	"fmt"
	"time"
)

// assignLicense assigns and removes licences.
// https://learn.microsoft.com/graph/api/user-assignlicense
func (t *Tenant) assignLicense(c *call) answer {
	add, remove, f := t.readAssignment(c)
	if f != nil {
		return t.refuse(c, f)
	}
	u, v := t.find(c, c.args[0])
	if u == nil {
		return t.refuse(c, notFound(c.args[0]))
	}
	if len(add) > 0 && text(v.props, "usageLocation") == "" {
		return t.refuse(c, badRequest("License assignment cannot be done for user with invalid usage location."))
	}
	if f := t.checkSeats(u, add, remove); f != nil {
		return t.refuse(c, f)
	}
	for _, id := range remove {
		t.release(u, id)
	}
	for _, id := range add {
		t.hold(u, id)
	}
	t.showLicenses(u, c.now)
	return ok(t.withContext(c, "users/$entity", t.schema.show(u, u.newest(), defaultProperties())))
}

func (t *Tenant) readAssignment(c *call) (add, remove []string, f *fault) {
	object, f := decodeObject(c.body)
	if f != nil {
		return nil, nil, f
	}
	action := t.schema.actions["assignLicense"]
	if f := t.schema.check(action, object, ""); f != nil {
		return nil, nil, f
	}
	for name := range action.props {
		if _, given := object[name]; !given {
			return nil, nil, badRequest("One or more parameters of the operation 'assignLicense' are missing from the request payload. The missing parameters are: " + name + ".")
		}
	}
	licenses, _ := object["addLicenses"].([]any)
	for _, item := range licenses {
		license, _ := item.(map[string]any)
		id := text(license, "skuId")
		if t.sku(id) == nil {
			return nil, nil, badRequest("License " + id + " does not correspond to a valid company License.")
		}
		add = append(add, fold(id))
	}
	for _, id := range texts(object, "removeLicenses") {
		remove = append(remove, fold(id))
	}
	return add, remove, nil
}

func (t *Tenant) checkSeats(u *user, add, remove []string) *fault {
	for _, id := range remove {
		if !t.holdings[u.id][id] {
			return badRequest("User does not have a corresponding license.")
		}
	}
	for _, id := range add {
		if !t.holdings[u.id][id] && t.sku(id).free() <= 0 {
			return badRequest(fmt.Sprintf("Subscription with SKU %s does not have any available licenses.", id))
		}
	}
	return nil
}

func (s *SKU) free() int { return s.Enabled + s.Warning - s.Consumed }

func (t *Tenant) hold(u *user, id string) {
	if t.holdings[u.id] == nil {
		t.holdings[u.id] = map[string]bool{}
	}
	if !t.holdings[u.id][id] {
		t.holdings[u.id][id] = true
		t.sku(id).Consumed++
	}
}

func (t *Tenant) release(u *user, id string) {
	if t.holdings[u.id][id] {
		delete(t.holdings[u.id], id)
		t.sku(id).Consumed--
	}
}

func (t *Tenant) releaseAll(u *user) {
	for id := range t.holdings[u.id] {
		t.release(u, id)
	}
}

// showLicenses updates assignedLicenses. A licensed user gets a mailbox: its address is set in mail and
// proxyAddresses.
func (t *Tenant) showLicenses(u *user, now time.Time) {
	t.change(u, now, func(props map[string]any) {
		list := []any{}
		for _, sku := range t.skus {
			if t.holdings[u.id][sku.ID] {
				list = append(list, map[string]any{"disabledPlans": []any{}, "skuId": sku.ID})
			}
		}
		props["assignedLicenses"] = list
		if len(list) > 0 && props["mail"] == nil {
			props["mail"] = props["userPrincipalName"]
			props["proxyAddresses"] = []any{"SMTP:" + text(props, "userPrincipalName")}
		}
	})
}

func (t *Tenant) licenseDetails(c *call) answer {
	u, _ := t.find(c, c.args[0])
	if u == nil {
		return t.refuse(c, notFound(c.args[0]))
	}
	list := []any{}
	for _, sku := range t.skus {
		if t.holdings[u.id][sku.ID] {
			list = append(list, map[string]any{"id": sku.ID, "skuId": sku.ID, "skuPartNumber": sku.PartNumber, "servicePlans": []any{}})
		}
	}
	return ok(t.withContext(c, "licenseDetails", map[string]any{"value": list}))
}

func (t *Tenant) listSKUs(c *call) answer {
	list := []any{}
	for _, sku := range t.skus {
		list = append(list, map[string]any{
			"accountName": "fake", "accountId": t.config.TenantID, "appliesTo": "User",
			"capabilityStatus": "Enabled", "consumedUnits": sku.Consumed,
			"id": t.config.TenantID + "_" + sku.ID, "skuId": sku.ID, "skuPartNumber": sku.PartNumber,
			"prepaidUnits":    map[string]any{"enabled": sku.Enabled, "suspended": sku.Suspended, "warning": sku.Warning, "lockedOut": 0},
			"subscriptionIds": []any{}, "servicePlans": []any{},
		})
	}
	return ok(t.withContext(c, "subscribedSkus", map[string]any{"value": list}))
}
