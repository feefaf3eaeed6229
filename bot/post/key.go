package post

import (
	"fmt"
	"iter"
	"strings"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
)

// The jobs that keep posts true beside those of a request.
const (
	JobDraft   job.Kind = "draft"   // a form's card; the key is the draft's
	JobAccount job.Kind = "account" // the card of an account made; the key is the stamp
)

// The keys of posts.
func OfDraft(id string) string { return "draft/" + id }

func OfAccount(s provisioning.Stamp) string { return "account/" + string(s) }

func postsOfAccounts(f provisioning.Folio) string { return "account/" + string(f) + "-" }

func OfAttention(s provisioning.Stamp) string { return "line/" + string(s) }

func postsOfAttention(f provisioning.Folio) string { return "line/" + string(f) + "-" }

func postsOfStages(f provisioning.Folio) string { return "request/" + string(f) + "/" }

func OfStage(f provisioning.Folio, s provisioning.StageName, round int) string {
	return fmt.Sprintf("%s%s/%d", postsOfStages(f), s, round)
}

// Those of a request in its requester's chat, beside the one that its form became.
func OwnOf(f provisioning.Folio) string { return "own/" + string(f) + "/" }

func OfReturn(f provisioning.Folio) string { return OwnOf(f) + "returned" }

func OfStatus(f provisioning.Folio, person string) string {
	return OwnOf(f) + "status/" + person
}

// OfNotice is the key of the post that a notice is; "" for what is told once, and
// is no card.
func OfNotice(n provisioning.Notice) string {
	switch n.Kind {
	case provisioning.NoticeReady:
		return OfAccount(n.Stamp)
	case provisioning.NoticeReturned:
		return OfReturn(n.Folio)
	}
	return ""
}

// OfOutcome is what was said below the card when the request came to its state.
func OfOutcome(r provisioning.Request) string {
	return fmt.Sprintf("outcome/%s/%s", r.Folio, r.State)
}

// stampOfAccount returns the line that a key of OfAccount names.
func stampOfAccount(key string) provisioning.Stamp {
	return provisioning.Stamp(strings.TrimPrefix(key, "account/"))
}

// AccountsPosted yields the lines of a request whose account has a card.
func AccountsPosted(tx provisioning.Tx, f provisioning.Folio) iter.Seq2[provisioning.Stamp, error] {
	return func(yield func(provisioning.Stamp, error) bool) {
		for key, err := range posts.Keys(tx, postsOfAccounts(f)) {
			if !yield(stampOfAccount(key), err) {
				return
			}
		}
	}
}

// LineOf returns the line that a key of OfAttention names.
func LineOf(key string) provisioning.Stamp {
	return provisioning.Stamp(strings.TrimPrefix(key, "line/"))
}

// folioOfPost returns the request that a key of a post names; "" for a form's.
func folioOfPost(key string) provisioning.Folio {
	kind, rest, _ := strings.Cut(key, "/")
	switch kind {
	case "request", "outcome":
		folio, _, _ := strings.Cut(rest, "/")
		return provisioning.Folio(folio)
	case "line", "account":
		return provisioning.Stamp(rest).Folio()
	}
	return ""
}
