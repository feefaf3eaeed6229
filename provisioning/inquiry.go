package provisioning

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"strconv"
	"strings"
)

// A form, and a folio that is typed, tell whoever asks of other people: that an account
// exists, that a request is under way. So what each person asks about in a day is
// counted, and what they were told of is written down.

// asked is kept by inquiryKey, and goes when the day is over.
var asked = Document[inquiries]{Kind: "inquiry"}

// inquiries are what somebody asked about on one day: digests, for names and keys have
// no reason to be kept here.
type inquiries struct {
	Asked   []string `json:"asked"`
	Told    []string `json:"told,omitempty"`    // those of them that told something
	Refused bool     `json:"refused,omitempty"` // the platform knows that it was too much
}

// inquiryKey returns the key of what a person asks about today.
func (d *Workflow) inquiryKey(person string) string {
	return person + "/" + d.Rules.Calendar.Local(d.Now()).Format("2006-01-02")
}

// Inquired names a holder as somebody asks about them: another name for the same key is
// another question.
func (h Holder) Inquired() string { return string(h.Identity()) + "/" + foldName(h.DisplayName()) }

// Inquire counts what a person asks about, each once a day, and reports whether they may:
// the limit is the rules'. Of the first that is too much the platform is told. Administrators,
// who may see every request, are not counted.
func (d *Workflow) Inquire(tx Tx, auth Authority, by Actor, about ...string) (bool, error) {
	if auth.Administrator(by) {
		return true, nil
	}
	key := d.inquiryKey(by.ID)
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
	most := d.Rules.Limits.Inquiries
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
	return false, tellPlatform(tx, Notice{
		Kind: NoticeInquiries, At: d.Now(), Args: map[string]string{"name": by.Name, "most": strconv.Itoa(most)},
	})
}

// Disclosed writes down, once a day, that a person was told something by what they asked.
func (d *Workflow) Disclosed(tx Tx, by Actor, about string, e Entered) error {
	key, sum := d.inquiryKey(by.ID), digest(about)
	day, _, err := asked.Get(tx, key)
	if err != nil || slices.Contains(day.Told, sum) {
		return err
	}
	day.Told = append(day.Told, sum)
	if err := asked.Put(tx, key, day); err != nil {
		return err
	}
	e.By, e.At = by, d.Now()
	return tx.Record(e)
}

// Disclosure is the audit entry of what a proposal tells of others; false where it tells
// of nobody. The CURP is masked: the entry is kept for ever.
func (p Proposal) Disclosure(h Holder) (Entered, bool) {
	e := Entered{Act: "inquiry.told", Folio: p.Pending, Detail: map[string]string{"type": string(h.Type), "key": h.Key()}}
	switch doubt := slices.IndexFunc(p.Warnings, func(w Warning) bool { return w.Field == "" }); {
	case p.Exists:
		e.Detail["address"] = string(p.Address)
	case doubt >= 0:
		e.Detail["reason"], e.Detail["address"] = p.Warnings[doubt].Reason, p.Warnings[doubt].Args["address"]
	case p.Pending == "":
		return e, false
	}
	if p.Guarded {
		e.Detail["guarded"] = "true"
	}
	return e, true
}

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:8])
}

// Inquiries counts what people ask about, in transactions of its own.
type Inquiries struct {
	Store    Store
	Access   *Access
	Workflow *Workflow
}

// About counts what a person asks about, and refuses it with CodeLimited, of the reason
// given, where that is more than they may in a day.
func (i *Inquiries) About(ctx context.Context, by Actor, reason string, about ...string) error {
	var may bool
	err := i.Store.Update(ctx, func(tx Tx) error {
		auth, err := i.Access.Authority(tx)
		if err != nil {
			return err
		}
		may, err = i.Workflow.Inquire(tx, auth, by, about...)
		return err
	})
	if err != nil || may {
		return err
	}
	return Refuse(CodeLimited, reason, "most", strconv.Itoa(i.Workflow.Rules.Limits.Inquiries))
}

// OfAnother counts that a person asked about a request which is not theirs, and writes
// down where there is one. They are told the same whether there is or not.
func (i *Inquiries) OfAnother(ctx context.Context, by Actor, f Folio) error {
	about := "folio/" + string(f)
	if err := i.About(ctx, by, "inquiry.limit", about); err != nil {
		return err
	}
	return i.Store.Update(ctx, func(tx Tx) error {
		_, err := tx.Request(f)
		if CodeOf(err) == CodeNotFound {
			return nil
		}
		return errors.Join(err, i.Workflow.Disclosed(tx, by, about, Entered{Act: "inquiry.folio", Folio: f}))
	})
}

// Counted returns err, and counts that the person asked about a request where it says
// that they have none of that folio, as Access.Own does.
func (i *Inquiries) Counted(ctx context.Context, by Actor, f Folio, err error) error {
	if !errors.Is(err, &Error{Code: CodeNotFound, Reason: "request.not_found"}) {
		return err
	}
	return cmp.Or(i.OfAnother(ctx, by, f), err)
}

// Tidy forgets what was asked about on another day than today.
func (i *Inquiries) Tidy(ctx context.Context) error {
	return asked.Each(ctx, i.Store, func(tx Tx, key string) error {
		if person, _, _ := strings.Cut(key, "/"); key == i.Workflow.inquiryKey(person) {
			return nil
		}
		return asked.Drop(tx, key)
	})
}
