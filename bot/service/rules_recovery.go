package service

import (
	"cmp"
	"errors"
	"time"

	"seducoahuila.gob.mx/altas/bot/console"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/recovery"
)

// RecoveryRules are the settings of requests that recover an account. A nil field is the default.
type RecoveryRules struct {
	Stages       *[]string `koanf:"stages"`     // in the order of the stages; [] for none
	RecentDays   *int      `koanf:"recentDays"` // an account announced to its requester less than this many days ago needs no stage; 0 for never
	PerAccount   int       `koanf:"perAccount"` // in 30 days
	PerRequester int       `koanf:"perRequester"`
}

func (r RecoveryRules) validate() error {
	var faults []error
	if r.Stages != nil {
		for i, name := range *r.Stages {
			if s := provisioning.StageName(name); s != provisioning.Director && s != provisioning.Subdirector {
				faults = append(faults, console.Errorf("recovery.stages[%d]: %q is neither %s nor %s", i, name, provisioning.Director, provisioning.Subdirector))
			}
		}
	}
	if r.RecentDays != nil && *r.RecentDays < 0 {
		faults = append(faults, console.Errorf("recovery.recentDays: %d is less than nothing; 0 has the stages decide always", *r.RecentDays))
	}
	for _, limit := range []struct {
		key string
		v   int
	}{{"perAccount", r.PerAccount}, {"perRequester", r.PerRequester}} {
		if limit.v < 0 {
			faults = append(faults, console.Errorf("recovery.%s: %d is less than nothing; 0 is the usual limit, and there is no way to have none", limit.key, limit.v))
		}
	}
	return errors.Join(faults...)
}

// domain returns the settings in package recovery's terms.
func (r RecoveryRules) domain() recovery.Settings {
	s := recovery.DefaultSettings()
	if r.Stages != nil {
		s.Stages = s.Stages[:0]
		for _, name := range *r.Stages {
			s.Stages = append(s.Stages, provisioning.StageName(name))
		}
	}
	if r.RecentDays != nil {
		s.Recent = time.Duration(*r.RecentDays) * 24 * time.Hour
	}
	s.PerAccount = cmp.Or(r.PerAccount, s.PerAccount)
	s.PerRequester = cmp.Or(r.PerRequester, s.PerRequester)
	return s
}
