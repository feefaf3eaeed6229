package provisioning

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
)

// A form, and a folio that is typed, tell whoever asks of other people: that an account
// exists, that a request is under way. So what each person asks about in a day is
// counted, and what they were told of is written down.

// InquiryKind is the document of what a person asked about on a day. Its key is
// InquiryKey's; it goes when the day is over.
const InquiryKind = "inquiry"

// inquiries are what somebody asked about on one day: digests, for names and keys have
// no reason to be kept here.
type inquiries struct {
	Asked   []string `json:"asked"`
	Told    []string `json:"told,omitempty"`    // those of them that told something
	Refused bool     `json:"refused,omitempty"` // the platform knows that it was too much
}

// InquiryKey returns the key of what a person asks about today.
func (d *Desk) InquiryKey(person string) string {
	return person + "/" + d.Rules.Calendar.Local(d.Now()).Format("2006-01-02")
}

// Inquired names a holder as somebody asks about them: another name for the same key is
// another question.
func (h Holder) Inquired() string { return string(h.Identity()) + "/" + foldName(h.DisplayName()) }

// Inquire counts what a person asks about, each once a day, and reports whether they may:
// the limit is the rules'. Of the first that is too much the platform is told. Administrators,
// who may see every request, are not counted.
func (d *Desk) Inquire(tx Tx, auth Authority, by Actor, about ...string) (bool, error) {
	if auth.Administrator(by) {
		return true, nil
	}
	var day inquiries
	key := d.InquiryKey(by.ID)
	if _, err := tx.Load(InquiryKind, key, &day); err != nil {
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
		return true, tx.Save(InquiryKind, key, day)
	case day.Refused:
		return false, nil
	}
	day.Asked, day.Refused = day.Asked[:before], true
	if err := tx.Save(InquiryKind, key, day); err != nil {
		return false, err
	}
	return false, tellPlatform(tx, Notice{
		Kind: NoticeInquiries, At: d.Now(), Args: map[string]string{"name": by.Name, "most": strconv.Itoa(most)},
	})
}

// Disclosed writes down, once a day, that a person was told something by what they asked.
func (d *Desk) Disclosed(tx Tx, by Actor, about string, e Entered) error {
	var day inquiries
	key, sum := d.InquiryKey(by.ID), digest(about)
	if _, err := tx.Load(InquiryKind, key, &day); err != nil || slices.Contains(day.Told, sum) {
		return err
	}
	day.Told = append(day.Told, sum)
	if err := tx.Save(InquiryKind, key, day); err != nil {
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
