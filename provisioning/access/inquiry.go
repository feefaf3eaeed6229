package access

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"strconv"
	"strings"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// A form, and a typed folio, disclose facts about other people: that an account exists, that a
// request is open. Therefore each person's inquiries in a day are counted, and what was disclosed
// is recorded.

// asked is kept by Inquiries.key, and deleted after the day.
var asked = provisioning.Document[inquiries]{Kind: "inquiry"}

// inquiries are one person's inquiries of one day, as digests: names and keys need not be stored
// here.
type inquiries struct {
	Asked   []string `json:"asked"`
	Told    []string `json:"told,omitempty"`    // those that disclosed something
	Refused bool     `json:"refused,omitempty"` // the platform channel was notified of the excess
}

// key returns the document key of a person and today.
func (i *Inquiries) key(person string) string {
	return person + "/" + i.Access.Rules.Calendar.Local(i.Access.Now()).Format("2006-01-02")
}

// count counts a person's inquiries, each once a day, and reports whether they are within the
// limit. The platform channel is notified of the first one beyond it. Administrators, who may see
// every request, are not counted.
func (i *Inquiries) count(tx provisioning.Tx, auth provisioning.Authority, by provisioning.Actor, about ...string) (bool, error) {
	if auth.Administrator(by) {
		return true, nil
	}
	key := i.key(by.ID)
	day, _, err := asked.Get(tx, key)
	if err != nil {
		return false, err
	}
	before := len(day.Asked)
	for _, what := range about {
		if sum := digest(what); !slices.Contains(day.Asked, sum) {
			day.Asked = append(day.Asked, sum)
		}
	}
	most := i.Access.Rules.Limits.Inquiries
	switch {
	case len(day.Asked) == before:
		return true, nil
	case len(day.Asked) <= most:
		return true, asked.Put(tx, key, day)
	case day.Refused:
		return false, nil
	}
	day.Asked, day.Refused = day.Asked[:before], true
	if err := asked.Put(tx, key, day); err != nil {
		return false, err
	}
	return false, provisioning.TellPlatform(tx, provisioning.Notice{
		Kind: provisioning.NoticeInquiries, At: i.Access.Now(), Args: map[string]string{"name": by.Name, "most": strconv.Itoa(most)},
	})
}

// Disclosed records in the audit, once a day, that an inquiry disclosed something to a person.
func (i *Inquiries) Disclosed(tx provisioning.Tx, by provisioning.Actor, about string, e provisioning.Entered) error {
	key, sum := i.key(by.ID), digest(about)
	day, _, err := asked.Get(tx, key)
	if err != nil || slices.Contains(day.Told, sum) {
		return err
	}
	day.Told = append(day.Told, sum)
	if err := asked.Put(tx, key, day); err != nil {
		return err
	}
	e.By, e.At = by, i.Access.Now()
	return tx.Record(e)
}

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:8])
}

// Inquiries counts inquiries, in its own transactions.
type Inquiries struct {
	Store  provisioning.Store
	Access *Policy
}

// About counts what a person asks about; CodeLimited with the given reason if it exceeds the limit
// of a day.
func (i *Inquiries) About(ctx context.Context, by provisioning.Actor, reason string, about ...string) error {
	var may bool
	err := i.Store.Update(ctx, func(tx provisioning.Tx) error {
		auth, err := i.Access.Authority(tx)
		if err != nil {
			return err
		}
		may, err = i.count(tx, auth, by, about...)
		return err
	})
	if err != nil || may {
		return err
	}
	return problem.Refuse(problem.CodeLimited, reason, "most", strconv.Itoa(i.Access.Rules.Limits.Inquiries))
}

// OfAnother counts that a person asked about a request which is not theirs, and records the
// disclosure if it exists. The person gets the same answer either way.
func (i *Inquiries) OfAnother(ctx context.Context, by provisioning.Actor, f provisioning.Folio) error {
	about := "folio/" + string(f)
	if err := i.About(ctx, by, "inquiry.limit", about); err != nil {
		return err
	}
	return i.Store.Update(ctx, func(tx provisioning.Tx) error {
		_, err := tx.Request(f)
		if problem.CodeOf(err) == problem.CodeNotFound {
			return nil
		}
		return errors.Join(err, i.Disclosed(tx, by, about, provisioning.Entered{Act: "inquiry.folio", Folio: f}))
	})
}

// InOffice records that a person read a request which has reached them for a decision. It is not
// counted: answering for those requests is their task.
func (i *Inquiries) InOffice(ctx context.Context, by provisioning.Actor, f provisioning.Folio) error {
	return i.Store.Update(ctx, func(tx provisioning.Tx) error {
		return i.Disclosed(tx, by, "folio/"+string(f), provisioning.Entered{Act: "inquiry.folio", Folio: f})
	})
}

// Counted returns err. If err is the CodeNotFound of Policy.Own, the inquiry is counted first, and
// its error returned if it has one.
func (i *Inquiries) Counted(ctx context.Context, by provisioning.Actor, f provisioning.Folio, err error) error {
	if !errors.Is(err, &problem.Error{Code: problem.CodeNotFound, Reason: "request.not_found"}) {
		return err
	}
	return cmp.Or(i.OfAnother(ctx, by, f), err)
}

// Tidy deletes the inquiries of other days than today.
func (i *Inquiries) Tidy(ctx context.Context) error {
	return asked.Each(ctx, i.Store, func(tx provisioning.Tx, key string) error {
		if person, _, _ := strings.Cut(key, "/"); key == i.key(person) {
			return nil
		}
		return asked.Drop(tx, key)
	})
}
