package graphfake

import "regexp"

// rules are the documented rules of a user's properties that the metadata does not contain.
// https://learn.microsoft.com/graph/api/resources/user#properties
type rules struct {
	maxLength    map[string]int // in characters, by property path
	readOnly     map[string]bool
	aloneOnly    map[string]bool            // stored in SharePoint: must be updated in a request of their own
	closedValues map[string]map[string]bool // of properties that are strings in the metadata
	valuePattern map[string]*regexp.Regexp

	filtered      map[string]bool // eq, in, startsWith in a default query; the others need an advanced one
	neverFiltered map[string]bool
	collections   map[string]bool // [] if empty
}

func newRules() rules {
	return rules{
		maxLength: map[string]int{
			"city": 128, "companyName": 64, "country": 128, "department": 64, "displayName": 256,
			"employeeId": 16, "givenName": 64, "jobTitle": 128, "mailNickname": 64, "mobilePhone": 64,
			"officeLocation": 128, "postalCode": 40, "state": 128, "streetAddress": 1024, "surname": 64,
			"userPrincipalName": 113, "faxNumber": 64, "employeeType": 64, "mail": 256,
			"passwordProfile.password": 256,
		},
		readOnly: setOf("assignedLicenses", "assignedPlans", "createdDateTime", "creationType",
			"deletedDateTime", "id", "identityParentId", "imAddresses", "isManagementRestricted",
			"lastPasswordChangeDateTime", "legalAgeGroupClassification", "licenseAssignmentStates",
			"onPremisesDistinguishedName", "onPremisesDomainName", "onPremisesLastSyncDateTime",
			"onPremisesProvisioningErrors", "onPremisesSamAccountName", "onPremisesSecurityIdentifier",
			"onPremisesSyncEnabled", "onPremisesUserPrincipalName", "provisionedPlans", "proxyAddresses",
			"securityIdentifier", "serviceProvisioningErrors", "signInActivity",
			"signInSessionsValidFromDateTime", "mailboxSettings", "print", "authorizationInfo",
			"externalUserState", "externalUserStateChangeDateTime", "deviceEnrollmentLimit"),
		aloneOnly: setOf("aboutMe", "birthday", "hireDate", "interests", "mySite", "pastProjects",
			"preferredName", "responsibilities", "schools", "skills"),
		closedValues: map[string]map[string]bool{
			"ageGroup":                setOf("Minor", "NotAdult", "Adult"),
			"consentProvidedForMinor": setOf("Granted", "Denied", "NotRequired"),
			"userType":                setOf("Member", "Guest"),
		},
		valuePattern: map[string]*regexp.Regexp{
			"usageLocation":     regexp.MustCompile(`^[A-Z]{2}$`),
			"preferredLanguage": regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$`),
			"mailNickname":      regexp.MustCompile(`^[\x21-\x7e]+$`),
			"mail":              regexp.MustCompile(`^[^@\s]+@[^@\s]+$`),
		},
		// https://learn.microsoft.com/graph/aad-advanced-queries#user-properties
		filtered: setOf("accountEnabled", "ageGroup", "businessPhones", "city", "consentProvidedForMinor",
			"country", "createdDateTime", "creationType", "department", "deletedDateTime", "displayName",
			"employeeId", "givenName", "id", "jobTitle", "mail", "mailNickname", "mobilePhone", "otherMails",
			"postalCode", "preferredLanguage", "proxyAddresses", "state", "surname", "usageLocation",
			"userPrincipalName", "userType", "assignedLicenses", "assignedLicenses/skuId"),
		neverFiltered: setOf("passwordProfile", "streetAddress", "mailboxSettings", "aboutMe", "interests",
			"lastPasswordChangeDateTime", "passwordPolicies", "showInAddressList", "provisionedPlans"),
		collections: setOf("businessPhones", "proxyAddresses", "otherMails", "assignedLicenses",
			"assignedPlans", "provisionedPlans", "imAddresses", "identities", "licenseAssignmentStates"),
	}
}
