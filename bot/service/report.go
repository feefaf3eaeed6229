package service

import (
	"fmt"
	"log/slog"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/recovery"
	"seducoahuila.gob.mx/altas/provisioning/report"
)

// NewReporter returns what reports on a store that is not in use, and the organisation's time zone. Of
// the environment, through getenv, it needs ALTAS_CONFIG and ALTAS_TIMEZONE only. The licences are
// left out: they need the tenant.
func NewReporter(getenv func(string) string, s provisioning.Store, log *slog.Logger) (*report.Reporter, *time.Location, error) {
	e := &env{get: getenv}
	name := e.text("ALTAS_TIMEZONE", defaultZone)
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, nil, fmt.Errorf("ALTAS_TIMEZONE: %q is no time zone", name)
	}
	rules, err := LoadRules(e.text("ALTAS_CONFIG", defaultRules))
	if err != nil {
		return nil, nil, err
	}
	return &report.Reporter{
		Store: s, Rules: rules.domain(zone), Kinds: []provisioning.RequestKind{provisioning.Create, recovery.Kind}, Now: time.Now, Log: log,
	}, zone, nil
}
