package store

import (
	"iter"

	"seducoahuila.gob.mx/altas/provisioning"
)

// seat is a line's licence reservation: either the SKU of a reserved seat, or a queue and the
// line's place in it.
type seat struct {
	SKU   string `json:"sku,omitempty"`
	Queue string `json:"queue,omitempty"`
	Place uint64 `json:"place,omitempty"`
}

// Hold implements provisioning.Seats.
func (t *tx) Hold(sku string, s provisioning.Stamp) error {
	if err := whole(sku, string(s)); err != nil {
		return err
	}
	now, err := t.seatOf(s)
	if err != nil || now.SKU == sku {
		return err
	}
	if err := t.Leave(s); err != nil {
		return err
	}
	if err := t.count(bucketSeatsHeld, []byte(sku), 1); err != nil {
		return err
	}
	return t.save(bucketSeats, []byte(s), seat{SKU: sku})
}

// Wait implements provisioning.Seats.
func (t *tx) Wait(queue string, s provisioning.Stamp) error {
	if err := whole(queue, string(s)); err != nil {
		return err
	}
	now, err := t.seatOf(s)
	if err != nil || now.Queue != "" {
		return err
	}
	if err := t.Leave(s); err != nil {
		return err
	}
	place, err := t.next(bucketSeatsQueue)
	if err != nil {
		return err
	}
	if err := t.put(bucketSeatsQueue, join(queue, numberKey(place)), []byte(s)); err != nil {
		return err
	}
	return t.save(bucketSeats, []byte(s), seat{Queue: queue, Place: place})
}

// Leave implements provisioning.Seats.
func (t *tx) Leave(s provisioning.Stamp) error {
	now, err := t.seatOf(s)
	switch {
	case err != nil:
		return err
	case now.SKU != "":
		err = t.count(bucketSeatsHeld, []byte(now.SKU), -1)
	case now.Queue != "":
		err = t.del(bucketSeatsQueue, join(now.Queue, numberKey(now.Place)))
	default:
		return nil
	}
	if err != nil {
		return err
	}
	return t.del(bucketSeats, []byte(s))
}

// Held implements provisioning.Seats.
func (t *tx) Held(sku string) (int, error) { return t.counter(bucketSeatsHeld, []byte(sku)) }

// Waiting implements provisioning.Seats.
func (t *tx) Waiting(queue string) iter.Seq2[provisioning.Stamp, error] {
	return func(yield func(provisioning.Stamp, error) bool) {
		for _, v := range t.ascend(bucketSeatsQueue, prefix(queue), nil) {
			if !yield(provisioning.Stamp(v), nil) {
				return
			}
		}
	}
}

func (t *tx) seatOf(s provisioning.Stamp) (seat, error) {
	var now seat
	_, err := t.load(bucketSeats, []byte(s), &now)
	return now, err
}
