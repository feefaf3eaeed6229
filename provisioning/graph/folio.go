package graph

import (
	"cmp"
	"context"

	"seducoahuila.gob.mx/altas/provisioning"
)

// LastFolio returns the greatest folio of after's year among the stamps of all users, including
// the recycle bin, that count (provisioning.Stamp.Counts); after if none is greater. Graph
// cannot sort by the property, so it is queried digit by digit for users with a greater digit,
// until there are none: six queries if nothing is found, a few more otherwise, independent of
// the number of users. The first stamp found that does not count is returned as odd, and such
// stamps are then excluded from the queries. With an error, for example while the recycle bin
// is not completely read, last is the greatest folio found so far.
func (c *Client) LastFolio(ctx context.Context, after provisioning.Folio) (last provisioning.Folio, odd provisioning.Stamp, err error) {
	deleted, unread := c.deleted.all(ctx)
	last, odd = greatest(after, deleted), beyond(after, deleted)
	for at := firstDigit; at < len(last); {
		found, err := c.search(ctx, c.above(last, at, odd != ""), c.stampAdvanced())
		if err != nil {
			return last, odd, err
		}
		further, another := greatest(last, found), beyond(last, found)
		again := odd == "" && another != "" // the page may contain only stamps that do not count: query again
		odd = cmp.Or(odd, another)
		if further == last && !again {
			at++
		}
		last = further
	}
	return last, odd, unread
}

// firstDigit is the index of a folio's number; its first digit tells whether a stamp counts.
const firstDigit = len("2026-")

// above returns the clauses for stamps with the same digits as the folio before at and a greater
// one there; if counted, only for those that count.
func (c *Client) above(f provisioning.Folio, at int, counted bool) []string {
	most := byte('9')
	if counted && at == firstDigit {
		most = '0' + provisioning.FolioLimit/100_000 - 1
	}
	var all []string
	for digit := f[at] + 1; digit <= most; digit++ {
		all = append(all, c.stampBegins(string(f[:at])+string(digit)))
	}
	return all
}

// greatest returns the greatest folio of last's year among the entries' stamps that count; last
// if none is greater. Other values of the property are ignored.
func greatest(last provisioning.Folio, entries []provisioning.Entry) provisioning.Folio {
	for _, e := range entries {
		if f := e.Stamp.Folio(); e.Stamp.Counts() && f[:4] == last[:4] && f > last {
			last = f
		}
	}
	return last
}

// beyond returns a valid stamp of the folio's year that does not count, from the entries; "" if
// there is none.
func beyond(f provisioning.Folio, entries []provisioning.Entry) provisioning.Stamp {
	for _, e := range entries {
		if e.Stamp.Valid() && !e.Stamp.Counts() && e.Stamp[:4] == provisioning.Stamp(f[:4]) {
			return e.Stamp
		}
	}
	return ""
}
