package teamsfake

import (
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

// Teams' documented limits: per bot and thread for sending and for members, and per
// app and tenant.
func documentedLimits(what string) []limit {
	switch what {
	case "send":
		return []limit{{7, time.Second}, {8, 2 * time.Second}, {60, 30 * time.Second}, {1800, time.Hour}}
	case "members":
		return []limit{{14, time.Second}, {120, 30 * time.Second}}
	}
	return []limit{{50, time.Second}}
}

// limited counts a call and answers 429 when it breaks a limit. The lock is held.
func (f *Fake) limited(method string, path []string) *answer {
	if f.cfg.NoLimits {
		return nil
	}
	what, thread := classify(method, path)
	for _, counter := range [][2]string{{"tenant", ""}, {what, thread}} {
		if wait := f.count(counter[0], counter[1]); wait > 0 {
			a := refused(http.StatusTooManyRequests, "TooManyRequests", "Bot has exceeded the allowed rate.")
			a.header = map[string]string{"Retry-After": strconv.Itoa(int(math.Ceil(wait.Seconds())))}
			return &a
		}
	}
	return nil
}

func classify(method string, path []string) (what, thread string) {
	if len(path) < 2 {
		return "tenant", ""
	}
	thread, _, _ = strings.Cut(path[1], ";messageid=")
	if method == http.MethodPost {
		return "send", thread
	}
	if len(path) > 2 && strings.HasSuffix(path[2], "members") {
		return "members", thread
	}
	return "tenant", ""
}

// count returns how long the caller should have waited, or counts the call.
func (f *Fake) count(what, thread string) time.Duration {
	if what == "tenant" && thread == "" {
		thread = "*"
	}
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
