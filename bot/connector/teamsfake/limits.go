package teamsfake

import (
	"encoding/json"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

type limit struct {
	calls int
	span  time.Duration
}

// documentedLimits returns Teams' documented limits: per bot and thread, and per app and tenant.
// All calls that change a thread share one limit, updates included.
// https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit
// https://github.com/MicrosoftDocs/msteams-docs/issues/1719
func documentedLimits(what string) []limit {
	switch what {
	case "change":
		return []limit{{7, time.Second}, {8, 2 * time.Second}, {60, 30 * time.Second}, {1800, time.Hour}}
	case "members":
		return []limit{{14, time.Second}, {16, 2 * time.Second}, {120, 30 * time.Second}, {3600, time.Hour}}
	}
	return []limit{{50, time.Second}}
}

// limited counts a call, and returns a 429 response if it exceeds a limit. The lock is held.
func (f *Fake) limited(method string, path []string, body []byte) *answer {
	if f.cfg.NoLimits {
		return nil
	}
	wait := f.count("tenant", "*")
	if what, thread := classify(method, path, body); what != "" && wait == 0 {
		wait = f.count(what, thread)
	}
	if wait == 0 {
		return nil
	}
	a := refused(http.StatusTooManyRequests, "TooManyRequests", "Bot has exceeded the allowed rate.")
	a.header = map[string]string{"Retry-After": strconv.Itoa(int(math.Ceil(wait.Seconds())))}
	return &a
}

// classify returns the limit that a call counts for besides the tenant's, and its thread: a chat,
// or a channel with all its threads; "" if there is none.
func classify(method string, path []string, body []byte) (what, thread string) {
	if len(path) == 1 && method == http.MethodPost {
		return "change", newThread(body)
	}
	if len(path) < 3 {
		return "", ""
	}
	thread, _, _ = strings.Cut(path[1], ";messageid=")
	switch {
	case method != http.MethodGet:
		return "change", thread
	case strings.HasSuffix(path[2], "members"):
		return "members", thread
	}
	return "", ""
}

// newThread returns where a new conversation is created: in a channel, or with one person.
func newThread(body []byte) string {
	var asked struct {
		Members     []struct{ ID string }
		ChannelData struct{ Channel struct{ ID string } } `json:"channelData"`
	}
	_ = json.Unmarshal(body, &asked) // an invalid body is refused elsewhere
	if id := asked.ChannelData.Channel.ID; id != "" || len(asked.Members) == 0 {
		return id
	}
	return asked.Members[0].ID
}

// count returns how long the caller should have waited; 0 if the call is within the limits, and
// counted.
func (f *Fake) count(what, thread string) time.Duration {
	name, now := what+" "+thread, f.cfg.Now()
	made := f.rates[name]
	limits := documentedLimits(what)
	longest := limits[len(limits)-1].span
	for len(made) > 0 && now.Sub(made[0]) >= longest {
		made = made[1:]
	}
	f.rates[name] = made
	for _, l := range limits {
		if n := len(made); n >= l.calls {
			if wait := l.span - now.Sub(made[n-l.calls]); wait > 0 {
				return wait
			}
		}
	}
	f.rates[name] = append(made, now)
	return 0
}
