package recipient

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"seducoahuila.gob.mx/altas/bot/connector"
)

// A record written before buttons could be chosen is read, and written again unchanged.
func TestChatOfTheReleaseBefore(t *testing.T) {
	t.Parallel()
	const kept = `{"conversation":{"ServiceURL":"https://smba.trafficmanager.net/amer/","ID":"a:1","Type":"personal","TenantID":"t","IsGroup":false},` +
		`"userId":"29:1","name":"Silvia","locale":"es-MX","chosen":"en","gone":true,"lost":"2026-11-02T10:00:00Z","role":"member","cct":"05DPR0221C"}`
	want := Person{
		Conversation: connector.Conversation{ServiceURL: "https://smba.trafficmanager.net/amer/", ID: "a:1", Type: "personal", TenantID: "t"},
		UserID:       "29:1", Name: "Silvia", Locale: "es-MX", Chosen: "en", Gone: true,
		Lost: time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC), Role: RoleMember, CCT: "05DPR0221C",
	}
	var got Person
	if err := json.Unmarshal([]byte(kept), &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("read (-want +got):\n%s", diff)
	}
	if again, err := json.Marshal(got); err != nil || string(again) != kept {
		t.Errorf("kept again as %s, %v", again, err)
	}
}
