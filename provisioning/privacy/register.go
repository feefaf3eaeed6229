package privacy

import (
	"context"
	"slices"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
)

// ActAcknowledge is the audit entry of a person who acknowledged a version, its detail "version".
const ActAcknowledge = "privacy.acknowledge"

// Acknowledgement is that a person was shown a version of the notice and confirmed it.
type Acknowledgement struct {
	Version string    `json:"version"`
	At      time.Time `json:"at"`
	Locale  string    `json:"locale,omitempty"` // in which it was shown
}

// given are all acknowledgements of a person, the oldest first.
type given struct {
	Acknowledged []Acknowledgement `json:"acknowledged"`
}

// records are kept by the person's Entra object id.
var records = provisioning.Document[given]{Kind: "privacy"}

// Register stores the acknowledgements of the notice in force. It is safe for concurrent use.
type Register struct {
	Store  provisioning.Store
	Notice Notice
	Now    func() time.Time
}

// Acknowledged returns the person's acknowledgement of the version in force; false if there is none.
func (r *Register) Acknowledged(tx provisioning.Tx, person string) (Acknowledgement, bool, error) {
	g, _, err := records.Get(tx, person)
	a, found := g.of(r.Notice.Version)
	return a, found, err
}

// Has is Acknowledged in its own transaction.
func (r *Register) Has(ctx context.Context, person string) (a Acknowledgement, found bool, err error) {
	err = r.Store.View(ctx, func(tx provisioning.Tx) (err error) {
		a, found, err = r.Acknowledged(tx, person)
		return err
	})
	return a, found, err
}

// Acknowledge stores that the person acknowledged the version in force, shown in a locale, and
// records it in the audit. first is false if it was stored before: then nothing changes.
func (r *Register) Acknowledge(tx provisioning.Tx, by provisioning.Actor, locale string) (a Acknowledgement, first bool, err error) {
	g, _, err := records.Get(tx, by.ID)
	if err != nil {
		return a, false, err
	}
	if a, found := g.of(r.Notice.Version); found {
		return a, false, nil
	}
	a = Acknowledgement{Version: r.Notice.Version, At: r.Now(), Locale: locale}
	g.Acknowledged = append(g.Acknowledged, a)
	if err := records.Put(tx, by.ID, g); err != nil {
		return a, false, err
	}
	return a, true, tx.Record(provisioning.Entered{At: a.At, By: by, Act: ActAcknowledge, Detail: map[string]string{"version": a.Version}})
}

// of returns the acknowledgement of a version.
func (g given) of(version string) (Acknowledgement, bool) {
	i := slices.IndexFunc(g.Acknowledged, func(a Acknowledgement) bool { return a.Version == version })
	if i < 0 {
		return Acknowledgement{}, false
	}
	return g.Acknowledged[i], true
}
