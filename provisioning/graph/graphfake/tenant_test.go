package graphfake_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning/graph/graphfake"
)

const (
	tenantID = "11111111-1111-4111-8111-111111111111"
	appID    = "22222222-2222-4222-8222-222222222222"
	student  = "314c4481-f395-4525-be8b-2ec4bb1e9d91"
	groupID  = "33333333-3333-4333-8333-333333333333"
)

// desk is a person with curl in front of the tenant.
type desk struct {
	t      testing.TB
	tenant *graphfake.Tenant
	server *httptest.Server
	token  string
}

func open(t testing.TB, edit func(*graphfake.Config)) *desk {
	t.Helper()
	config := graphfake.Config{
		TenantID: tenantID,
		Apps:     []graphfake.App{{ID: appID, Secret: "s3cret", Roles: graphfake.AltasRoles(), UserAdministrator: true}},
		Domains:  []string{"docentecoahuila.gob.mx"},
		SKUs:     []graphfake.SKU{{ID: student, PartNumber: "STANDARDWOFFPACK_STUDENT", Enabled: 2}},
		Groups:   []graphfake.Group{{ID: groupID, Name: "Docentes"}},
	}
	if edit != nil {
		edit(&config)
	}
	tenant, err := graphfake.New(config)
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{t: t, tenant: tenant, server: httptest.NewServer(tenant)}
	t.Cleanup(d.server.Close)
	d.token = d.signOn("s3cret")
	return d
}

func (d *desk) signOn(secret string) string {
	d.t.Helper()
	response, err := http.PostForm(d.server.URL+"/"+tenantID+"/oauth2/v2.0/token", url.Values{
		"grant_type": {"client_credentials"}, "client_id": {appID}, "client_secret": {secret},
		"scope": {"https://graph.microsoft.com/.default"}})
	if err != nil {
		d.t.Fatal(err)
	}
	defer response.Body.Close()
	var body struct {
		AccessToken string `json:"access_token"`
	}
	_ = json.NewDecoder(response.Body).Decode(&body)
	return body.AccessToken
}

type reply struct {
	status int
	header http.Header
	body   map[string]any
}

func (r reply) code() string {
	problem, _ := r.body["error"].(map[string]any)
	code, _ := problem["code"].(string)
	return code
}

func (d *desk) do(method, path, body string, headers ...string) reply {
	d.t.Helper()
	request, err := http.NewRequest(method, d.server.URL+"/v1.0"+path, strings.NewReader(body))
	if err != nil {
		d.t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+d.token)
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	return d.send(request)
}

func (d *desk) send(request *http.Request) reply {
	d.t.Helper()
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return reply{}
	}
	defer response.Body.Close()
	r := reply{status: response.StatusCode, header: response.Header}
	data, _ := io.ReadAll(response.Body)
	_ = json.Unmarshal(data, &r.body)
	return r
}

func (d *desk) filter(filter string) reply {
	return d.do("GET", "/users?$filter="+url.QueryEscape(filter), "")
}

func person(name string, more string) string {
	return fmt.Sprintf(`{"accountEnabled":true,"displayName":"%[1]s","mailNickname":"%[1]s","userPrincipalName":"%[1]s@docentecoahuila.gob.mx","usageLocation":"MX","passwordProfile":{"password":"Xilo-4821-tama","forceChangePasswordNextSignIn":true}%[2]s}`, name, more)
}

func (d *desk) create(name string) string {
	d.t.Helper()
	r := d.do("POST", "/users", person(name, ""))
	if r.status != http.StatusCreated {
		d.t.Fatalf("create %s: %d %v", name, r.status, r.body)
	}
	return r.body["id"].(string)
}

func want(t testing.TB, what string, got reply, status int, code string) {
	t.Helper()
	if got.status != status || got.code() != code {
		t.Errorf("%s: answered %d %q, want %d %q (%v)", what, got.status, got.code(), status, code, got.body)
	}
}

func TestOnlyIssuedTokensEnter(t *testing.T) {
	t.Parallel()
	d := open(t, nil)
	if d.signOn("wrong") != "" {
		t.Error("a wrong secret got a token")
	}
	good := d.token
	for _, token := range []string{"", "forged", good + "x"} {
		d.token = token
		want(t, "token "+token, d.do("GET", "/users", ""), 401, "InvalidAuthenticationToken")
	}
}

func TestMissingPermissionIsDenied(t *testing.T) {
	t.Parallel()
	d := open(t, func(c *graphfake.Config) { c.Apps[0].Roles = []string{"User.Read.All"} })
	want(t, "create", d.do("POST", "/users", person("ana.ruiz", "")), 403, "Authorization_RequestDenied")
	want(t, "read", d.do("GET", "/users", ""), 200, "")
	want(t, "last sign-in", d.do("GET", "/users?$select=signInActivity", ""), 403, "Authorization_RequestDenied")
}

func TestPasswordResetNeedsTheRole(t *testing.T) {
	t.Parallel()
	d := open(t, func(c *graphfake.Config) { c.Apps[0].UserAdministrator = false })
	id := d.create("ana.ruiz")
	want(t, "reset", d.do("PATCH", "/users/"+id, `{"passwordProfile":{"password":"Otra-clave-77"}}`), 403, "Authorization_RequestDenied")
}

func TestBodiesAreHeldToTheMetadata(t *testing.T) {
	t.Parallel()
	d := open(t, nil)
	cases := map[string]string{
		"unknown property":         person("a.b", `,"curp":"X"`),
		"wrong case":               person("a.b", `,"employeeID":"1"`),
		"employeeId too long":      person("a.b", `,"employeeId":"12345678901234567"`),
		"wrong type":               person("a.b", `,"department":5`),
		"null in a non-nullable":   person("a.b", `,"businessPhones":null`),
		"read-only":                person("a.b", `,"proxyAddresses":["smtp:x@y.z"]`),
		"enumeration":              person("a.b", `,"ageGroup":"Child"`),
		"usage location in words":  person("a.b", `,"usageLocation":"México"`),
		"nested unknown":           person("a.b", `,"onPremisesExtensionAttributes":{"extensionAttribute16":"x"}`),
		"empty text":               person("a.b", `,"jobTitle":""`),
		"accented principal name":  strings.ReplaceAll(person("a.b", ""), `"a.b@`, `"peña@`),
		"dot before the at":        strings.ReplaceAll(person("a.b", ""), `"a.b@`, `"a.@`),
		"domain of someone else":   strings.ReplaceAll(person("a.b", ""), "docentecoahuila", "example"),
		"weak password":            strings.ReplaceAll(person("a.b", ""), "Xilo-4821-tama", "aaaaaaaa"),
		"no password":              `{"accountEnabled":true,"displayName":"a","mailNickname":"a","userPrincipalName":"a@docentecoahuila.gob.mx"}`,
		"nickname with a space":    strings.ReplaceAll(person("a.b", ""), `"mailNickname":"a.b"`, `"mailNickname":"a b"`),
		"not JSON":                 `accountEnabled=true`,
		"password in a wrong name": strings.ReplaceAll(person("a.b", ""), `"passwordProfile"`, `"password"`),
	}
	for name, body := range cases {
		want(t, name, d.do("POST", "/users", body), 400, "Request_BadRequest")
	}
	if n := len(d.tenant.Users()); n != 0 {
		t.Errorf("%d users came of refused bodies", n)
	}
	full := person("a.b", `,"employeeId":"2026-000123-0001","department":"05EPR0093X","givenName":"Á","preferredLanguage":"es-MX","ageGroup":"Minor","consentProvidedForMinor":"Granted","onPremisesExtensionAttributes":{"extensionAttribute1":"x"}`)
	want(t, "everything Altas sends", d.do("POST", "/users", full), 201, "")
}

func TestGzippedBody(t *testing.T) {
	t.Parallel()
	d := open(t, nil)
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = z.Write([]byte(person("ana.ruiz", "")))
	_ = z.Close()
	want(t, "gzip", d.do("POST", "/users", packed.String(), "Content-Encoding", "gzip"), 201, "")
	want(t, "plain marked gzip", d.do("POST", "/users", person("otra", ""), "Content-Encoding", "gzip"), 400, "Request_BadRequest")
}

func TestSecondAccountWithTheSameAddress(t *testing.T) {
	t.Parallel()
	d := open(t, nil)
	d.create("ana.ruiz")
	r := d.do("POST", "/users", person("ANA.ruiz", ""))
	want(t, "duplicate", r, 400, "Request_BadRequest")
	details := r.body["error"].(map[string]any)["details"].([]any)[0].(map[string]any)
	if details["code"] != "ObjectConflict" || details["target"] != "userPrincipalName" {
		t.Errorf("details = %v", details)
	}
}

func TestQueries(t *testing.T) {
	t.Parallel()
	d := open(t, nil)
	d.create("ana.ruiz")
	_, err := d.tenant.Seed(map[string]any{"userPrincipalName": "o'neil@docentecoahuila.gob.mx", "displayName": "Luis O'Neil",
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
		r := d.filter(filter)
		if list, _ := r.body["value"].([]any); len(list) != n {
			t.Errorf("%s: %d users, want %d (%v)", filter, len(list), n, r.body)
		}
	}
	for _, filter := range []string{"companyName eq 'SEDU'", "displayName ne 'x'", "not(employeeId eq '1')", "endsWith(mail,'x')",
		"onPremisesExtensionAttributes/extensionAttribute1 eq 'x'", "passwordProfile eq 'x'"} {
		want(t, filter, d.filter(filter), 400, "Request_UnsupportedQuery")
	}
	for _, filter := range []string{"employeeId eq 77 or", "nombre eq 'x'", "employeeId eq 'O'Neil'", "contains(mail,'x')", "proxyAddresses eq 'x'"} {
		want(t, filter, d.filter(filter), 400, "Request_BadRequest")
	}
	r := d.do("GET", "/users?$count=true&$filter="+url.QueryEscape("companyName eq 'SEDU'"), "", "ConsistencyLevel", "eventual")
	if r.body["@odata.count"] != 1.0 {
		t.Errorf("advanced query: %v", r.body)
	}
}

func TestOnlyDefaultPropertiesUnlessSelected(t *testing.T) {
	t.Parallel()
	d := open(t, nil)
	id := d.create("ana.ruiz")
	if _, has := d.do("GET", "/users/"+id, "").body["employeeId"]; has {
		t.Error("employeeId came without being selected")
	}
	r := d.do("GET", "/users/ana.ruiz@docentecoahuila.gob.mx?$select=usageLocation", "")
	if r.body["usageLocation"] != "MX" {
		t.Errorf("selected: %v", r.body)
	}
	want(t, "select", d.do("GET", "/users?$select=curp", ""), 400, "Request_BadRequest")
}

func TestPaging(t *testing.T) {
	t.Parallel()
	d := open(t, nil)
	for i := range 7 {
		d.create(fmt.Sprintf("p%d", i))
	}
	next, seen := "/users?$top=3", 0
	for next != "" {
		r := d.do("GET", next, "")
		seen += len(r.body["value"].([]any))
		link, _ := r.body["@odata.nextLink"].(string)
		next = strings.TrimPrefix(link, d.server.URL+"/v1.0")
	}
	if seen != 7 {
		t.Errorf("paging showed %d users, want 7", seen)
	}
}

func TestLicences(t *testing.T) {
	t.Parallel()
	d := open(t, nil)
	give := `{"addLicenses":[{"skuId":"` + student + `","disabledPlans":[]}],"removeLicenses":[]}`
	a, b, c := d.create("a"), d.create("b"), d.create("c")
	want(t, "missing array", d.do("POST", "/users/"+a+"/assignLicense", strings.Replace(give, `,"removeLicenses":[]`, "", 1)), 400, "Request_BadRequest")
	for range 2 { // the second time takes no second seat
		want(t, "a", d.do("POST", "/users/"+a+"/assignLicense", give), 200, "")
	}
	want(t, "b", d.do("POST", "/users/"+b+"/assignLicense", give), 200, "")
	want(t, "no seats", d.do("POST", "/users/"+c+"/assignLicense", give), 400, "Request_BadRequest")
	if free, consumed := d.tenant.Seats(student); free != 0 || consumed != 2 {
		t.Errorf("seats: %d free, %d consumed", free, consumed)
	}
	abroad, _ := d.tenant.Seed(map[string]any{"userPrincipalName": "x@docentecoahuila.gob.mx"})
	want(t, "no usage location", d.do("POST", "/users/"+abroad+"/assignLicense", give), 400, "Request_BadRequest")
}

func TestRecycleBin(t *testing.T) {
	t.Parallel()
	d := open(t, nil)
	id := d.create("ana.ruiz")
	want(t, "delete", d.do("DELETE", "/users/"+id, ""), 204, "")
	r := d.do("GET", "/directory/deletedItems/microsoft.graph.user?$select=id,userPrincipalName,mailNickname", "")
	bin := r.body["value"].([]any)
	if len(bin) != 1 || !strings.HasSuffix(bin[0].(map[string]any)["userPrincipalName"].(string), "ana.ruiz@docentecoahuila.gob.mx") {
		t.Fatalf("recycle bin: %v", r.body)
	}
	second := d.create("ana.ruiz")
	want(t, "restore over a new one", d.do("POST", "/directory/deletedItems/"+id+"/restore", "{}"), 400, "Request_BadRequest")
	want(t, "delete", d.do("DELETE", "/users/"+second, ""), 204, "")
	want(t, "restore", d.do("POST", "/directory/deletedItems/"+id+"/restore", ""), 200, "")
	if u, found := d.tenant.User("ana.ruiz@docentecoahuila.gob.mx"); !found || u.ID != id {
		t.Errorf("restored %v %v", u.ID, found)
	}
}

func TestGroups(t *testing.T) {
	t.Parallel()
	d := open(t, nil)
	id := d.create("ana.ruiz")
	join := `{"@odata.id":"https://graph.microsoft.com/v1.0/directoryObjects/` + id + `"}`
	want(t, "join", d.do("POST", "/groups/"+groupID+"/members/$ref", join), 204, "")
	want(t, "join again", d.do("POST", "/groups/"+groupID+"/members/$ref", join), 400, "Request_BadRequest")
	r := d.do("POST", "/users/"+id+"/checkMemberGroups", `{"groupIds":["`+groupID+`"]}`)
	if list, _ := r.body["value"].([]any); len(list) != 1 {
		t.Errorf("checkMemberGroups: %v", r.body)
	}
}

func TestSignInAsAPerson(t *testing.T) {
	t.Parallel()
	d := open(t, nil)
	d.create("ana.ruiz")
	upn := "ana.ruiz@docentecoahuila.gob.mx"
	if got := d.tenant.SignIn(upn, "nope"); got != graphfake.WrongPassword {
		t.Errorf("wrong password: %v", got)
	}
	if got := d.tenant.SignIn(upn, "Xilo-4821-tama"); got != graphfake.MustChange {
		t.Errorf("first sign-in: %v", got)
	}
	if err := d.tenant.ChangePassword(upn, "Xilo-4821-tama", "Nueva-clave-93"); err != nil {
		t.Error(err)
	}
	if got := d.tenant.SignIn(upn, "Nueva-clave-93"); got != graphfake.SignedIn {
		t.Errorf("after the change: %v", got)
	}
}

func TestBatch(t *testing.T) {
	t.Parallel()
	d := open(t, nil)
	id := d.create("a")
	r := d.do("POST", "/$batch", `{"requests":[
		{"id":"1","method":"GET","url":"/users/`+id+`"},
		{"id":"2","method":"POST","url":"/users","headers":{"Content-Type":"application/json"},"body":`+person("a", "")+`},
		{"id":"3","method":"GET","url":"/users/`+id+`","dependsOn":["2"]},
		{"id":"4","method":"DELETE","url":"/users/`+id+`"}]}`)
	got := map[string]float64{}
	for _, item := range r.body["responses"].([]any) {
		object := item.(map[string]any)
		got[object["id"].(string)] = object["status"].(float64)
	}
	for id, status := range map[string]float64{"1": 200, "2": 400, "3": 424, "4": 204} {
		if got[id] != status {
			t.Errorf("item %s answered %v, want %v", id, got[id], status)
		}
	}
	refused := map[string]string{
		"same id":         `{"id":"1","method":"GET","url":"/users"},{"id":"1","method":"GET","url":"/users"}`,
		"absolute":        `{"id":"1","method":"GET","url":"https://graph.microsoft.com/v1.0/users"}`,
		"no content type": `{"id":"1","method":"POST","url":"/users","body":{}}`,
		"too many":        strings.TrimSuffix(strings.Repeat(`{"id":"1","method":"GET","url":"/users"},`, 21), ","),
	}
	for name, items := range refused {
		want(t, name, d.do("POST", "/$batch", `{"requests":[`+items+`]}`), 400, "BadRequest")
	}
}

func TestThrottle(t *testing.T) {
	t.Parallel()
	clock := time.Date(2026, 8, 24, 8, 0, 0, 0, time.UTC)
	d := open(t, func(c *graphfake.Config) {
		c.Now = func() time.Time { return clock }
		c.Throttle = graphfake.Throttle{Writes: 5, WriteWindow: 150 * time.Second, Units: 1000, UnitWindow: 10 * time.Second}
	})
	for i := range 5 {
		d.create(fmt.Sprintf("p%d", i))
	}
	clock = clock.Add(30 * time.Second)
	r := d.do("POST", "/users", person("late", ""))
	want(t, "sixth write", r, 429, "TooManyRequests")
	if r.header.Get("Retry-After") != "120" {
		t.Errorf("Retry-After = %q, want 120", r.header.Get("Retry-After"))
	}
	clock = clock.Add(time.Second)
	d.do("GET", "/users", "")
	if got := d.tenant.Tally().Intruders; got != 1 {
		t.Errorf("requests during Retry-After = %d, want 1", got)
	}
	clock = clock.Add(119 * time.Second)
	want(t, "after the wait", d.do("POST", "/users", person("late", "")), 201, "")
	if got := d.tenant.Tally(); got.Intruders != 1 || got.Throttled != 1 {
		t.Errorf("tally = %+v", got)
	}
}

func TestReplicationLag(t *testing.T) {
	t.Parallel()
	clock := time.Date(2026, 8, 24, 8, 0, 0, 0, time.UTC)
	d := open(t, func(c *graphfake.Config) {
		c.Now = func() time.Time { return clock }
		c.Lag, c.Replicas = time.Minute, 1
	})
	id := d.create("ana.ruiz")
	want(t, "too early", d.do("GET", "/users/"+id, ""), 404, "Request_ResourceNotFound")
	join := `{"@odata.id":"https://graph.microsoft.com/v1.0/directoryObjects/` + id + `"}`
	want(t, "group too early", d.do("POST", "/groups/"+groupID+"/members/$ref", join), 400, "Request_BadRequest")
	want(t, "but its address is taken", d.do("POST", "/users", person("ana.ruiz", "")), 400, "Request_BadRequest")
	clock = clock.Add(time.Minute)
	want(t, "a minute later", d.do("GET", "/users/"+id, ""), 200, "")
	want(t, "change", d.do("PATCH", "/users/"+id, `{"displayName":"Ana Ruiz"}`), 204, "")
	if got := d.do("GET", "/users/"+id, "").body["displayName"]; got != "ana.ruiz" {
		t.Errorf("the replica already knows %v", got)
	}
}

func TestFaultsBeforeAndAfterTheEffect(t *testing.T) {
	t.Parallel()
	d := open(t, nil)
	d.tenant.Fail(graphfake.Fault{Op: "users.create", Status: 503})
	want(t, "before", d.do("POST", "/users", person("a", "")), 503, "serviceNotAvailable")
	d.tenant.Fail(graphfake.Fault{Op: "users.create", Break: graphfake.BreakReset, After: true})
	if r := d.do("POST", "/users", person("b", "")); r.status != 0 {
		t.Errorf("reset answered %d", r.status)
	}
	d.tenant.Fail(graphfake.Fault{Op: "users.create", Break: graphfake.BreakHTML, Status: 502})
	if r := d.do("POST", "/users", person("c", "")); r.status != 502 || r.body != nil {
		t.Errorf("html: %v", r)
	}
	users := d.tenant.Users()
	if len(users) != 1 || users[0].DisplayName != "b" {
		t.Errorf("users = %v", users)
	}
}

func BenchmarkTwoHundredThousandUsers(b *testing.B) {
	d := open(b, nil)
	for i := range 200_000 {
		_, err := d.tenant.Seed(map[string]any{"userPrincipalName": fmt.Sprintf("p%d@docentecoahuila.gob.mx", i),
			"employeeId": fmt.Sprint(i), "displayName": fmt.Sprintf("Persona %d", i%5000), "mailNickname": fmt.Sprintf("p%d", i)})
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ResetTimer()
	for i := range b.N {
		d.filter(fmt.Sprintf("employeeId eq '%d' or userPrincipalName eq 'p%d@docentecoahuila.gob.mx'", i, i))
	}
}
