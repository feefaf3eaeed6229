package bot

import (
	"fmt"
	"strings"

	"seducoahuila.gob.mx/altas/provisioning"
)

// The keys of posts.
func postOfDraft(id string) string                 { return "draft/" + id }
func postOfAccount(s provisioning.Stamp) string    { return "account/" + string(s) }
func postsOfAccounts(f provisioning.Folio) string  { return "account/" + string(f) + "-" }
func postOfAttention(s provisioning.Stamp) string  { return "line/" + string(s) }
func postsOfAttention(f provisioning.Folio) string { return "line/" + string(f) + "-" }
func postsOfStages(f provisioning.Folio) string    { return "request/" + string(f) + "/" }
func postOfStage(f provisioning.Folio, s provisioning.StageName, round int) string {
	return fmt.Sprintf("%s%s/%d", postsOfStages(f), s, round)
}

// Those of a request in its requester's chat, beside the one that its form became.
func postsOfOwn(f provisioning.Folio) string   { return "own/" + string(f) + "/" }
func postOfReturn(f provisioning.Folio) string { return postsOfOwn(f) + "returned" }
func postOfStatus(f provisioning.Folio, person string) string {
	return postsOfOwn(f) + "status/" + person
}

// postOfNotice is the key of the post that a notice is; "" for what is told once, and
// is no card.
func postOfNotice(n provisioning.Notice) string {
	switch n.Kind {
	case provisioning.NoticeReady:
		return postOfAccount(n.Stamp)
	case provisioning.NoticeReturned:
		return postOfReturn(n.Folio)
	}
	return ""
}

// postOfOutcome is what was said below the card when the request came to its state.
func postOfOutcome(r provisioning.Request) string {
	return fmt.Sprintf("outcome/%s/%s", r.Folio, r.State)
}

// stampOfAccount returns the line that a key of postOfAccount names.
func stampOfAccount(key string) provisioning.Stamp {
	return provisioning.Stamp(strings.TrimPrefix(key, "account/"))
}

// stampOfAttention returns the line that a key of postOfAttention names.
func stampOfAttention(key string) provisioning.Stamp {
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
