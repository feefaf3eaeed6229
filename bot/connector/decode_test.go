package connector

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestOddShapesAreRead(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		body string
		want Activity
	}{
		"value is a text":       {`{"type":"message","value":"x"}`, Activity{Type: "message", Value: json.RawMessage(`"x"`)}},
		"value is a list":       {`{"value":[1]}`, Activity{Value: json.RawMessage(`[1]`)}},
		"from is a text":        {`{"from":"Lucía","text":"hola"}`, Activity{Text: "hola"}},
		"numbers for names":     {`{"type":7,"id":[],"text":{}}`, Activity{}},
		"time without zone":     {`{"timestamp":"2026-07-14T10:32:00.123"}`, Activity{Timestamp: time.Date(2026, 7, 14, 10, 32, 0, 123e6, time.UTC)}},
		"time is no time":       {`{"timestamp":"ayer"}`, Activity{}},
		"names in other cases":  {`{"TYPE":"message","ServiceUrl":"x"}`, Activity{}},
		"null members":          {`{"membersAdded":[null,{"id":"29:a"}]}`, Activity{MembersAdded: []Account{{}, {ID: "29:a"}}}},
		"a name without end":    {`{"locale":"` + strings.Repeat("x", 99) + `","from":{"name":"` + strings.Repeat("ñ", 999) + `"}}`, Activity{Locale: strings.Repeat("x", 35), From: Account{Name: strings.Repeat("ñ", 128)}}},
		"object id's two names": {`{"from":{"id":"29:a","objectId":"o"}}`, Activity{From: Account{ID: "29:a", AADObjectID: "o"}}},
	} {
		got, err := decode([]byte(c.body))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(&c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestTenant(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ body, want string }{
		"from the conversation": {`{"conversation":{"tenantId":"A"}}`, "A"},
		"from channelData":      {`{"channelData":{"tenant":{"id":"A"}}}`, "A"},
		"both agree":            {`{"conversation":{"tenantId":"A"},"channelData":{"tenant":{"id":"a"}}}`, "A"},
		"they contradict":       {`{"conversation":{"tenantId":"A"},"channelData":{"tenant":{"id":"B"}}}`, ""},
		"nobody says":           {`{}`, ""},
	} {
		if got, _ := decode([]byte(c.body)); got.TenantID != c.want {
			t.Errorf("%s: TenantID = %q, want %q", name, got.TenantID, c.want)
		}
	}
}

func TestMentions(t *testing.T) {
	t.Parallel()
	bot := Account{ID: "28:b", Name: "Altas"}
	entity := func(id, text string) json.RawMessage {
		raw, _ := json.Marshal(map[string]any{"type": "mention", "text": text, "mentioned": map[string]any{"id": id}})
		return raw
	}
	for name, c := range map[string]struct {
		text      string
		entities  []json.RawMessage
		want      string
		mentioned bool
	}{
		"at the start":          {"<at>Altas</at> registrar director\n", []json.RawMessage{entity("28:b", "<at>Altas</at>")}, "registrar director", true},
		"under another name":    {"<at>Altas (DGTI)</at>&nbsp;ayuda", []json.RawMessage{entity("28:b", "<at>Altas (DGTI)</at>")}, "&nbsp;ayuda", true},
		"without its entity":    {"<at>Altas</at> ayuda", nil, "ayuda", true},
		"someone else":          {"<at>Ana</at> hola", []json.RawMessage{entity("29:ana", "<at>Ana</at>")}, "<at>Ana</at> hola", false},
		"an entity of no shape": {"hola", []json.RawMessage{json.RawMessage(`3`)}, "hola", false},
	} {
		text, mentioned := withoutMention(c.text, bot, mentions(c.entities))
		if text != c.want || mentioned != c.mentioned {
			t.Errorf("%s: %q, %v, want %q, %v", name, text, mentioned, c.want, c.mentioned)
		}
	}
}

func TestOthersMentioned(t *testing.T) {
	t.Parallel()
	body := `{"recipient":{"id":"28:b"},"text":"<at>Altas</at> suplente <at>Ana</at> <at>Ruiz</at>","entities":[
		{"type":"clientInfo","locale":"es-MX"},
		{"type":"mention","text":"<at>Altas</at>","mentioned":{"id":"28:b","name":"Altas"}},
		{"type":"mention","text":"<at>Ana</at>","mentioned":{"id":"29:ana","name":"Ana"}},
		{"type":"mention","text":"<at>Ruiz</at>","mentioned":{"id":"29:ana","name":"Ruiz"}},
		{"type":"mention","text":"<at>Todos</at>","mentioned":"todos"}, 3]}`
	got, err := decode([]byte(body))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]Account{{ID: "29:ana", Name: "Ana"}}, got.Mentions); diff != "" {
		t.Errorf("Mentions (-want +got):\n%s", diff)
	}
	if want := "suplente <at>Ana</at> <at>Ruiz</at>"; got.Text != want {
		t.Errorf("Text = %q, want %q", got.Text, want)
	}
}

func TestFileConsent(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		activity Activity
		want     FileConsent
		is       bool
	}{
		"accepted": {
			Activity{Type: TypeInvoke, Name: InvokeFileConsent, Value: json.RawMessage(`{"type":"fileUpload","action":"accept","context":{"key":"k"},
				"uploadInfo":{"contentUrl":"https://c","name":"a.pdf","uploadUrl":"https://u","uniqueId":"1","fileType":"pdf","etag":"1"}}`)},
			FileConsent{true, json.RawMessage(`{"key":"k"}`), Upload{"https://u", "https://c", "a.pdf", "1", "pdf"}}, true,
		},
		"declined":        {Activity{Type: TypeInvoke, Name: InvokeFileConsent, Value: json.RawMessage(`{"action":"decline","uploadInfo":[]}`)}, FileConsent{}, true},
		"without a value": {Activity{Type: TypeInvoke, Name: InvokeFileConsent}, FileConsent{}, true},
		"another invoke":  {Activity{Type: TypeInvoke, Name: InvokeSearch, Value: json.RawMessage(`{"action":"accept"}`)}, FileConsent{}, false},
		"a message":       {Activity{Type: TypeMessage, Name: InvokeFileConsent, Value: json.RawMessage(`{"action":"accept"}`)}, FileConsent{}, false},
	} {
		got, is := c.activity.FileConsent()
		if diff := cmp.Diff(c.want, got); diff != "" || is != c.is {
			t.Errorf("%s: %v (-want +got):\n%s", name, is, diff)
		}
	}
}

func TestConfigNamesEveryFault(t *testing.T) {
	t.Parallel()
	_, err := New(Config{AppType: "Tripartite", AuthorityURL: "http://entra.example", ServiceHosts: []string{"https://x/y"}})
	want := `connector: app id required (BOT_APP_ID)
connector: app type "Tripartite": want SingleTenant, MultiTenant or UserAssignedMSI (BOT_APP_TYPE)
connector: app password required (BOT_APP_PASSWORD)
connector: authority address must be https (ENTRA_AUTHORITY_URL)
connector: service host "https://x/y": want host or host:port, nothing else (BOT_SERVICE_HOSTS)`
	if err == nil || err.Error() != want {
		t.Errorf("err = %v, want\n%s", err, want)
	}
	good := Config{AppID: "a", TenantID: "t", AppPassword: "p"}
	for _, address := range []string{"http://login.example/openid", "ftp://x", "x"} {
		bad := good
		bad.OpenIDMetadataURL = address
		if _, err := New(bad); err == nil {
			t.Errorf("metadata from %q was accepted", address)
		}
	}
	for _, kind := range []AppType{SingleTenant, MultiTenant, UserAssignedMSI} {
		good.AppType = kind
		if _, err := New(good); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
	}
}

func TestIssuerFollowsTheCloud(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		DefaultOpenIDMetadataURL: "https://api.botframework.com",
		"https://login.botframework.azure.us/v1/.well-known/openidconfiguration": "https://api.botframework.us",
		"http://127.0.0.1:1/openid": "https://api.botframework.com",
	} {
		if got := issuerFor(address); got != want {
			t.Errorf("issuerFor(%q) = %q, want %q", address, got, want)
		}
	}
}

func TestVendorErrors(t *testing.T) {
	t.Parallel()
	for body, want := range map[string][2]string{
		`{"error":{"code":"BadSyntax","message":"m"}}`: {"BadSyntax", "m"},
		`{"code":"C","message":"m"}`:                   {"C", "m"},
		`{"errorCode":209,"message":"{\r\n \"subCode\": \"ConversationBlockedByUser\",\r\n \"details\": \"d\"}"}`: {"ConversationBlockedByUser", "d"},
		`<html>`: {"", ""}, ``: {"", ""}, `[]`: {"", ""},
	} {
		if code, message := vendorError([]byte(body)); code != want[0] || message != want[1] {
			t.Errorf("%s: %q, %q, want %q", body, code, message, want)
		}
	}
}

func TestRetryAfterShapes(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 7, 14, 10, 0, 0, 0, time.UTC)
	for header, want := range map[string]time.Duration{
		"": 0, "3": 3 * time.Second, " 1.5 ": 1500 * time.Millisecond, "-1": 0, "NaN": 0, "soon": 0,
		"Tue, 14 Jul 2026 10:02:00 GMT": 2 * time.Minute, "Tue, 14 Jul 2026 09:00:00 GMT": 0,
	} {
		if got := retryAfter(header, now); got != want {
			t.Errorf("retryAfter(%q) = %v, want %v", header, got, want)
		}
	}
}

func TestSecretsDoNotShow(t *testing.T) {
	t.Parallel()
	raw, err := json.Marshal(Config{AppPassword: "hunter2"}.AppPassword)
	if err != nil || string(raw) != `"[redacted]"` || Secret("hunter2").String() != "[redacted]" {
		t.Errorf("%s, %v", raw, err)
	}
}
