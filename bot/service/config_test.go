package service_test

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/bot/service"
	"seducoahuila.gob.mx/altas/provisioning"
)

// filled is the example, filled in as its first lines say.
func filled(t *testing.T) string {
	t.Helper()
	example, err := os.ReadFile("altas.example.yaml")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.ReplaceAll(string(example), "00000000-0000-4000-8000-", "7d0c6a3e-5b1f-4f0a-9c2d-")
	text = regexp.MustCompile(`(teamId|channelId): "19:.*"`).ReplaceAllString(text, `$1: ""`)
	path := filepath.Join(t.TempDir(), "altas.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// minimal is the minimum of variables with which the service starts.
func minimal(t *testing.T) map[string]string {
	t.Helper()
	return map[string]string{
		"ALTAS_CONFIG": filled(t), "BOT_APP_ID": "22222222-2222-4222-8222-222222222222", "BOT_APP_PASSWORD": "s3cret",
		"BOT_TENANT_ID": "11111111-1111-4111-8111-11111111AAAA", "AZURE_TENANT_ID": "11111111-1111-4111-8111-111111111111",
		"AZURE_CLIENT_ID": "33333333-3333-4333-8333-333333333333", "AZURE_CLIENT_SECRET": "s3cret",
	}
}

func load(t *testing.T, changes map[string]string) (service.Config, error) {
	t.Helper()
	env := minimal(t)
	maps.Copy(env, changes)
	return service.LoadConfig(func(name string) string { return env[name] })
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	c, err := load(t, nil)
	if err != nil {
		t.Fatalf("the example is refused: %v", err)
	}
	got := []string{c.Listen, c.StorePath, string(c.ReceiptsDSN), string(c.Bot.AppType), c.Bot.OpenIDMetadataURL,
		c.Bot.AuthorityURL, c.Graph.URL, c.Graph.Authority, c.LogLevel, c.LogFormat, c.Locale, c.Location.String(), c.Bot.TenantID}
	want := []string{"127.0.0.1:3978", "data/altas.db", "sqlite:data/receipts.db", "SingleTenant",
		"https://login.botframework.com/v1/.well-known/openidconfiguration", "https://login.microsoftonline.com",
		"https://graph.microsoft.com/v1.0", "https://login.microsoftonline.com", "info", "json", "es-MX", "America/Monterrey",
		"11111111-1111-4111-8111-11111111aaaa"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("defaults (-want +got):\n%s", diff)
	}
}

// README's table contains the variables that are read, and no others.
func TestTheDocumentationNamesTheEnvironment(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	read, told := map[string]bool{}, map[string]bool{}
	env := minimal(t)
	_, _ = service.LoadConfig(func(name string) string { // the result does not matter
		read[strings.TrimSuffix(name, "_FILE")] = true
		return env[name]
	})
	for row := range strings.Lines(string(readme)) {
		names, _, _ := strings.Cut(strings.TrimPrefix(row, "|"), "|")
		for _, name := range regexp.MustCompile("`([A-Z]+(?:_[A-Z]+)+)`").FindAllStringSubmatch(names, -1) {
			if strings.HasPrefix(row, "|") {
				told[name[1]] = true
			}
		}
	}
	if diff := cmp.Diff(read, told); diff != "" {
		t.Errorf("the environment (-read +told):\n%s", diff)
	}
}

func TestSecretsFromFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	changes := make(map[string]string)
	for name, value := range map[string]string{
		"BOT_APP_PASSWORD": "bot", "AZURE_CLIENT_SECRET": "maker", "RECEIPTS_DSN": "postgres://altas:row@db/receipts",
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(value+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		changes[name], changes[name+"_FILE"] = "", path
	}
	c, err := load(t, changes)
	if err != nil {
		t.Fatal(err)
	}
	if c.Bot.AppPassword != "bot" || c.Graph.ClientSecret != "maker" || c.ReceiptsDSN != "postgres://altas:row@db/receipts" {
		t.Error("a secret was not read from its file")
	}
	if shown := fmt.Sprintf("%v %+v %#v", c, c, c); strings.Contains(shown, "row@") || strings.Contains(shown, `"bot"`) || strings.Contains(shown, "maker") {
		t.Errorf("a secret shows itself: %s", shown)
	}
}

// Notepad and PowerShell write a byte order mark before the text and a line end after it.
func TestSecretsOfWindows(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "secret")
	for name, c := range map[string]struct{ content, want string }{
		"Notepad":    {"\xef\xbb\xbfsqlite:ñ.db\r\n", "sqlite:ñ.db"},
		"PowerShell": {"\xff\xfes\x00q\x00l\x00i\x00t\x00e\x00:\x00\xf1\x00\r\x00\n\x00", "sqlite:ñ"},
	} {
		if err := os.WriteFile(path, []byte(c.content), 0o600); err != nil {
			t.Fatal(err)
		}
		loaded, err := load(t, map[string]string{"RECEIPTS_DSN_FILE": path})
		if err != nil || string(loaded.ReceiptsDSN) != c.want {
			t.Errorf("%s: %q, %v, want %q", name, string(loaded.ReceiptsDSN), err, c.want)
		}
		if again, err := loaded.ReceiptsNow(); err != nil || again != c.want {
			t.Errorf("%s, read again: %q, %v, want %q", name, again, err, c.want)
		}
	}
	if err := os.WriteFile(path, []byte(" \r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := load(t, map[string]string{"AZURE_CLIENT_SECRET": "", "AZURE_CLIENT_SECRET_FILE": path}); err == nil || !strings.Contains(err.Error(), "is empty") {
		t.Errorf("an empty file: %v", err)
	}
}

// Warnings: a channel id in the wrong key, and a missing requesterGroup.
func TestDoubts(t *testing.T) {
	t.Parallel()
	c, err := load(t, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Warnings(); len(got) != 4 || !strings.HasPrefix(got[2], "archive: missing") || !strings.HasPrefix(got[3], "contact: missing") || !strings.HasPrefix(got[0], "requesterGroup: empty") || !strings.HasPrefix(got[1], "privacy: missing") {
		t.Errorf("doubts about the example, filled in: %q", got)
	}
	c.Rules.RequesterGroup = "7d0c6a3e-5b1f-4f0a-9c2d-8e4b1a6f3c5d"
	c.Rules.Stages[1].Channel = service.ChannelRules{ChannelID: "General"}
	c.Rules.Platform.Channel = service.ChannelRules{ChannelID: "19:a1b2@thread.tacv2"}
	want := []string{`stages[1].channel: "General" is no channel's id, which begins with 19:`}
	if diff := cmp.Diff(want, c.Warnings()[:1]); diff != "" {
		t.Errorf("doubts (-want +got):\n%s", diff)
	}
}

// The example without changes is refused: nobody could decide.
func TestTheExampleAsItIsDoesNotServe(t *testing.T) {
	t.Parallel()
	_, err := load(t, map[string]string{"ALTAS_CONFIG": "altas.example.yaml"})
	if err == nil {
		t.Fatal("it serves")
	}
	var got []string
	for line := range strings.Lines(err.Error()) {
		where, _, _ := strings.Cut(strings.TrimPrefix(line, "altas.example.yaml: "), ": ")
		got = append(got, where)
	}
	want := []string{"stages[0].approvers", "stages[1].approvers", "administrators", "stages[0].channel", "stages[1].channel", "platform.channel"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("faults (-want +got):\n%s\n%v", diff, err)
	}
}

// An invalid id, a domain instead of an id and a name instead of one are reported at start, with
// where to find the right one; otherwise the service would fail later, with a token error or a 401.
func TestIdsThatAreNoGUIDs(t *testing.T) {
	t.Parallel()
	for name, where := range map[string]string{
		"BOT_APP_ID": "App registrations", "AZURE_CLIENT_ID": "App registrations", "BOT_TENANT_ID": "Overview", "AZURE_TENANT_ID": "Overview",
	} {
		for _, value := range []string{"abc", "seducoahuila.gob.mx", "11111111-1111-4111-8111-11111111111", "{11111111-1111-4111-8111-111111111111}"} {
			_, err := load(t, map[string]string{name: value})
			if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("%s: %q is not a GUID", name, value)) || !strings.Contains(err.Error(), where) {
				t.Errorf("%s=%s: %v", name, value, err)
			}
		}
		if _, err := load(t, map[string]string{name: " 11111111-1111-4111-8111-11111111ABCD "}); err != nil {
			t.Errorf("%s in capitals: %v", name, err)
		}
	}
}

// A domain that is not verified and a licence that was not bought would keep every account of the
// type waiting: both are reported at start.
func TestDoubtsInTheTenant(t *testing.T) {
	t.Parallel()
	c, err := load(t, nil)
	if err != nil {
		t.Fatal(err)
	}
	const faculty = "94763226-9b3c-4e75-a931-5c89701abe66"
	got := append(c.Rules.DoubtsOfDomains([]string{"DocenteCoahuila.gob.mx", "seducoahuila.gob.mx"}),
		c.Rules.DoubtsOfLicences(map[string]provisioning.Licence{faculty: {SKU: faculty}})...)
	want := []string{
		"types.alumno.domain: the tenant has no verified domain alumnocoahuila.gob.mx",
		"types.alumno.licences: the tenant has no licence 314c4481-f395-4525-be8b-2ec4bb1e9d91",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("doubts (-want +got):\n%s", diff)
	}
}

// All faults are reported at once, each with the variable and what to write.
func TestEveryFaultAtOnce(t *testing.T) {
	t.Parallel()
	_, err := load(t, map[string]string{
		"BOT_APP_ID": "", "BOT_APP_PASSWORD": "", "BOT_APP_TYPE": "Personal", "ALTAS_LISTEN": "3978", "ALTAS_TIMEZONE": "Saltillo",
		"LOG_LEVEL": "loud", "LOG_FORMAT": "xml", "ALTAS_LOCALE": "fr", "AZURE_CLIENT_SECRET_FILE": "/nowhere", "RECEIPTS_DSN": "oracle://x", "ALTAS_CONFIG": "none.yaml",
	})
	if err == nil {
		t.Fatal("nothing is wrong")
	}
	for _, name := range []string{"BOT_APP_ID", "BOT_APP_PASSWORD", "BOT_APP_TYPE", "ALTAS_LISTEN", "ALTAS_TIMEZONE",
		"LOG_LEVEL", "LOG_FORMAT", "ALTAS_LOCALE", "AZURE_CLIENT_SECRET_FILE", "RECEIPTS_DSN", "none.yaml"} {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("nothing is said of %s in:\n%v", name, err)
		}
	}
}

func TestFaultsOfAddresses(t *testing.T) {
	t.Parallel()
	for name, value := range map[string]string{
		"GRAPH_URL": "http://graph.microsoft.com/v1.0", "ENTRA_AUTHORITY_URL": "http://127.0.0.1:8080",
		"BOT_SERVICE_HOSTS": "https://smba.example/", "BOT_FILE_HOSTS": "files.example/x", "BOT_OPENID_METADATA_URL": "http://login.botframework.com/keys",
	} {
		if _, err := load(t, map[string]string{name: value}); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s=%s: err = %v, want one that names it", name, value, err)
		}
	}
}

// rulesWith is the example with one line changed.
func rulesWith(t *testing.T, old, instead string) string {
	t.Helper()
	example, err := os.ReadFile("altas.example.yaml")
	if err != nil || !strings.Contains(string(example), old) {
		t.Fatalf("the example has no %q (%v)", old, err)
	}
	path := filepath.Join(t.TempDir(), "altas.yaml")
	if err := os.WriteFile(path, []byte(strings.Replace(string(example), old, instead, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// A mistake in who may decide stops the service, and never gives anybody access.
func TestFaultsOfRules(t *testing.T) {
	t.Parallel()
	const rosa = "    approvers:\n      - 00000000-0000-4000-8000-000000000001\n"
	for name, c := range map[string]struct{ old, instead, want string }{
		"a channel for two":       {"19:canal-subdireccion@", "19:canal-direccion@", "stages[1].channel: the same channel as stages[0]'s"},
		"a key nobody knows":      {"oneMayDecideAll:", "oneMayDecideEverything:", "oneMayDecideEverything: no such key"},
		"deeper":                  {"approverGroup: \"\"", "approverGroups: []", "approverGroups: no such key"},
		"a name for an id":        {"00000000-0000-4000-8000-000000000001", "Rosa Cárdenas", "stages[0].approvers"},
		"nobody decides":          {rosa, "", "stages[0]: nobody may decide"},
		"stages out of order":     {"name: director", "name: subdirector", "stages: want director, subdirector"},
		"no administrator":        {"  - 00000000-0000-4000-8000-000000000003", "", "administrators: name at least one"},
		"not a domain":            {"domain: docentecoahuila.gob.mx", "domain: docente coahuila", "types.docente.domain"},
		"not a pattern":           {"\"{nombre1}.{apellido1}\"", "\"{apodo}\"", "types.docente.patterns"},
		"not a licence":           {"- 94763226-9b3c-4e75-a931-5c89701abe66", "- A1", "types.docente.licences"},
		"an unknown type":         {"  centro:", "  escuela:", "types.escuela"},
		"not a number":            {"lines: 5000", "lines: many", "limits.lines"},
		"less than nothing":       {"reveals: 5", "reveals: -5", "limits.reveals"},
		"not a country":           {"usageLocation: MX", "usageLocation: México", "types.docente.attributes.usageLocation"},
		"too many to number":      {"lines: 5000", "lines: 10000", "limits.lines: 10000 is more"},
		"a field of nothing":      {"officeLocation: \"{centro}\"", "officeLocation: \"{escuela}\"", "attributes: \"{escuela}\": unknown field {escuela}"},
		"not a consent":           {"minorConsent: Granted", "minorConsent: Yes", "minorConsent"},
		"a property with another": {"stampProperty: employeeId", "stampProperty: mail", "stamp property"},
		"no such buttons":         {"buttons: execute", "buttons: phone", "buttons: \"phone\" is neither execute nor submit"},
		"a tab":                   {"    domain: docente", "\tdomain: docente", "is indented with a tab"},
		"saved in ANSI":           {"Secretaría", "Secretar\xeda", "save it as UTF-8"},
		"not YAML":                {"types:", "types: [", "altas.yaml"},
		"a word for a number":     {"reveals: 5", "reveals: cinco", "limits.reveals: want a whole number"},
		"text for a list":         {"daysOff: [\"2026-12-21..2027-01-05\"]", "daysOff: {a: b}", "calendar.daysOff: want a list"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := load(t, map[string]string{"ALTAS_CONFIG": rulesWith(t, c.old, c.instead)})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("err = %v, want one with %q", err, c.want)
			}
		})
	}
}

// A value of the wrong kind does not hide other faults.
func TestAFaultOfKindHidesNoOther(t *testing.T) {
	t.Parallel()
	path := rulesWith(t, "reveals: 5", "reveals: cinco\n  revelaciones: 5")
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(content), "domain: docentecoahuila.gob.mx", "domain: docente coahuila", 1) + "\nadministradores: []\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = load(t, map[string]string{"ALTAS_CONFIG": path})
	for _, want := range []string{"limits.reveals: want a whole number", "limits.revelaciones: no such key", "administradores: no such key", "types.docente.domain"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("nothing is said of %q in:\n%v", want, err)
		}
	}
}

func TestLogKeepsSecrets(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"json", "text"} {
		var out bytes.Buffer
		log := service.NewLog(&out, "debug", format)
		log.Info("asked for GAPM120515MCLRRRA4", "err", fmt.Errorf("put gapm120515mclrrra4: Bearer eyJhbGci.eyJzdWIi.c2ln"),
			"password", "Mar-4821", "took", time.Second, "AccessToken", "abc", "name", "Lucía",
			"cause", struct{ Typed []string }{[]string{"GAPM120515MCLRRRA4"}})
		got := out.String()
		for _, secret := range []string{"GAPM120515", "gapm120515", "eyJ", "Mar-4821", "abc"} {
			if strings.Contains(got, secret) {
				t.Errorf("%s: the log has %q: %s", format, secret, got)
			}
		}
		if !strings.Contains(got, "Lucía") || !strings.Contains(got, "GAPM") {
			t.Errorf("%s: the log lost what may be said: %s", format, got)
		}
	}
}

// The database's password is rotated while the service runs: the file is read again.
func TestARotatedAddressIsReadAgain(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "dsn")
	rotate := func(dsn string) {
		if err := os.WriteFile(path, []byte(dsn+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	rotate("postgres://altas:old@db/receipts")
	c, err := load(t, map[string]string{"RECEIPTS_DSN_FILE": path})
	if err != nil {
		t.Fatal(err)
	}
	rotate("postgres://altas:new@db/receipts")
	if got, err := c.ReceiptsNow(); got != "postgres://altas:new@db/receipts" || err != nil {
		t.Errorf("now %q, %v", got, err)
	}
	if c, err := load(t, nil); err != nil || c.ReceiptsNow != nil {
		t.Errorf("without a file: %v", err)
	}
}
