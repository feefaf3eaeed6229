package graph

import (
	"cmp"
	"context"

	"seducoahuila.gob.mx/altas/provisioning"
)

// LastFolio returns the greatest folio of after's year in a stamp that counts and that a user
// bears, one in the recycle bin included, if that is greater than after; else after. Graph
// does not sort by the property: digit by digit, it is asked for users whose digit there is
// greater, until there are none. That is six queries where nothing is found, some more
// where something is, however many users there are. Once a stamp is found that does not
// count, it is returned as odd, and those like it are asked for no more. With an error, as
// while the recycle bin is not wholly read, comes the greatest folio found so far.
func (c *Client) LastFolio(ctx context.Context, after provisioning.Folio) (last provisioning.Folio, odd provisioning.Stamp, err error) {
	deleted, unread := c.deleted.all(ctx)
	last, odd = greatest(after, deleted), beyond(after, deleted)
	for at := firstDigit; at < len(last); {
		found, err := c.search(ctx, c.above(last, at, odd != ""), c.stampAdvanced())
		if err != nil {
			return last, odd, err
		}
		further, another := greatest(last, found), beyond(last, found)
		anew := odd == "" && another != "" // what was found may be those alone
		odd = cmp.Or(odd, another)
		if further == last && !anew {
			at++
		}
		last = further
	}
	return last, odd, unread
}

// firstDigit is where the number begins in a folio, whose first digit tells whether it counts.
const firstDigit = len("2026-")

// above are the conditions for stamps whose digit at a place is greater than that of the
// folio, and those before it the same; without those that do not count where so said.
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

// greatest returns the greatest folio of last's year that an entry's stamp has and that
// counts, last if none is greater. What others wrote into the property does not count.
func greatest(last provisioning.Folio, entries []provisioning.Entry) provisioning.Folio {
	for _, e := range entries {
		if f := e.Stamp.Folio(); e.Stamp.Counts() && f[:4] == last[:4] && f > last {
			last = f
		}
	}
	return last
}

// beyond returns a stamp of the folio's year that an entry bears and that does not count, ""
// for none.
func beyond(f provisioning.Folio, entries []provisioning.Entry) provisioning.Stamp {
	for _, e := range entries {
		if e.Stamp.Valid() && !e.Stamp.Counts() && e.Stamp[:4] == provisioning.Stamp(f[:4]) {
			return e.Stamp
		}
	}
	return ""
}
