package graph

import (
	"context"

	"seducoahuila.gob.mx/altas/provisioning"
)

// LastFolio returns the greatest folio of after's year in a stamp that a user bears, one
// in the recycle bin included, if that is greater than after; else after. Graph does not
// sort by the property: digit by digit, it is asked for users whose digit there is
// greater, until there are none. That is six queries where nothing is found, some more
// where something is, however many users there are. While the recycle bin is not wholly
// read, an error comes with the greatest folio found so far.
func (c *Client) LastFolio(ctx context.Context, after provisioning.Folio) (provisioning.Folio, error) {
	deleted, unread := c.deleted.all(ctx)
	last := greatest(after, deleted)
	for at := len("2026-"); at < len(last); {
		var above []string
		for digit := last[at] + 1; digit <= '9'; digit++ {
			above = append(above, c.stampBegins(string(last[:at])+string(digit)))
		}
		found, err := c.search(ctx, above, c.stampAdvanced())
		if err != nil {
			return "", err
		}
		further := greatest(last, found)
		if further == last {
			at++
		}
		last = further
	}
	return last, unread
}

// greatest returns the greatest folio of last's year that an entry's stamp has, last if
// none is greater. What others wrote into the property does not count.
func greatest(last provisioning.Folio, entries []provisioning.Entry) provisioning.Folio {
	for _, e := range entries {
		if f := e.Stamp.Folio(); e.Stamp.Valid() && f[:4] == last[:4] && f > last {
			last = f
		}
	}
	return last
}
