package service_test

import (
	"strings"
	"testing"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
)

// Teams asks for a pause of two minutes in Silvia's chat, and the service is restarted. It observes
// the pause, and answers Martha.
func TestTeamsSilenceOutlivesTheService(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	chat := o.chats[o.silvia.ID]
	calls := func() (n int) {
		for _, c := range o.teams.Calls() {
			if strings.Contains(c.Path, chat+"/activities") {
				n++
			}
		}
		return n
	}
	o.teams.Inject(teamsfake.Fault{Path: "/activities", Status: 429, RetryAfter: "120"})
	o.says(o.silvia, "ayuda")
	unsent := func(times int) func() bool {
		return func() bool { return strings.Count(o.log.String(), "answer not sent") >= times }
	}
	o.eventually("Teams refuses the answer", unsent(1))
	before := calls()
	o.restart()
	o.says(o.silvia, "ayuda")
	o.eventually("the next answer is not sent either", unsent(2))
	if after := calls(); o.teams.FaultsLeft() != 0 || after != before {
		t.Errorf("%d calls during the silence", after-before)
	}
	said := o.count(o.chats[o.martha.ID], o.martha)
	o.says(o.martha, "ayuda")
	o.waits("Martha's answer", func() bool { return o.count(o.chats[o.martha.ID], o.martha) > said })
}
