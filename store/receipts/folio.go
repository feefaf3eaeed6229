package receipts

import (
	"context"
	"database/sql"
	"strings"

	"seducoahuila.gob.mx/altas/provisioning"
)

// strange is how many invalid values of the stamp column LastFolio skips.
const strange = 20

// LastFolio returns the greatest folio of after's year among the rows' stamps that count
// (provisioning.Stamp.Counts); after if none is greater. odd is the greatest stamp that does not
// count, "" if there is none. It takes two queries of the key's index.
func (db *DB) LastFolio(ctx context.Context, after provisioning.Folio) (last provisioning.Folio, odd provisioning.Stamp, err error) {
	year, _ := after.Number()
	limit, end := provisioning.NewFolio(year, provisioning.FolioLimit), provisioning.NewFolio(year+1, 0)
	err = db.again(ctx, "find the last folio", func(ctx context.Context) error {
		last, odd = after, ""
		found, err := session{db: db}.lastStamp(ctx, after, limit)
		if err == nil && found != "" {
			last = found.Folio()
		}
		if err == nil {
			odd, err = session{db: db}.lastStamp(ctx, limit, end)
		}
		return err
	})
	return last, odd, err
}

// lastStamp returns the greatest valid stamp whose folio is at least low and below high; "" if
// there is none.
func (s session) lastStamp(ctx context.Context, low, high provisioning.Folio) (provisioning.Stamp, error) {
	from, below := string(provisioning.NewStamp(low, 0)), string(provisioning.NewStamp(high, 0))
	for range strange {
		found, err := s.maximum(ctx, from, below)
		if err != nil || found == "" {
			return "", err
		}
		if stamp := provisioning.Stamp(found); stamp.Valid() {
			return stamp, nil
		}
		below = found
	}
	return "", nil
}

// maximum returns the greatest value of the stamp column that is at least low and below high.
func (s session) maximum(ctx context.Context, low, high string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, s.db.timeout)
	defer cancel()
	stmt, err := s.statement(ctx, s.db.plan.Load().lastStamp)
	if err != nil {
		return "", err
	}
	rows, err := stmt.QueryContext(ctx, map[string]any{"low": low, "high": high})
	if err != nil {
		return "", err
	}
	defer rows.Close()
	var stamp sql.NullString
	for rows.Next() {
		if err := rows.Scan(&stamp); err != nil {
			return "", err
		}
	}
	return strings.TrimSpace(stamp.String), rows.Err() // CHAR is padded with blanks
}
