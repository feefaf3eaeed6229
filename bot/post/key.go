package post

import (
	"fmt"
	"iter"
	"strconv"
	"strings"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
)

// The jobs that update posts, other than those of a request.
const (
	JobDraft   job.Kind = "draft"   // a form's card; the key is the draft's
	JobAccount job.Kind = "account" // the card of a created account; the key is the stamp
	// The list of what is to be handed over of a request, after passwords were shown in its place; the key
	// is the folio.
	JobHandover job.Kind = "handover"
)

// OfDraft is the key of a form's card, by the form's id. The key stays when the form is sent and
// the card becomes the request's.
func OfDraft(id string) string { return "draft/" + id }

// OfAccount is the key of the card of a created account.
func OfAccount(s provisioning.Stamp) string { return "account/" + string(s) }

// OfHandover is the key of the list of what is to be handed over of a request, while passwords may be
// visible in its place.
func OfHandover(f provisioning.Folio) string { return "handover/" + string(f) }

func postsOfAccounts(f provisioning.Folio) string { return "account/" + string(f) + "-" }

// OfAttention is the key of the card of a line in attention.
func OfAttention(s provisioning.Stamp) string { return "line/" + string(s) }

func postsOfAttention(f provisioning.Folio) string { return "line/" + string(f) + "-" }

func postsOfStages(f provisioning.Folio) string { return "request/" + string(f) + "/" }

// OfStage is the key of the card of a request at a stage, in a round.
func OfStage(f provisioning.Folio, s provisioning.StageName, round int) string {
	return fmt.Sprintf("%s%s/%d", postsOfStages(f), s, round)
}

// OfLetter is the key of the card of a letter in the office's channel, by its serial among those of
// the request.
func OfLetter(f provisioning.Folio, serial int) string { return fmt.Sprintf("letter/%s/%d", f, serial) }

// LetterOf parses a key of OfLetter; ok is false for any other key.
func LetterOf(key string) (f provisioning.Folio, serial int, ok bool) {
	parts := strings.Split(key, "/")
	if len(parts) != 3 || parts[0] != "letter" {
		return "", 0, false
	}
	serial, err := strconv.Atoi(parts[2])
	return provisioning.Folio(parts[1]), serial, err == nil
}

// OwnOf is the prefix of the keys of a request's posts in personal chats, other than the form's
// card.
func OwnOf(f provisioning.Folio) string { return "own/" + string(f) + "/" }

// OfReturn is the key of the card that asks the requester to correct a returned request.
func OfReturn(f provisioning.Folio) string { return OwnOf(f) + "returned" }

// OfStatus is the key of the last status card of a request that a person asked for.
func OfStatus(f provisioning.Folio, person string) string {
	return OwnOf(f) + "status/" + person
}

// OfNotice is the key of the post of a notice; "" for a notice whose card is not updated later.
func OfNotice(n provisioning.Notice) string {
	switch n.Kind {
	case provisioning.NoticeReady:
		return OfAccount(n.Stamp)
	case provisioning.NoticeReturned:
		return OfReturn(n.Folio)
	}
	return ""
}

// OfOutcome is the key of the reply below the card that states the request's new state.
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
	case "request", "outcome", "letter", "handover":
		folio, _, _ := strings.Cut(rest, "/")
		return provisioning.Folio(folio)
	case "line", "account":
		return provisioning.Stamp(rest).Folio()
	}
	return ""
}
