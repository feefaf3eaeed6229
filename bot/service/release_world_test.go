package service_test

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"maps"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
	"seducoahuila.gob.mx/altas/provisioning/graph/graphfake"
)

// releaseTeams is where Teams is served in the records of the last release: they keep its
// address.
const releaseTeams = "teams.example"

// releaseRules are the office's, but that the platform's channel is registered from Teams.
var releaseRules = strings.Replace(officeRules, `platform: {channel: {channelId: "{platform}"}}`, "", 1)

// past is the office at another time than now, with a few more who ask.
type past struct {
	*office
	shift              atomic.Int64 // of its clock from the wall's
	elena, hugo, irene teamsfake.Person
	folios             map[string]string // of the last release's requests, by what each is there for
}

// inPast raises an office whose clock stands at the time given, and goes on.
func inPast(t testing.TB, at time.Time, edit ...func(*office, *tenantConfig)) *past {
	t.Helper()
	p := &past{}
	p.turnTo(at)
	first := func(o *office, tenant *tenantConfig) {
		o.clock = func() time.Time { return time.Now().Add(time.Duration(p.shift.Load())) }
		o.rules(releaseRules)
		tenant.SKUs = []graphfake.SKU{
			{ID: studentLicence, PartNumber: "STANDARDWOFFPACK_STUDENT", Enabled: 1},
			{ID: facultyLicence, PartNumber: "STANDARDWOFFPACK_FACULTY", Enabled: 500},
		}
	}
	p.office = raise(t, append([]func(*office, *tenantConfig){first}, edit...)...)
	for name, who := range map[string]*teamsfake.Person{"Elena Soto": &p.elena, "Hugo Paz": &p.hugo, "Irene Lozano": &p.irene} {
		*who = p.teams.AddPerson(teamsfake.Person{Name: name})
	}
	served := strings.TrimPrefix(p.urls.teams, "http://")
	p.urls.teams = "http://" + releaseTeams
	maps.Copy(p.env, map[string]string{
		"BOT_OPENID_METADATA_URL": p.urls.teams + "/v1/.well-known/openidconfiguration", "BOT_SERVICE_HOSTS": releaseTeams,
	})
	p.dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		if address == releaseTeams+":80" {
			address = served
		}
		return (&net.Dialer{}).DialContext(ctx, network, address)
	}
	return p
}

// unpacked is what a file of the release holds.
func unpacked(t testing.TB, name string) []byte {
	t.Helper()
	packed, err := os.Open(filepath.Join("testdata", "release", name+".gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer packed.Close()
	plain, err := gzip.NewReader(packed)
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(plain)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// outside is what stood around the last release as its files were taken.
type outside struct {
	Requests map[string]string // folios, by what each is there for
	Users    []map[string]any  // of the tenant, as Graph names their properties
	Messages []struct {
		ID, Conversation, From, ReplyTo string
		Body                            map[string]any
	}
}

// released raises an office with the files of the last release, and around it the tenant
// and the Teams that it left, half a minute after it was ended. No service is started.
func released(t testing.TB, edit ...func(*office, *tenantConfig)) *past {
	t.Helper()
	var was outside
	if err := json.Unmarshal(unpacked(t, "world.json"), &was); err != nil {
		t.Fatal(err)
	}
	ended, err := time.Parse(time.RFC3339Nano, was.Requests["at"])
	if err != nil {
		t.Fatal(err)
	}
	p := inPast(t, ended.Add(30*time.Second), edit...)
	p.folios = was.Requests
	p.must(os.WriteFile(p.env["STORE_PATH"], unpacked(t, "altas.db"), 0o600))
	p.must(os.WriteFile(filepath.Join(p.dir, "receipts.db"), unpacked(t, "receipts.db"), 0o600))
	for _, u := range was.Users {
		p.seeds(u)
	}
	_, err = p.tenant.SeedDeleted(map[string]any{
		"id": was.Requests["deleted id"], "userPrincipalName": quirinoMail, "displayName": "Quirino Vega Cruz", "mailNickname": "quirino.vega",
	})
	p.must(err)
	for _, who := range []teamsfake.Person{p.silvia, p.martha, p.gabriela, p.oscar, p.elena, p.hugo, p.irene} {
		p.teams.InstallSilently(who.ID)
		p.chats[who.ID] = p.teams.Chat(who.ID)
	}
	for _, m := range was.Messages {
		p.must(p.teams.Seed(teamsfake.Message{ID: m.ID, Conversation: m.Conversation, From: m.From, ReplyTo: m.ReplyTo, Raw: m.Body}))
	}
	return p
}

const quirinoMail = "quirino.vega@docentecoahuila.gob.mx" // lies in the recycle bin

// turnTo turns the clock to a time; the service must have been stopped.
func (p *past) turnTo(at time.Time) { p.shift.Store(int64(time.Until(at))) }
