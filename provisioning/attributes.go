package provisioning

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// attributeFields are the {names} that an attribute's text may contain.
const attributeFields = "cct centro nivel grado grupo tipo"

// attributeField matches a {name} in an attribute's text.
var attributeField = regexp.MustCompile(`\{([^{}]*)\}`)

// Validate returns an error for each text with an unknown {name}, joined.
func (a Attributes) Validate() error {
	var faults []error
	for _, text := range []string{a.Department, a.OfficeLocation, a.CompanyName, a.JobTitle} {
		for _, m := range attributeField.FindAllStringSubmatch(text, -1) {
			if !slices.Contains(strings.Fields(attributeFields), m[1]) {
				faults = append(faults, fmt.Errorf("%q: unknown field {%s}; known are %s", text, m[1], attributeFields))
			}
		}
	}
	return errors.Join(faults...)
}
