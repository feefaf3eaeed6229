package service_test

import (
	"strings"
	"testing"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
)

// ownTeam puts the director's channel into a team of its own, which the rules name.
func ownTeam(team *teamsfake.Team) func(*office, *tenantConfig) {
	return func(o *office, _ *tenantConfig) {
		*team = o.teams.AddTeam("Dirección General", "Solicitudes", "Avisos")
		o.teams.InstallSilently(team.ID)
		o.channels["director"] = team.Channels["Solicitudes"]
		o.rules(strings.Replace(officeRules, `channelId: "{director}"`, `teamId: "`+team.ID+`", channelId: "{director}"`, 1))
	}
}

// changes changes a channel or a team; Teams sends the event twice.
func (o *office) changes(event, id string) {
	o.t.Helper()
	for range 2 {
		o.must(o.teams.Change(o.within(), event, id, o.rosa.ID))
	}
}

// unreachable counts the notices to the platform's channel that a stage is unreachable.
func (o *office) unreachable() int {
	return o.count(o.channels["platform"], o.gabriela, "Ya no se puede escribir", "Dirección General")
}

// knows waits until the platform's channel got that many of them.
func (o *office) knows(times int) {
	o.t.Helper()
	o.waits("word in the platform channel", func() bool { return o.unreachable() == times })
}

// The director's channel is deleted, and restored with its pending requests. Days later it is
// deleted again, while nothing is pending: the platform is told of that too.
func TestAChannelIsDeletedAndRestored(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	before := o.sends(o.silvia, lucia)
	o.approval("director", before)
	o.changes(teamsfake.ChannelDeleted, o.channels["director"])
	o.knows(1)
	during := o.sends(o.silvia, luis)
	o.told(o.silvia, "Solicitud enviada", during)
	o.restart()
	o.changes(teamsfake.ChannelRestored, o.channels["director"])
	for _, folio := range []string{before, during} {
		o.approves(o.rosa, "director", folio)
		if n := o.count(o.channels["director"], o.rosa, folio); n != 1 {
			t.Errorf("%d cards of %s, want 1", n, folio)
		}
		o.approves(o.ernesto, "subdirector", folio)
	}
	o.announced(o.silvia, luciaMail)
	o.changes(teamsfake.ChannelDeleted, o.channels["director"])
	o.knows(2)
	o.changes(teamsfake.ChannelRestored, o.channels["director"])
	o.changes(teamsfake.ChannelDeleted, o.channels["director"])
	o.knows(3)
}

// A channel and a team are renamed: nobody is told, and cards are posted there as before.
func TestAChannelIsRenamed(t *testing.T) {
	t.Parallel()
	var team teamsfake.Team
	o := openOffice(t, ownTeam(&team))
	folio := o.sends(o.silvia, lucia)
	o.approval("director", folio)
	o.changes(teamsfake.ChannelRenamed, o.channels["director"])
	o.changes(teamsfake.TeamRenamed, team.ID)
	o.authorises(folio)
	o.announced(o.silvia, luciaMail)
	if n := len(o.teams.Cards(o.channels["director"], o.rosa.ID)); n != 1 || o.unreachable() != 0 {
		t.Errorf("%d cards before the director, told %d times that he is out of reach", n, o.unreachable())
	}
}

// The director's team is archived at the end of the school year, and unarchived; then it is
// deleted, and restored. Each time the platform gets one notice, and pending requests have one card
// in the director's channel.
func TestATeamIsArchivedAndDeleted(t *testing.T) {
	t.Parallel()
	var team teamsfake.Team
	o := openOffice(t, ownTeam(&team))
	for i, c := range []struct {
		gone, back string
		holder     teamsfake.Inputs
	}{
		{teamsfake.TeamArchived, teamsfake.TeamUnarchived, lucia},
		{teamsfake.TeamDeleted, teamsfake.TeamRestored, luis},
	} {
		o.changes(c.gone, team.ID)
		o.knows(i + 1)
		folio := o.sends(o.silvia, c.holder)
		o.told(o.silvia, "Solicitud enviada", folio)
		o.changes(c.back, team.ID)
		o.approves(o.rosa, "director", folio)
		o.approves(o.ernesto, "subdirector", folio)
		o.told(o.silvia, folio, "Se avisó a quien solicita")
		if n := o.count(o.channels["director"], o.rosa, folio); n != 1 {
			t.Errorf("%s: %d cards, want 1", c.gone, n)
		}
	}
}

// The administrator registers another channel for the director while a request is pending: its card
// is posted in the new one, and removed from the old, where it could not be decided.
func TestAStageMoves(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	folio := o.sends(o.silvia, lucia)
	o.approval("director", folio)
	old := o.channels["director"]
	o.types(o.gabriela, o.channels["other"], "registrar director")
	o.channels["director"] = o.channels["other"]
	o.approves(o.rosa, "director", folio)
	if n := o.count(old, o.rosa, folio); n != 0 {
		t.Errorf("%d cards in the old channel", n)
	}
	o.approves(o.ernesto, "subdirector", folio)
	o.announced(o.silvia, luciaMail)
}

// Another channel of the director's team is deleted, and another team: neither matters.
func TestAnotherPlaceGoes(t *testing.T) {
	t.Parallel()
	var team teamsfake.Team
	o := openOffice(t, ownTeam(&team))
	other := o.teams.AddTeam("Comedor", "Menú")
	o.teams.InstallSilently(other.ID)
	o.changes(teamsfake.ChannelDeleted, team.Channels["Avisos"])
	o.changes(teamsfake.ChannelDeleted, other.Channels["Menú"])
	o.changes(teamsfake.TeamArchived, other.ID)
	o.changes(teamsfake.TeamDeleted, other.ID)
	o.authorises(o.sends(o.silvia, lucia))
	o.announced(o.silvia, luciaMail)
	if n := o.unreachable(); n != 0 {
		t.Errorf("the platform channel was told %d times", n)
	}
}

// Somebody deletes the director's pending card, and Silvia deletes hers. His is posted again when
// he asks what is pending, hers with the next notice.
func TestDeletedCardsComeBack(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	folio := o.sends(o.silvia, lucia)
	asked := o.approval("director", folio)
	o.restart() // the ids of the sent messages are stored
	o.must(o.teams.Remove(asked.Conversation, asked.Message))
	o.waits("her card", func() bool { return o.count(o.chats[o.silvia.ID], o.martha, "Solicitud enviada", folio) == 1 })
	mine := o.card(o.chats[o.silvia.ID], o.martha, "request.cancel", folio)
	o.must(o.teams.Remove(mine.Conversation, mine.Message))
	o.types(o.rosa, o.channels["director"], "pendientes")
	o.authorises(folio)
	o.announced(o.silvia, luciaMail)
	o.waits("her card, true", func() bool { return o.count(o.chats[o.silvia.ID], o.martha, folio, "Se avisó a quien solicita") == 1 })
	o.waits("his card, decided", func() bool { return o.count(o.channels["director"], o.oscar, folio, "Turnada por") == 1 })
}
