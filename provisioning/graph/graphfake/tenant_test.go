package graphfake_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning/graph/graphfake"
)

func TestOnlyIssuedTokensAreAccepted(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	if f.requestToken("wrong") != "" {
		t.Error("a wrong secret got a token")
	}
	good := f.token
	for _, token := range []string{"", "forged", good + "x"} {
		f.token = token
		want(t, "token "+token, f.do("GET", "/users", ""), 401, "InvalidAuthenticationToken")
	}
}

func TestMissingPermissionIsDenied(t *testing.T) {
	t.Parallel()
	f := open(t, func(c *graphfake.Config) { c.Apps[0].Roles = []string{"User.Read.All"} })
	want(t, "create", f.do("POST", "/users", userBody("ana.ruiz", "")), 403, "Authorization_RequestDenied")
	want(t, "read", f.do("GET", "/users", ""), 200, "")
	want(t, "last sign-in", f.do("GET", "/users?$select=signInActivity", ""), 403, "Authorization_RequestDenied")
}

// https://learn.microsoft.com/graph/api/resources/users#who-can-reset-passwords
func TestWhosePasswordAnAppMayReset(t *testing.T) {
	t.Parallel()
	const privileged = "66666666-6666-4666-8666-666666666666"
	assign := func(role string) func(*graphfake.Tenant, string) error {
		return func(tenant *graphfake.Tenant, id string) error { return tenant.AssignRole(id, role) }
	}
	member := func(tenant *graphfake.Tenant, id string) error { return tenant.Join(privileged, id) }
	owner := func(tenant *graphfake.Tenant, id string) error { return tenant.Own(privileged, id) }
	noRole := func(a *graphfake.App) { a.UserAdministrator = false }
	without := func(permission string) func(*graphfake.App) {
		return func(a *graphfake.App) {
			a.Roles = slices.DeleteFunc(graphfake.AltasRoles(), func(r string) bool { return r == permission })
		}
	}
	const denied, badRequest = "Authorization_RequestDenied", "Request_BadRequest"
	for name, c := range map[string]struct {
		app    func(*graphfake.App)
		user   func(*graphfake.Tenant, string) error
		status int
		code   string
	}{
		"any user":                                   {nil, nil, 204, ""},
		"without the role":                           {noRole, nil, 403, denied},
		"without the permission":                     {without("User-PasswordProfile.ReadWrite.All"), nil, 403, denied},
		"without the permission to create users":     {without("User.ReadWrite.All"), nil, 204, ""},
		"a Global Administrator":                     {nil, assign("Global Administrator"), 403, denied},
		"a Privileged Role Administrator":            {nil, assign("Privileged Role Administrator"), 403, denied},
		"an Authentication Administrator":            {nil, assign("Authentication Administrator"), 403, denied},
		"a custom role":                              {nil, assign("Support of the Region"), 403, denied},
		"a User Administrator":                       {nil, assign("User Administrator"), 204, ""},
		"a Groups Administrator":                     {nil, assign("Groups Administrator"), 204, ""},
		"a Helpdesk Administrator, without the role": {noRole, assign("Helpdesk Administrator"), 403, denied},
		"a member of a role-assignable group":        {nil, member, 403, denied},
		"an owner of a role-assignable group":        {nil, owner, 403, denied},
		"a synchronised user":                        {nil, (*graphfake.Tenant).Synchronise, 400, badRequest},
		"a member of an ordinary group": {nil, func(tenant *graphfake.Tenant, id string) error {
			return tenant.Join(groupID, id)
		}, 204, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := open(t, func(config *graphfake.Config) {
				config.Groups = append(config.Groups, graphfake.Group{ID: privileged, Name: "Privileged", RoleAssignable: true})
				if c.app != nil {
					c.app(&config.Apps[0])
				}
			})
			const upn, old, chosen = "ana.ruiz@docentecoahuila.gob.mx", "Xilo-4821-tama", "Otra-clave-77"
			id, err := f.tenant.Seed(map[string]any{"userPrincipalName": upn,
				"passwordProfile": map[string]any{"password": old, "forceChangePasswordNextSignIn": false}})
			if err != nil {
				t.Fatal(err)
			}
			if c.user != nil {
				if err := c.user(f.tenant, id); err != nil {
					t.Fatal(err)
				}
			}
			body := `{"passwordProfile":{"password":"` + chosen + `","forceChangePasswordNextSignIn":true}}`
			want(t, "reset", f.do("PATCH", "/users/"+id, body), c.status, c.code)
			reset, kept := graphfake.MustChange, graphfake.WrongPassword
			if c.status != 204 {
				reset, kept = graphfake.WrongPassword, graphfake.SignedIn
			}
			if got := f.tenant.SignIn(upn, chosen); got != reset {
				t.Errorf("sign-in with the new password: %s, want %s", got, reset)
			}
			if got := f.tenant.SignIn(upn, old); got != kept {
				t.Errorf("sign-in with the old password: %s, want %s", got, kept)
			}
		})
	}
}

// https://learn.microsoft.com/graph/api/resources/users#sensitive-actions
func TestSensitiveActionsOnAnAdministrator(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	id := f.create("ana.ruiz")
	if err := f.tenant.AssignRole(id, "Global Administrator"); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ method, path, body string }{
		"disable":         {"PATCH", "/users/" + id, `{"accountEnabled":false}`},
		"address":         {"PATCH", "/users/" + id, `{"userPrincipalName":"otra@docentecoahuila.gob.mx"}`},
		"telephone":       {"PATCH", "/users/" + id, `{"mobilePhone":"8441234567"}`},
		"revoke sessions": {"POST", "/users/" + id + "/revokeSignInSessions", ""},
		"delete":          {"DELETE", "/users/" + id, ""},
	} {
		want(t, name, f.do(c.method, c.path, c.body), 403, "Authorization_RequestDenied")
	}
	want(t, "department", f.do("PATCH", "/users/"+id, `{"department":"05EPR0093X"}`), 204, "")
	u, _ := f.tenant.User("ana.ruiz@docentecoahuila.gob.mx")
	if !u.Enabled || !u.SessionsRevoked.IsZero() || u.Properties["mobilePhone"] != nil {
		t.Errorf("after refused requests: %+v", u)
	}
	if err := f.tenant.Delete(id); err != nil {
		t.Fatal(err)
	}
	want(t, "restore", f.do("POST", "/directory/deletedItems/"+id+"/restore", ""), 403, "Authorization_RequestDenied")
}

func TestUpdatesOfASynchronisedUser(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	id := f.create("ana.ruiz")
	if err := f.tenant.Synchronise(id); err != nil {
		t.Fatal(err)
	}
	want(t, "extension attributes", f.do("PATCH", "/users/"+id, `{"onPremisesExtensionAttributes":{"extensionAttribute1":"x"}}`), 400, "Request_BadRequest")
	want(t, "disable", f.do("PATCH", "/users/"+id, `{"accountEnabled":false}`), 204, "")
	want(t, "revoke sessions", f.do("POST", "/users/"+id+"/revokeSignInSessions", ""), 200, "")
}

func TestBodiesAreCheckedAgainstTheMetadata(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	cases := map[string]string{
		"unknown property":         userBody("a.b", `,"curp":"X"`),
		"wrong case":               userBody("a.b", `,"employeeID":"1"`),
		"employeeId too long":      userBody("a.b", `,"employeeId":"12345678901234567"`),
		"wrong type":               userBody("a.b", `,"department":5`),
		"null in a non-nullable":   userBody("a.b", `,"businessPhones":null`),
		"read-only":                userBody("a.b", `,"proxyAddresses":["smtp:x@y.z"]`),
		"enumeration":              userBody("a.b", `,"ageGroup":"Child"`),
		"usage location in words":  userBody("a.b", `,"usageLocation":"México"`),
		"nested unknown":           userBody("a.b", `,"onPremisesExtensionAttributes":{"extensionAttribute16":"x"}`),
		"empty text":               userBody("a.b", `,"jobTitle":""`),
		"accented principal name":  strings.ReplaceAll(userBody("a.b", ""), `"a.b@`, `"peña@`),
		"dot before the at":        strings.ReplaceAll(userBody("a.b", ""), `"a.b@`, `"a.@`),
		"domain of another tenant": strings.ReplaceAll(userBody("a.b", ""), "docentecoahuila", "example"),
		"weak password":            strings.ReplaceAll(userBody("a.b", ""), "Xilo-4821-tama", "aaaaaaaa"),
		"no password":              `{"accountEnabled":true,"displayName":"a","mailNickname":"a","userPrincipalName":"a@docentecoahuila.gob.mx"}`,
		"nickname with a space":    strings.ReplaceAll(userBody("a.b", ""), `"mailNickname":"a.b"`, `"mailNickname":"a b"`),
		"not JSON":                 `accountEnabled=true`,
		"password in a wrong name": strings.ReplaceAll(userBody("a.b", ""), `"passwordProfile"`, `"password"`),
	}
	for name, body := range cases {
		want(t, name, f.do("POST", "/users", body), 400, "Request_BadRequest")
	}
	if n := len(f.tenant.Users()); n != 0 {
		t.Errorf("%d users after refused bodies", n)
	}
	full := userBody("a.b", `,"employeeId":"2026-000123-0001","department":"05EPR0093X","givenName":"Á","preferredLanguage":"es-MX","ageGroup":"Minor","consentProvidedForMinor":"Granted","onPremisesExtensionAttributes":{"extensionAttribute1":"x"}`)
	want(t, "all properties that Altas sends", f.do("POST", "/users", full), 201, "")
}

func TestSecondAccountWithTheSameAddress(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	f.create("ana.ruiz")
	r := f.do("POST", "/users", userBody("ANA.ruiz", ""))
	want(t, "duplicate", r, 400, "Request_BadRequest")
	details := r.body["error"].(map[string]any)["details"].([]any)[0].(map[string]any)
	if details["code"] != "ObjectConflict" || details["target"] != "userPrincipalName" {
		t.Errorf("details = %v", details)
	}
}

func TestQueries(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	f.create("ana.ruiz")
	_, err := f.tenant.Seed(map[string]any{"userPrincipalName": "o'neil@docentecoahuila.gob.mx", "displayName": "Luis O'Neil",
		"employeeId": "77", "companyName": "SEDU", "proxyAddresses": []string{"smtp:luis@docentecoahuila.gob.mx"}})
	if err != nil {
		t.Fatal(err)
	}
	finds := map[string]int{
		"employeeId eq '77'": 1,
		"userPrincipalName eq 'O''NEIL@docentecoahuila.gob.mx'":                          1,
		"proxyAddresses/any(p:p eq 'smtp:luis@docentecoahuila.gob.mx')":                  1,
		"employeeId eq '77' or displayName eq 'ana.ruiz'":                                2,
		"startsWith(displayName,'ana') and accountEnabled eq true":                       1,
		"mailNickname in ('ana.ruiz','x')":                                               1,
		"employeeId eq '78' or proxyAddresses/any(x:startswith(x,'smtp:luis@'))":         1,
		"(displayName eq 'nobody' or employeeId eq '77') and userType eq 'Member'":       1,
		"proxyAddresses/any(p:p eq 'smtp:nobody@x.mx') or displayName eq 'Luis O''Neil'": 1,
	}
	for filter, n := range finds {
		r := f.filter(filter)
		if list, _ := r.body["value"].([]any); len(list) != n {
			t.Errorf("%s: %d users, want %d (%v)", filter, len(list), n, r.body)
		}
	}
	for _, filter := range []string{"companyName eq 'SEDU'", "displayName ne 'x'", "not(employeeId eq '1')", "endsWith(mail,'x')",
		"onPremisesExtensionAttributes/extensionAttribute1 eq 'x'", "passwordProfile eq 'x'"} {
		want(t, filter, f.filter(filter), 400, "Request_UnsupportedQuery")
	}
	for _, filter := range []string{"employeeId eq 77 or", "nombre eq 'x'", "employeeId eq 'O'Neil'", "contains(mail,'x')", "proxyAddresses eq 'x'"} {
		want(t, filter, f.filter(filter), 400, "Request_BadRequest")
	}
	r := f.do("GET", "/users?$count=true&$filter="+url.QueryEscape("companyName eq 'SEDU'"), "", "ConsistencyLevel", "eventual")
	if r.body["@odata.count"] != 1.0 {
		t.Errorf("advanced query: %v", r.body)
	}
}

func TestOnlyDefaultPropertiesUnlessSelected(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	id := f.create("ana.ruiz")
	if _, has := f.do("GET", "/users/"+id, "").body["employeeId"]; has {
		t.Error("employeeId without $select")
	}
	r := f.do("GET", "/users/ana.ruiz@docentecoahuila.gob.mx?$select=usageLocation", "")
	if r.body["usageLocation"] != "MX" {
		t.Errorf("selected: %v", r.body)
	}
	want(t, "select", f.do("GET", "/users?$select=curp", ""), 400, "Request_BadRequest")
}

// https://learn.microsoft.com/graph/api/resources/user#properties: null for a user who was never
// synchronised.
func TestASynchronisedUser(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	id := f.create("ana.ruiz")
	const selected = "?$select=onPremisesSyncEnabled"
	if got, shown := f.do("GET", "/users/"+id+selected, "").body["onPremisesSyncEnabled"]; got != nil || !shown {
		t.Errorf("never synchronised: %v, shown %v; want null", got, shown)
	}
	if err := f.tenant.Synchronise(id); err != nil {
		t.Fatal(err)
	}
	if got := f.do("GET", "/users/"+id+selected, "").body["onPremisesSyncEnabled"]; got != true {
		t.Errorf("synchronised: %v", got)
	}
	if _, shown := f.do("GET", "/users/"+id, "").body["onPremisesSyncEnabled"]; shown {
		t.Error("onPremisesSyncEnabled without $select")
	}
	want(t, "it is read-only", f.do("PATCH", "/users/"+id, `{"onPremisesSyncEnabled":false}`), 400, "Request_BadRequest")
	if f.tenant.Synchronise(groupID) == nil {
		t.Error("synchronised a user who does not exist")
	}
	if err := f.tenant.Delete(id); err != nil {
		t.Fatal(err)
	}
	r := f.do("GET", "/directory/deletedItems/microsoft.graph.user"+selected, "")
	if list, _ := r.body["value"].([]any); len(list) != 1 || list[0].(map[string]any)["onPremisesSyncEnabled"] != true {
		t.Errorf("deleted: %v", r.body)
	}
}

func TestPaging(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	for i := range 7 {
		f.create(fmt.Sprintf("p%d", i))
	}
	next, seen := "/users?$top=3", 0
	for next != "" {
		r := f.do("GET", next, "")
		seen += len(r.body["value"].([]any))
		link, _ := r.body["@odata.nextLink"].(string)
		next = strings.TrimPrefix(link, f.server.URL+"/v1.0")
	}
	if seen != 7 {
		t.Errorf("%d users in all pages, want 7", seen)
	}
}

func TestLicences(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	give := `{"addLicenses":[{"skuId":"` + student + `","disabledPlans":[]}],"removeLicenses":[]}`
	a, b, c := f.create("a"), f.create("b"), f.create("c")
	want(t, "missing array", f.do("POST", "/users/"+a+"/assignLicense", strings.Replace(give, `,"removeLicenses":[]`, "", 1)), 400, "Request_BadRequest")
	for range 2 { // the second assignment consumes no seat
		want(t, "a", f.do("POST", "/users/"+a+"/assignLicense", give), 200, "")
	}
	want(t, "b", f.do("POST", "/users/"+b+"/assignLicense", give), 200, "")
	want(t, "no seats", f.do("POST", "/users/"+c+"/assignLicense", give), 400, "Request_BadRequest")
	if free, consumed := f.tenant.Seats(student); free != 0 || consumed != 2 {
		t.Errorf("seats: %d free, %d consumed", free, consumed)
	}
	abroad, _ := f.tenant.Seed(map[string]any{"userPrincipalName": "x@docentecoahuila.gob.mx"})
	want(t, "no usage location", f.do("POST", "/users/"+abroad+"/assignLicense", give), 400, "Request_BadRequest")
}

func TestRecycleBin(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	id := f.create("ana.ruiz")
	want(t, "delete", f.do("DELETE", "/users/"+id, ""), 204, "")
	r := f.do("GET", "/directory/deletedItems/microsoft.graph.user?$select=id,userPrincipalName,mailNickname", "")
	bin := r.body["value"].([]any)
	if len(bin) != 1 || !strings.HasSuffix(bin[0].(map[string]any)["userPrincipalName"].(string), "ana.ruiz@docentecoahuila.gob.mx") {
		t.Fatalf("recycle bin: %v", r.body)
	}
	second := f.create("ana.ruiz")
	want(t, "restore over a new one", f.do("POST", "/directory/deletedItems/"+id+"/restore", "{}"), 400, "Request_BadRequest")
	want(t, "delete", f.do("DELETE", "/users/"+second, ""), 204, "")
	want(t, "restore", f.do("POST", "/directory/deletedItems/"+id+"/restore", ""), 200, "")
	if u, found := f.tenant.User("ana.ruiz@docentecoahuila.gob.mx"); !found || u.ID != id {
		t.Errorf("restored %v %v", u.ID, found)
	}
}

// https://learn.microsoft.com/graph/api/user-revokesigninsessions
func TestRevokeSignInSessions(t *testing.T) {
	t.Parallel()
	clock := time.Date(2026, 8, 24, 8, 0, 0, 0, time.UTC)
	f := open(t, func(c *graphfake.Config) { c.Now = func() time.Time { return clock } })
	const upn = "ana.ruiz@docentecoahuila.gob.mx"
	id, deleted := f.create("ana.ruiz"), f.create("luis.soto")
	if err := f.tenant.Delete(deleted); err != nil {
		t.Fatal(err)
	}
	action := func(key string) string { return "/users/" + key + "/revokeSignInSessions" }
	for name, c := range map[string]struct {
		key, body string
		status    int
		code      string
	}{
		"unknown user":       {groupID, "", 404, "Request_ResourceNotFound"},
		"deleted user":       {deleted, "", 404, "Request_ResourceNotFound"},
		"a parameter":        {id, `{"reason":"lost"}`, 400, "Request_BadRequest"},
		"a body not in JSON": {id, "reason=lost", 400, "Request_BadRequest"},
	} {
		want(t, name, f.do("POST", action(c.key), c.body), c.status, c.code)
	}
	if u, _ := f.tenant.User(upn); !u.SessionsRevoked.IsZero() {
		t.Errorf("revoked at %v by refused requests", u.SessionsRevoked)
	}
	for _, key := range []string{id, upn, id} {
		clock = clock.Add(time.Minute)
		r := f.do("POST", action(key), "{}")
		want(t, "revoke", r, 200, "")
		if r.body["value"] != true {
			t.Errorf("answered %v", r.body)
		}
		u, _ := f.tenant.User(upn)
		if from := u.Properties["signInSessionsValidFromDateTime"]; !u.SessionsRevoked.Equal(clock) || from != clock.Format(time.RFC3339) {
			t.Errorf("revoked at %v, sessions valid from %v; want %v", u.SessionsRevoked, from, clock)
		}
	}
	want(t, "it is read-only", f.do("PATCH", "/users/"+id, `{"signInSessionsValidFromDateTime":"2026-08-24T08:00:00Z"}`), 400, "Request_BadRequest")
}

func TestRevokeSignInSessionsNeedsAPermission(t *testing.T) {
	t.Parallel()
	for role, status := range map[string]int{
		"User.RevokeSessions.All": 200, "User.ReadWrite.All": 200, "Directory.ReadWrite.All": 200,
		"User.Read.All": 403, "User-PasswordProfile.ReadWrite.All": 403,
	} {
		f := open(t, func(c *graphfake.Config) { c.Apps[0].Roles = []string{role} })
		id, err := f.tenant.Seed(map[string]any{"userPrincipalName": "ana.ruiz@docentecoahuila.gob.mx"})
		if err != nil {
			t.Fatal(err)
		}
		if got := f.do("POST", "/users/"+id+"/revokeSignInSessions", ""); got.status != status {
			t.Errorf("with %s: %d, want %d", role, got.status, status)
		}
	}
}

func TestGroups(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	id := f.create("ana.ruiz")
	join := `{"@odata.id":"https://graph.microsoft.com/v1.0/directoryObjects/` + id + `"}`
	want(t, "join", f.do("POST", "/groups/"+groupID+"/members/$ref", join), 204, "")
	want(t, "join again", f.do("POST", "/groups/"+groupID+"/members/$ref", join), 400, "Request_BadRequest")
	r := f.do("POST", "/users/"+id+"/checkMemberGroups", `{"groupIds":["`+groupID+`"]}`)
	if list, _ := r.body["value"].([]any); len(list) != 1 {
		t.Errorf("checkMemberGroups: %v", r.body)
	}
}

// A seeded user keeps its id and can be added to groups.
func TestSeedWithAnID(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	const id = "AAAAAAAA-0000-4000-8000-000000000001"
	seed := func(upn string, id any) (string, error) {
		return f.tenant.Seed(map[string]any{"userPrincipalName": upn + "@docentecoahuila.gob.mx", "id": id})
	}
	kept, err := seed("rosa", id)
	if err != nil || kept != strings.ToLower(id) {
		t.Fatalf("seeded as %q, %v", kept, err)
	}
	if r := f.do("GET", "/users/"+id, ""); r.body["userPrincipalName"] != "rosa@docentecoahuila.gob.mx" || r.body["id"] != kept {
		t.Errorf("read by id: %v", r.body)
	}
	for name, odd := range map[string]any{"an existing one": id, "no GUID": "rosa", "no text": 7} {
		if _, err := seed("other", odd); err == nil {
			t.Errorf("%s: seeded", name)
		}
	}
	if err := f.tenant.Join(groupID, kept); err != nil {
		t.Fatal(err)
	}
	if r := f.do("POST", "/users/"+id+"/checkMemberGroups", `{"groupIds":["`+groupID+`"]}`); len(r.body["value"].([]any)) != 1 {
		t.Errorf("checkMemberGroups: %v", r.body)
	}
	if f.tenant.Join(kept, kept) == nil || f.tenant.Join(groupID, groupID) == nil {
		t.Error("no error for a missing group or user")
	}
}

func TestSignIn(t *testing.T) {
	t.Parallel()
	const upn, first, temporary, own = "ana.ruiz@docentecoahuila.gob.mx", "Xilo-4821-tama", "Otra-clave-77", "Nueva-clave-93"
	reset := func(force string) func(*fixture, string) {
		return func(f *fixture, id string) {
			want(f.t, "reset", f.do("PATCH", "/users/"+id, `{"passwordProfile":{"password":"`+temporary+`"`+force+`}}`), 204, "")
		}
	}
	change := func(f *fixture, _ string) {
		if err := f.tenant.ChangePassword(upn, first, own); err != nil {
			f.t.Error(err)
		}
	}
	both := func(a, b func(*fixture, string)) func(*fixture, string) {
		return func(f *fixture, id string) { a(f, id); b(f, id) }
	}
	disable := func(f *fixture, id string) {
		want(f.t, "disable", f.do("PATCH", "/users/"+id, `{"accountEnabled":false}`), 204, "")
	}
	forced, unforced := reset(`,"forceChangePasswordNextSignIn":true`), reset(`,"forceChangePasswordNextSignIn":false`)
	for name, c := range map[string]struct {
		act      func(*fixture, string)
		password string
		want     graphfake.SignIn
	}{
		"wrong password":               {nil, "nope", graphfake.WrongPassword},
		"first sign-in":                {nil, first, graphfake.MustChange},
		"changed by its owner":         {change, own, graphfake.SignedIn},
		"the one before the change":    {change, first, graphfake.WrongPassword},
		"a reset one":                  {forced, temporary, graphfake.MustChange},
		"the one before the reset":     {forced, first, graphfake.WrongPassword},
		"reset after the owner's":      {both(change, forced), temporary, graphfake.MustChange},
		"the owner's, after a reset":   {both(change, forced), own, graphfake.WrongPassword},
		"reset, as Graph has it":       {reset(""), temporary, graphfake.MustChange},
		"reset, no change asked for":   {unforced, temporary, graphfake.SignedIn},
		"disabled":                     {disable, first, graphfake.Disabled},
		"disabled, and wrong password": {disable, "nope", graphfake.WrongPassword},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := open(t, nil)
			if id := f.create("ana.ruiz"); c.act != nil {
				c.act(f, id)
			}
			if got := f.tenant.SignIn(upn, c.password); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

// https://learn.microsoft.com/graph/api/resources/signinactivity: lastSignInDateTime is the last
// attempt, successful or not.
func TestSignInActivity(t *testing.T) {
	t.Parallel()
	clock := time.Date(2026, 8, 24, 8, 0, 0, 0, time.UTC)
	f := open(t, func(c *graphfake.Config) {
		c.Now = func() time.Time { return clock }
		c.Apps[0].Roles = append(c.Apps[0].Roles, "AuditLog.Read.All")
	})
	const upn = "ana.ruiz@docentecoahuila.gob.mx"
	id := f.create("ana.ruiz")
	attempt := func(act func()) (last, successful any) {
		clock = clock.Add(time.Minute)
		act()
		activity, _ := f.do("GET", "/users/"+id+"?$select=signInActivity", "").body["signInActivity"].(map[string]any)
		return activity["lastSignInDateTime"], activity["lastSuccessfulSignInDateTime"]
	}
	wrong := func() { f.tenant.SignIn(upn, "nope") }
	for _, step := range []struct {
		name             string
		act              func()
		last, successful any
	}{
		{"none", func() {}, nil, nil},
		{"wrong password", wrong, "2026-08-24T08:02:00Z", nil},
		{"must change it", func() { f.tenant.SignIn(upn, "Xilo-4821-tama") }, "2026-08-24T08:03:00Z", nil},
		{"changed", func() { _ = f.tenant.ChangePassword(upn, "Xilo-4821-tama", "Nueva-clave-93") }, "2026-08-24T08:04:00Z", "2026-08-24T08:04:00Z"},
		{"wrong again", wrong, "2026-08-24T08:05:00Z", "2026-08-24T08:04:00Z"},
	} {
		if last, successful := attempt(step.act); last != step.last || successful != step.successful {
			t.Errorf("%s: last %v, successful %v; want %v, %v", step.name, last, successful, step.last, step.successful)
		}
	}
}

func BenchmarkTwoHundredThousandUsers(b *testing.B) {
	f := open(b, nil)
	for i := range 200_000 {
		_, err := f.tenant.Seed(map[string]any{"userPrincipalName": fmt.Sprintf("p%d@docentecoahuila.gob.mx", i),
			"employeeId": fmt.Sprint(i), "displayName": fmt.Sprintf("Persona %d", i%5000), "mailNickname": fmt.Sprintf("p%d", i)})
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ResetTimer()
	for i := range b.N {
		f.filter(fmt.Sprintf("employeeId eq '%d' or userPrincipalName eq 'p%d@docentecoahuila.gob.mx'", i, i))
	}
}

// A user exported from one tenant keeps its timestamps and licences in another.
func TestSeedAnExportedUser(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	const at = "2026-10-20T16:00:02Z"
	id, err := f.tenant.Seed(map[string]any{
		"userPrincipalName": "rosa@docentecoahuila.gob.mx", "createdDateTime": at, "lastPasswordChangeDateTime": at,
		"assignedLicenses": []any{map[string]any{"skuId": student}},
	})
	if err != nil {
		t.Fatal(err)
	}
	u, _ := f.tenant.User("rosa@docentecoahuila.gob.mx")
	if u.ID != id || u.Properties["createdDateTime"] != at || u.Properties["lastPasswordChangeDateTime"] != at || len(u.SKUs) != 1 {
		t.Errorf("the user is %+v", u)
	}
	if free, consumed := f.tenant.Seats(student); free != 1 || consumed != 1 {
		t.Errorf("%d seats free, %d consumed", free, consumed)
	}
}
