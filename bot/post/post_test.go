package post

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/store/storetest"
)

// oldPost is a record written before sendings were counted.
const oldPost = `{"conversation":{"serviceUrl":"https://smba.trafficmanager.net/amer/","id":"19:d@thread.tacv2;messageid=1","type":"channel","tenantId":"t","isGroup":true},
"ids":["1"],"shown":"0123","sentAt":"2026-11-29T12:00:00Z","strays":[{"conversation":{"id":"19:d@thread.tacv2;messageid=2"},"id":"2"}]}`

func TestReadsAPostOfAnEarlierRelease(t *testing.T) {
	t.Parallel()
	var p Post
	if err := json.Unmarshal([]byte(oldPost), &p); err != nil {
		t.Fatal(err)
	}
	if len(p.all()) != 2 || p.unacknowledged() != 0 || !p.has(connector.Conversation{ID: "19:d@thread.tacv2;messageid=2"}, "2") {
		t.Errorf("read as %+v", p)
	}
	sending := Post{SentAt: time.Now()}
	if sending.unacknowledged() != 1 {
		t.Error("a post that was being sent may exist")
	}
	again, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	var q Post
	if err := json.Unmarshal(again, &q); err != nil || !cmp.Equal(p, q) {
		t.Errorf("written as %s", again)
	}
}

// A click can name any message. At most as many are adopted as were sent without an
// acknowledgement.
func TestAdoptsAtMostTheUnacknowledged(t *testing.T) {
	t.Parallel()
	chat := connector.Conversation{ID: "a:silvia"}
	named := func(id string) Source { return Source{Conversation: chat, ID: id} }
	k := &Keeper{Config: Config{Store: storetest.Open(t), Now: time.Now}}
	const key = "account/2026-000001-0001"
	for _, id := range []string{"forged-1", "forged-2"} {
		if ours, err := k.Carries(t.Context(), named(id), key); ours || err != nil {
			t.Errorf("%s of a post that was never sent: %t, %v", id, ours, err)
		}
	}
	lost := func(p *Post) { p.sending(time.Now()); p.sending(time.Now()); p.sent(chat, "known") }
	if err := k.note(t.Context(), key, lost); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		id   string
		want bool
	}{{"", false}, {"known", true}, {"found", true}, {"found", true}, {"forged-1", false}, {"forged-2", false}} {
		if ours, err := k.Carries(t.Context(), named(tt.id), key); ours != tt.want || err != nil {
			t.Errorf("%q is carried: %t, %v; want %t", tt.id, ours, err, tt.want)
		}
	}
	p, err := posts.Read(t.Context(), k.Store, key)
	if err != nil || len(p.all()) != 2 || p.Lost != 0 {
		t.Errorf("the post is %+v, %v", p, err)
	}
	for range 3 * maxLost {
		p.sending(time.Now())
	}
	if p.Lost != maxLost {
		t.Errorf("%d unacknowledged messages, want %d at most", p.Lost, maxLost)
	}
}

// A card is adopted by a post with a lost acknowledgement, but not if it belongs to another
// post; in a channel only the first message of a thread is a card.
func TestAMessageBelongsToOnePost(t *testing.T) {
	t.Parallel()
	const hers, his, line = "request/2026-000001/director/1", "request/2026-000002/director/1", "line/2026-000003-0001"
	for name, place := range map[string]string{"a channel": "19:d@thread.tacv2", "a group chat": "19:d@thread.v2"} {
		k := &Keeper{Config: Config{Store: storetest.Open(t), Now: time.Now}}
		conv := func(id string) connector.Conversation {
			if name == "a channel" {
				return connector.Conversation{ID: place + ";messageid=" + id}
			}
			return connector.Conversation{ID: place}
		}
		click := func(in, message string) Source { return Source{Conversation: conv(in), ID: message} }
		note := func(key string, change func(*Post)) {
			t.Helper()
			if err := k.note(t.Context(), key, change); err != nil {
				t.Fatal(err)
			}
		}
		note(his, func(p *Post) { p.sending(k.Now()); p.sent(conv("his"), "his") })
		for _, key := range []string{hers, line} {
			note(key, func(p *Post) { p.sending(k.Now()) })
			for _, forged := range []Source{click("his", "his"), click("", "his")} {
				if ours, err := k.Carries(t.Context(), forged, key); ours || err != nil {
					t.Errorf("%s: %s adopts a card of another post: %v", name, key, err)
				}
			}
		}
		if ours, err := k.Carries(t.Context(), click("new", "his"), hers); name == "a channel" && (ours || err != nil) {
			t.Errorf("a message is adopted in a thread that it does not begin: %v", err)
		}
		if ours, err := k.Carries(t.Context(), click("new", "new"), hers); !ours || err != nil {
			t.Errorf("%s: the post's own card is not adopted: %v", name, err)
		}
		note(line, func(p *Post) { p.adopt(conv("his"), "his") }) // as a record of an earlier release may say
		for message, want := range map[string]string{"his": his, "new": hers} {
			if key, err := k.KeyAt(t.Context(), Location(conv(message), message), ""); key != want || err != nil {
				t.Errorf("%s: the post at %s is %q, %v; want %s", name, message, key, err, want)
			}
		}
	}
}
