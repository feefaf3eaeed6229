package service_test

import (
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
)

// The machine starts with its clock a month ahead, and Teams refuses messages to Silvia just then.
// The clock is set right, and the service restarted: her notices, and the director's card, do not
// wait for a month.
func TestAClockThatWasAheadAtAStart(t *testing.T) {
	t.Parallel()
	o := openOffice(t, func(o *office, _ *tenantConfig) { o.ahead = 30 * 24 * time.Hour })
	o.teams.Inject(teamsfake.Fault{Method: "POST", Suffix: "/v3/conversations", Status: 503, Times: 10_000})
	folio := o.sends(o.silvia, lucia)
	o.teams.Inject(teamsfake.Fault{Method: "POST", Path: o.chats[o.silvia.ID], Status: 503, Times: 10_000})
	o.must(o.log.says(o.within(), `"job postponed","kind":"cards","key":"`+folio))
	o.stop()
	o.teams.Heal()
	o.ahead = 0
	o.start()
	o.approves(o.rosa, "director", folio)
	o.approves(o.ernesto, "subdirector", folio)
	o.announced(o.silvia, luciaMail)
}
