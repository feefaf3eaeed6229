package teamsfake_test

import (
	"net/url"
	"testing"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
)

// Messages of another Fake are seen, updated and answered with the ids that the bot knows; a
// conversation that does not exist is an error.
func TestMessagesOfBefore(t *testing.T) {
	t.Parallel()
	s := newHarness(t)
	chat := s.Chat(s.lucia.ID)
	s.send(t, chat, form)
	was := s.Messages(chat, "")

	s = newHarness(t)
	threaded := teamsfake.Message{ID: "17", Conversation: s.team.ID + ";messageid=17", Raw: was[0].Raw}
	if err := s.Seed(was[0], threaded); err != nil {
		t.Fatal(err)
	}
	if c := s.NewestCard(chat, s.lucia.ID, "request.next"); c == nil || c.Message != was[0].ID {
		t.Fatalf("Lucía sees %+v", c)
	}
	if status, _, _ := s.rest(t, "PUT", "conversations/"+chat+"/activities/"+url.PathEscape(was[0].ID), `{"type":"message","text":"Enviada"}`); status != 200 {
		t.Errorf("the update is answered %d", status)
	}
	if in := s.Messages(threaded.Conversation, ""); len(in) != 1 || in[0].ID != "17" {
		t.Errorf("in the thread: %+v", in)
	}
	if s.Seed(teamsfake.Message{ID: "1", Conversation: "a:nowhere"}) == nil {
		t.Error("a message stands nowhere")
	}
}
