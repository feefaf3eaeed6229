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

// releaseTeams is the host of Teams in the records of the last release.
const releaseTeams = "teams.example"

// releaseRules are the office's rules, without the platform's channel, which is registered from
// Teams.
var releaseRules = strings.Replace(officeRules, `platform: {channel: {channelId: "{platform}"}}`, "", 1)

// pastOffice is an office at another time, with more requesters.
type pastOffice struct {
	*office
	shift              atomic.Int64 // of its clock to the wall clock
	elena, hugo, irene teamsfake.Person
	folios             map[string]string // of the last release's requests, by their purpose
}

// openPastOffice opens an office whose clock starts at the given time.
func openPastOffice(t testing.TB, at time.Time, edit ...func(*office, *tenantConfig)) *pastOffice {
	t.Helper()
	p := &pastOffice{}
	p.setClock(at)
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

// unpacked is the content of a file of the release.
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

// outside is the tenant and the Teams of the last release.
type outside struct {
	Requests map[string]string // folios, by their purpose
	Users    []map[string]any  // of the tenant, with Graph's property names
	Messages []struct {
		ID, Conversation, From, ReplyTo string
		Body                            map[string]any
	}
}

// released opens an office with the files of the last release, and with its tenant and Teams, half
// a minute after it was ended. The service is not started.
func released(t testing.TB, edit ...func(*office, *tenantConfig)) *pastOffice {
	t.Helper()
	var was outside
	if err := json.Unmarshal(unpacked(t, "world.json"), &was); err != nil {
		t.Fatal(err)
	}
	ended, err := time.Parse(time.RFC3339Nano, was.Requests["at"])
	if err != nil {
		t.Fatal(err)
	}
	p := openPastOffice(t, ended.Add(30*time.Second), edit...)
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

const quirinoMail = "quirino.vega@docentecoahuila.gob.mx" // in the recycle bin

// setClock sets the clock; the service must have been stopped.
func (p *pastOffice) setClock(at time.Time) { p.shift.Store(int64(time.Until(at))) }
