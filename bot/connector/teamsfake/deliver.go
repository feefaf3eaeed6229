package teamsfake

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"
)

// Turn is an activity that was delivered to the bot, with the bot's response.
type Turn struct {
	Activity object
	Status   int
	Body     []byte
	Took     time.Duration
	// The response to an Action.Execute: Card is the user-specific view of the person who clicked,
	// Text the message shown to them, ErrorCode the error that Teams shows.
	Card      *Card
	Text      string
	ErrorCode string
	Error     string
}

// Again delivers the same activity with the same id, as Teams does with a message that was not
// answered in time.
func (f *Fake) Again(ctx context.Context, turn *Turn) (*Turn, error) {
	return f.deliver(ctx, clone(turn.Activity))
}

// AgainAsNew delivers the same activity with a new id, as Teams does with an invoke that was not
// answered in time.
func (f *Fake) AgainAsNew(ctx context.Context, turn *Turn) (*Turn, error) {
	activity := clone(turn.Activity)
	f.mu.Lock()
	activity["id"] = "f:" + guid("again"+f.nextID())
	f.mu.Unlock()
	return f.deliver(ctx, activity)
}

// Deliver sends a body with an Authorization header to the bot's endpoint; an empty header is left
// out. It is for forged requests.
func (f *Fake) Deliver(ctx context.Context, body []byte, authorization string) (status int, answer []byte, err error) {
	f.mu.Lock()
	endpoint := f.botURL
	f.mu.Unlock()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, endpoint, bytes.NewReader(body))
	if err != nil {
		return 0, nil, fmt.Errorf("deliver to the bot: %w", err)
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	if authorization != "" {
		req.Header.Set("Authorization", authorization)
	}
	resp, err := f.cfg.Client.Do(req)
	if err != nil {
		return 0, nil, fmt.Errorf("deliver to the bot: %w", err)
	}
	defer resp.Body.Close()
	answer, err = io.ReadAll(io.LimitReader(resp.Body, 4<<20))
	if err != nil {
		return resp.StatusCode, nil, fmt.Errorf("read the bot's answer: %w", err)
	}
	return resp.StatusCode, answer, nil
}

// DeliverActivity sends the given activity with a valid token.
func (f *Fake) DeliverActivity(ctx context.Context, activity map[string]any) (*Turn, error) {
	return f.deliver(ctx, activity)
}

func (f *Fake) deliver(ctx context.Context, activity object) (*Turn, error) {
	raw, err := json.Marshal(activity)
	if err != nil {
		return nil, fmt.Errorf("encode activity: %w", err)
	}
	started := f.cfg.Now()
	status, body, err := f.Deliver(ctx, raw, "Bearer "+f.bearer())
	if err != nil {
		return nil, err
	}
	turn := &Turn{Activity: activity, Status: status, Body: body, Took: f.cfg.Now().Sub(started)}
	if status < 200 || status > 299 {
		return turn, fmt.Errorf("the bot answered %s %s with status %d: %.200s", text(activity, "type"), text(activity, "name"), status, body)
	}
	return turn, nil
}

// event returns an activity with the fields that every activity from a person has. The lock is
// held.
func (f *Fake) event(kind, id string, c *conversation, root string, p *Person) object {
	now := f.cfg.Now()
	data := object{"tenant": object{"id": f.cfg.TenantID}}
	place := object{"id": c.id, "tenantId": f.cfg.TenantID, "conversationType": c.kind}
	if c.kind != "personal" {
		place["isGroup"] = true
	}
	if c.team != nil {
		if root != "" {
			place["id"] = c.id + ";messageid=" + root
		}
		data["teamsChannelId"], data["teamsTeamId"] = c.id, c.team.ID
		data["channel"] = object{"id": c.id}
		data["team"] = object{"id": c.team.ID}
	}
	return object{
		"type": kind, "id": id, "channelId": "msteams", "serviceUrl": f.serviceURL,
		"timestamp":      now.UTC().Format("2006-01-02T15:04:05.0000000Z"),
		"localTimestamp": now.Format("2006-01-02T15:04:05.0000000-07:00"),
		"localTimezone":  "America/Monterrey", "locale": f.cfg.Locale,
		"from":         object{"id": p.TeamsID, "name": p.Name, "aadObjectId": p.ID},
		"recipient":    object{"id": f.BotID(), "name": f.cfg.BotName},
		"conversation": place, "channelData": data,
		"entities": []any{object{"type": "clientInfo", "locale": f.cfg.Locale, "country": "MX", "platform": "Windows", "timezone": "America/Monterrey"}},
	}
}
