package receipts

import (
	"context"
	"database/sql"
	"strings"

	"seducoahuila.gob.mx/altas/provisioning"
)

// strange is how many values in the column that are no stamps LastFolio passes over.
const strange = 20

// LastFolio returns the greatest folio of after's year in the stamp of a row, if that is
// greater than after; else after. It is one look into the key's index.
func (db *DB) LastFolio(ctx context.Context, after provisioning.Folio) (last provisioning.Folio, err error) {
	year, _ := after.Number()
	err = db.again(ctx, "find the last folio", func(ctx context.Context) error {
		last = after
		low, high := string(provisioning.NewStamp(after, 0)), string(provisioning.NewStamp(provisioning.NewFolio(year+1, 0), 0))
		for range strange {
			stamp, err := session{db: db}.maximum(ctx, low, high)
			if err != nil || stamp == "" {
				return err
			}
			if s := provisioning.Stamp(stamp); s.Valid() {
				last = s.Folio()
				return nil
			}
			high = stamp
		}
		return nil
	})
	return last, err
}

// maximum returns the greatest stamp from low on, below high.
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
	return strings.TrimSpace(stamp.String), rows.Err() // a CHAR is filled up with blanks
}
