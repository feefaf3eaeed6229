package graphfake

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"
)

var guidPattern = regexp.MustCompile(`^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$`)

func isGUID(s string) bool { return len(s) == 36 && guidPattern.MatchString(s) }

// maxLength holds the documented lengths, in characters, by property path.
// https://learn.microsoft.com/graph/api/resources/user#properties
var maxLength = map[string]int{
	"city": 128, "companyName": 64, "country": 128, "department": 64, "displayName": 256,
	"employeeId": 16, "givenName": 64, "jobTitle": 128, "mailNickname": 64, "mobilePhone": 64,
	"officeLocation": 128, "postalCode": 40, "state": 128, "streetAddress": 1024, "surname": 64,
	"userPrincipalName": 113, "faxNumber": 64, "employeeType": 64, "mail": 256,
	"passwordProfile.password": 256,
}

// readOnly are the user's properties that no request may set (same document).
var readOnly = setOf("assignedLicenses", "assignedPlans", "createdDateTime", "creationType",
	"deletedDateTime", "id", "identityParentId", "imAddresses", "isManagementRestricted",
	"lastPasswordChangeDateTime", "legalAgeGroupClassification", "licenseAssignmentStates",
	"onPremisesDistinguishedName", "onPremisesDomainName", "onPremisesLastSyncDateTime",
	"onPremisesProvisioningErrors", "onPremisesSamAccountName", "onPremisesSecurityIdentifier",
	"onPremisesSyncEnabled", "onPremisesUserPrincipalName", "provisionedPlans", "proxyAddresses",
	"securityIdentifier", "serviceProvisioningErrors", "signInActivity",
	"signInSessionsValidFromDateTime", "mailboxSettings", "print", "authorizationInfo",
	"externalUserState", "externalUserStateChangeDateTime", "deviceEnrollmentLimit")

// aloneOnly live in SharePoint and cannot travel with the directory's own.
var aloneOnly = setOf("aboutMe", "birthday", "hireDate", "interests", "mySite", "pastProjects",
	"preferredName", "responsibilities", "schools", "skills")

// closedValues are strings whose values are enumerated in the documentation
// though the metadata calls them plain strings.
var closedValues = map[string]map[string]bool{
	"ageGroup":                setOf("Minor", "NotAdult", "Adult"),
	"consentProvidedForMinor": setOf("Granted", "Denied", "NotRequired"),
	"userType":                setOf("Member", "Guest"),
}

var valuePattern = map[string]*regexp.Regexp{
	"usageLocation":     regexp.MustCompile(`^[A-Z]{2}$`),
	"preferredLanguage": regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$`),
	"mailNickname":      regexp.MustCompile(`^[\x21-\x7e]+$`),
	"mail":              regexp.MustCompile(`^[^@\s]+@[^@\s]+$`),
}

// decodeObject reads a JSON object; numbers stay json.Number so that types can be told apart.
func decodeObject(body []byte) (map[string]any, *fault) {
	var object map[string]any
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	if err := decoder.Decode(&object); err != nil || object == nil {
		return nil, badRequest("Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.")
	}
	return object, nil
}

// checkUserBody holds a create's or an update's body to the metadata.
func (s *schema) checkUserBody(object map[string]any) *fault {
	alone := 0
	for name := range object {
		if strings.HasPrefix(name, "@odata.") {
			continue
		}
		if readOnly[name] {
			return invalidProperty(name, "Property '"+name+"' is read-only and cannot be set.")
		}
		if aloneOnly[name] {
			alone++
		}
	}
	if alone > 0 && alone < len(object) {
		return badRequest("The request contains properties that must be updated on their own.")
	}
	return s.check(s.types["user"], object, "")
}

// check holds one object to its type. Unknown names are refused.
func (s *schema) check(t *entityType, object map[string]any, path string) *fault {
	for name, value := range object {
		if strings.HasPrefix(name, "@odata.") {
			continue
		}
		p, known := t.props[name]
		if !known {
			return invalidProperty(path+name, fmt.Sprintf("Invalid property '%s'.", path+name))
		}
		if f := s.checkProperty(p, path+name, value); f != nil {
			return f
		}
	}
	return nil
}

func (s *schema) checkProperty(p property, path string, value any) *fault {
	if !p.collection {
		return s.checkValue(p.kind, p.nullable, path, value)
	}
	list, ok := value.([]any)
	if !ok {
		return invalidValue(path)
	}
	for _, item := range list {
		if f := s.checkValue(p.kind, false, path, item); f != nil {
			return f
		}
	}
	return nil
}

func (s *schema) checkValue(kind string, nullable bool, path string, value any) *fault {
	if value == nil {
		if nullable {
			return nil
		}
		return invalidValue(path)
	}
	if name, ok := strings.CutPrefix(kind, "graph."); ok {
		return s.checkNamed(name, path, value)
	}
	if !scalarFits(kind, value) {
		return invalidValue(path)
	}
	if text, ok := value.(string); ok && kind == "Edm.String" {
		return checkText(path, text)
	}
	return nil
}

func (s *schema) checkNamed(name, path string, value any) *fault {
	if members, ok := s.enums[name]; ok {
		text, isText := value.(string)
		if !isText || !members[text] {
			return invalidValue(path)
		}
		return nil
	}
	object, ok := value.(map[string]any)
	if !ok || s.types[name] == nil {
		return invalidValue(path)
	}
	return s.check(s.types[name], object, path+".")
}

func scalarFits(kind string, value any) bool {
	switch v := value.(type) {
	case bool:
		return kind == "Edm.Boolean"
	case json.Number:
		_, err := v.Int64()
		return strings.HasPrefix(kind, "Edm.Int") && err == nil || kind == "Edm.Double"
	case string:
		switch kind {
		case "Edm.Guid":
			return isGUID(v)
		case "Edm.DateTimeOffset":
			_, err := time.Parse(time.RFC3339Nano, v)
			return err == nil
		}
		return kind == "Edm.String" || kind == "Edm.Binary" || kind == "Edm.TimeOfDay"
	}
	return false
}

func checkText(path, text string) *fault {
	limit := maxLength[path]
	if strings.HasPrefix(path, "onPremisesExtensionAttributes.") {
		limit = 1024
	}
	if limit > 0 && utf8.RuneCountInString(text) > limit {
		return invalidLength(path, limit)
	}
	if values := closedValues[path]; values != nil && !values[text] {
		return invalidValue(path)
	}
	if pattern := valuePattern[path]; pattern != nil && !pattern.MatchString(text) {
		return invalidValue(path)
	}
	// Graph refuses an empty string where a value or null is meant.
	if text == "" && path != "passwordProfile.password" && !strings.Contains(path, "odata") {
		return invalidValue(path)
	}
	return nil
}

func setOf(items ...string) map[string]bool {
	set := make(map[string]bool, len(items))
	for _, item := range items {
		set[item] = true
	}
	return set
}
