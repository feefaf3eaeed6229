package graphfake_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"seducoahuila.gob.mx/altas/provisioning/graph/graphfake"
)

const (
	tenantID = "11111111-1111-4111-8111-111111111111"
	appID    = "22222222-2222-4222-8222-222222222222"
	student  = "314c4481-f395-4525-be8b-2ec4bb1e9d91"
	groupID  = "33333333-3333-4333-8333-333333333333"
)

// fixture is a tenant served over HTTP, and a token for it.
type fixture struct {
	t      testing.TB
	tenant *graphfake.Tenant
	server *httptest.Server
	token  string
}

func open(t testing.TB, edit func(*graphfake.Config)) *fixture {
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
	f := &fixture{t: t, tenant: tenant, server: httptest.NewServer(tenant)}
	t.Cleanup(f.server.Close)
	f.token = f.requestToken("s3cret")
	return f
}

func (f *fixture) requestToken(secret string) string {
	f.t.Helper()
	response, err := http.PostForm(f.server.URL+"/"+tenantID+"/oauth2/v2.0/token", url.Values{
		"grant_type": {"client_credentials"}, "client_id": {appID}, "client_secret": {secret},
		"scope": {"https://graph.microsoft.com/.default"}})
	if err != nil {
		f.t.Fatal(err)
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

func (f *fixture) do(method, path, body string, headers ...string) reply {
	f.t.Helper()
	request, err := http.NewRequest(method, f.server.URL+"/v1.0"+path, strings.NewReader(body))
	if err != nil {
		f.t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+f.token)
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	return f.send(request)
}

func (f *fixture) send(request *http.Request) reply {
	f.t.Helper()
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

func (f *fixture) filter(filter string) reply {
	return f.do("GET", "/users?$filter="+url.QueryEscape(filter), "")
}

func userBody(name string, more string) string {
	return fmt.Sprintf(`{"accountEnabled":true,"displayName":"%[1]s","mailNickname":"%[1]s","userPrincipalName":"%[1]s@docentecoahuila.gob.mx","usageLocation":"MX","passwordProfile":{"password":"Xilo-4821-tama","forceChangePasswordNextSignIn":true}%[2]s}`, name, more)
}

func (f *fixture) create(name string) string {
	f.t.Helper()
	r := f.do("POST", "/users", userBody(name, ""))
	if r.status != http.StatusCreated {
		f.t.Fatalf("create %s: %d %v", name, r.status, r.body)
	}
	return r.body["id"].(string)
}

func want(t testing.TB, what string, got reply, status int, code string) {
	t.Helper()
	if got.status != status || got.code() != code {
		t.Errorf("%s: answered %d %q, want %d %q (%v)", what, got.status, got.code(), status, code, got.body)
	}
}
