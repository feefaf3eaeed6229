package teamsfake_test

import (
	"net/url"
	"testing"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
)

// What stood in another Teams stands here as it did: it is seen, updated and answered by the
// ids that the bot knows; a conversation that is not there is told.
func TestMessagesOfBefore(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	chat := s.Chat(s.lucia.ID)
	s.send(t, chat, form)
	was := s.Messages(chat, "")

	s = newStage(t)
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
