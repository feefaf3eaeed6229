package store

import (
	"encoding/json"
	"fmt"
	"iter"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// lastFolio is the highest number that fits a folio.
const lastFolio = 999_999

// NextFolio implements provisioning.Requests. After 999,999 folios in a year it returns
// CodeLimited "folio.exhausted".
func (t *tx) NextFolio(year int) (provisioning.Folio, error) {
	last, err := t.counter(bucketFolios, folioKey(year))
	if err != nil {
		return "", err
	}
	if last >= lastFolio {
		return "", problem.Refuse(problem.CodeLimited, "folio.exhausted")
	}
	return provisioning.NewFolio(year, last+1), t.save(bucketFolios, folioKey(year), last+1)
}

// PassFolio implements provisioning.Requests.
func (t *tx) PassFolio(f provisioning.Folio) (provisioning.Folio, error) {
	year, n := f.Number()
	last, err := t.counter(bucketFolios, folioKey(year))
	if err == nil && n > last {
		last, err = n, t.save(bucketFolios, folioKey(year), n)
	}
	return provisioning.NewFolio(year, last), err
}

func folioKey(year int) []byte { return fmt.Appendf(nil, "%04d", year) }

// Request implements provisioning.Requests.
func (t *tx) Request(f provisioning.Folio) (provisioning.Request, error) {
	var r provisioning.Request
	found, err := t.load(bucketRequests, []byte(f), &r)
	if err == nil && !found {
		err = notFound("request.unknown", "folio", string(f))
	}
	return r, err
}

// PutRequest implements provisioning.Requests.
func (t *tx) PutRequest(r provisioning.Request) error {
	if err := whole(string(r.Folio), string(r.State), r.Requester.ID); err != nil {
		return err
	}
	var old provisioning.Request
	found, err := t.load(bucketRequests, []byte(r.Folio), &old)
	if err != nil {
		return err
	}
	var byRequester, byState []byte
	if found {
		byRequester, byState = requesterKey(old), stateKey(old)
	}
	if err := t.move(bucketByRequester, byRequester, requesterKey(r)); err != nil {
		return err
	}
	if err := t.move(bucketByState, byState, stateKey(r)); err != nil {
		return err
	}
	return t.save(bucketRequests, []byte(r.Folio), r)
}

func requesterKey(r provisioning.Request) []byte { return join(r.Requester.ID, string(r.Folio)) }

func stateKey(r provisioning.Request) []byte { return join(string(r.State), string(r.Folio)) }

// ListRequests implements provisioning.Requests. For a requester and a state it reads the
// requester's folios and looks up each in the index of states.
func (t *tx) ListRequests(f provisioning.RequestFilter) iter.Seq2[provisioning.Request, error] {
	switch {
	case f.Requester != "":
		return t.listIndexed(bucketByRequester, f.Requester, f)
	case f.State != "":
		return t.listIndexed(bucketByState, string(f.State), f)
	}
	return decode[provisioning.Request](bucketRequests, t.inOrder(bucketRequests, nil, f, func(folio provisioning.Folio) []byte { return []byte(folio) }))
}

func (t *tx) listIndexed(bucket, key string, f provisioning.RequestFilter) iter.Seq2[provisioning.Request, error] {
	p := prefix(key)
	entries := t.inOrder(bucket, p, f, func(folio provisioning.Folio) []byte { return join(key, string(folio)) })
	folios := func(yield func(k, v []byte) bool) {
		for k, v := range entries {
			if f.State != "" && !t.has(bucketByState, join(string(f.State), tail(k, p))) {
				continue
			}
			if !yield(k, v) {
				return
			}
		}
	}
	return resolve(p, folios, func(folio string) (provisioning.Request, error) {
		return t.Request(provisioning.Folio(folio))
	})
}

// inOrder yields the entries whose keys begin with p in the filter's order and from its page on; keyOf is
// the key of a folio's entry.
func (t *tx) inOrder(bucket string, p []byte, f provisioning.RequestFilter, keyOf func(provisioning.Folio) []byte) iter.Seq2[[]byte, []byte] {
	switch {
	case f.Oldest && f.After != "":
		return t.ascend(bucket, p, append(keyOf(f.After), 0))
	case f.Oldest:
		return t.ascend(bucket, p, nil)
	case f.Before != "":
		return t.descend(bucket, p, keyOf(f.Before))
	}
	return t.descend(bucket, p, nil)
}

// counter returns the number stored under the key; 0 if there is none.
func (t *tx) counter(bucket string, key []byte) (n int, err error) {
	_, err = t.load(bucket, key, &n)
	return n, err
}

// count adds by to the number stored under the key; 0 is not stored.
func (t *tx) count(bucket string, key []byte, by int) error {
	n, err := t.counter(bucket, key)
	if err != nil {
		return err
	}
	if n+by == 0 {
		return t.del(bucket, key)
	}
	data, err := json.Marshal(n + by)
	if err != nil {
		return err
	}
	return t.put(bucket, key, data)
}
