package tab

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/bot/post"
	"seducoahuila.gob.mx/altas/bot/recipient"
	"seducoahuila.gob.mx/altas/bot/signin"
	"seducoahuila.gob.mx/altas/bot/view"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/access"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
	"seducoahuila.gob.mx/altas/store"
)

// benchRequests is the number of requests in the store, each of one line; of 200 requesters.
var benchRequests = flag.Int("requests", 100_000, "requests in the store that the benchmark reads")

// awaiting is how many of them, the newest, wait for the director.
const awaiting = 300

// BenchmarkPages reports the 99th percentile of each page, in milliseconds, over HTTP handlers and the
// store. Run it with -benchtime 300x.
func BenchmarkPages(b *testing.B) {
	tb := benchTab(b)
	handler := tb.Handler()
	for name, c := range map[string]struct {
		person, path string
		form         url.Values
	}{
		"mine":        {"requester-7", minePath, nil},
		"handover":    {"requester-7", handoverPath, nil},
		"waiting":     {"director", waitingPath + "director", nil},
		"all":         {"head", allPath, nil},
		"all, deep":   {"head", allPath + "?antes=2026-050000", nil},
		"search":      {"head", searchPath, url.Values{"q": {"ana"}}},
		"search, own": {"requester-7", searchPath, url.Values{"q": {"ana"}}},
		"folio":       {"requester-7", searchPath, url.Values{"q": {"2026-000008"}}},
	} {
		b.Run(name, func(b *testing.B) {
			cookie := benchSession(b, tb, c.person)
			var took []time.Duration
			for b.Loop() {
				r := httptest.NewRequestWithContext(b.Context(), http.MethodGet, c.path, nil)
				if c.form != nil {
					r = httptest.NewRequestWithContext(b.Context(), http.MethodPost, c.path, strings.NewReader(c.form.Encode()))
					r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				}
				r.AddCookie(&http.Cookie{Name: cookieName, Value: cookie})
				w := httptest.NewRecorder()
				began := time.Now()
				handler.ServeHTTP(w, r)
				took = append(took, time.Since(began))
				if w.Code != http.StatusOK {
					b.Fatalf("%d %s", w.Code, w.Body)
				}
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
		})
	}
}

// anybody is the sign-in of whoever posts a token: the token is the person.
type anybody struct{}

func (anybody) VerifyTab(_ context.Context, token string) (signin.TabToken, error) {
	return signin.TabToken{ObjectID: token, ID: token, Ends: time.Now().Add(time.Hour)}, nil
}

type noGroups struct{}

func (noGroups) MemberOf(context.Context, string, []string) ([]string, error) { return nil, nil }

type open struct{}

func (open) Remaining(provisioning.Account, provisioning.Actor) (until time.Time, left int, closed error) {
	return time.Now().Add(time.Hour), 3, nil
}

func benchSession(b *testing.B, tb *Tab, person string) string {
	b.Helper()
	value, err := tb.begin(b.Context(), signin.TabToken{ObjectID: person, ID: b.Name() + fmt.Sprint(b.N, time.Now()), Ends: time.Now().Add(time.Hour)}, "", session{})
	if err != nil {
		b.Fatal(err)
	}
	return value
}

func benchTab(b *testing.B) *Tab {
	b.Helper()
	db, err := store.Open(filepath.Join(b.TempDir(), "altas.db"), store.Options{NoSync: true})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := db.Close(); err != nil {
			b.Error(err)
		}
	})
	fill(b, db)
	rules := &provisioning.Rules{
		Stages:         provisioning.Stages{{Name: provisioning.Director, Approvers: []string{"director"}}},
		Administrators: []string{"head"}, Limits: provisioning.DefaultLimits(),
	}
	policy := &access.Policy{Rules: rules, Memberships: noGroups{}, Now: time.Now}
	log := slog.New(slog.DiscardHandler)
	recipients := &recipient.Registry{Config: recipient.Config{Store: db, Access: policy, Rules: rules, Location: time.UTC, Now: time.Now, Log: log}}
	return New(Config{
		Store: db, Access: policy, Inquiries: &access.Inquiries{Store: db, Access: policy}, SignIn: anybody{},
		View:       &view.Reader{Config: view.Config{Store: db, Rules: rules, Allowance: open{}, Now: time.Now, Log: log}},
		Posts:      &post.Keeper{Config: post.Config{Store: db, Recipients: recipients, Now: time.Now, Log: log}},
		Recipients: recipients, BotID: "bot", Location: time.UTC, Now: time.Now, Log: log,
	})
}

func fill(b *testing.B, db *store.DB) {
	b.Helper()
	const together = 1000
	for at := 0; at < *benchRequests; at += together {
		err := db.Update(b.Context(), func(tx provisioning.Tx) error {
			for i := at; i < min(at+together, *benchRequests); i++ {
				f, err := tx.NextFolio(2026)
				if err != nil {
					return err
				}
				r := provisioningtest.Request(f, fmt.Sprint("requester-", i%200), 1)
				a := provisioningtest.Account(f, 1, provisioningtest.Teacher(i))
				r.State, a.State = provisioning.StateCompleted, provisioning.AccountAnnounced
				if i >= *benchRequests-awaiting {
					r.State, a.State = provisioning.StateDirector, provisioning.AccountPending
				}
				if err := errors.Join(tx.PutRequest(r), tx.PutAccount(a)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}
