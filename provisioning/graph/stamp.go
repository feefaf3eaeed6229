package graph

import (
	"reflect"
	"strings"

	"github.com/microsoftgraph/msgraph-sdk-go/models"

	"seducoahuila.gob.mx/altas/provisioning"
)

// stampOf reads the stamp from the configured property.
func (c *Client) stampOf(u models.Userable) provisioning.Stamp {
	if c.config.StampProperty == "employeeId" {
		return provisioning.Stamp(value(u.GetEmployeeId()))
	}
	attributes := u.GetOnPremisesExtensionAttributes()
	if attributes == nil {
		return ""
	}
	out := reflect.ValueOf(attributes).MethodByName("Get" + c.attribute()).Call(nil)
	text, _ := reflect.TypeAssert[*string](out[0])
	return provisioning.Stamp(value(text))
}

// setStamp sets the stamp in the configured property.
func (c *Client) setStamp(u models.Userable, stamp provisioning.Stamp) {
	text := string(stamp)
	if c.config.StampProperty == "employeeId" {
		u.SetEmployeeId(&text)
		return
	}
	attributes := models.NewOnPremisesExtensionAttributes()
	reflect.ValueOf(attributes).MethodByName("Set" + c.attribute()).Call([]reflect.Value{reflect.ValueOf(&text)})
	u.SetOnPremisesExtensionAttributes(attributes)
}

func (c *Client) attribute() string {
	return strings.Replace(c.config.StampProperty, "extension", "Extension", 1)
}

// stampFilter returns the filter clause for a stamp, and whether it needs an advanced query.
// https://learn.microsoft.com/graph/aad-advanced-queries#user-properties
func (c *Client) stampFilter(stamp provisioning.Stamp) (filter string, advanced bool) {
	return equal(c.stampPath(), string(stamp)), c.stampAdvanced()
}

func (c *Client) stampBegins(with string) string {
	return "startsWith(" + c.stampPath() + "," + quote(with) + ")"
}

func (c *Client) stampAdvanced() bool { return c.config.StampProperty != "employeeId" }

func (c *Client) stampPath() string {
	if c.stampAdvanced() {
		return "onPremisesExtensionAttributes/" + c.config.StampProperty
	}
	return c.config.StampProperty
}
