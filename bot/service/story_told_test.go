package service_test

import "testing"

// Silvia presses Enviar: the card says that it was sent, and no message repeats it. Her request's card
// says that she was told, and that she handed the account over only after she confirmed that.
func TestTheCardSaysItAndNoMessageRepeatsIt(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	chat := o.chats[o.silvia.ID]
	folio := o.sends(o.silvia, lucia)
	o.told(o.silvia, "Solicitud enviada", folio)
	o.authorises(folio)
	o.reveals(o.silvia, luciaMail)
	o.waits("the completed request", func() bool { return o.count(chat, o.martha, folio, "Se avisó a quien solicita") == 1 })
	if n := o.count(chat, o.martha, "Entregada por usted"); n != 0 {
		t.Error("the account is said to be handed over before she confirms it")
	}
	o.presses(o.silvia, o.card(chat, o.silvia, "password.done", luciaMail), "password.done", nil)
	o.waits("the account handed over", func() bool { return o.count(chat, o.martha, folio, "Entregada por usted") == 1 })
	if n := o.count(chat, o.silvia, "Recibimos su solicitud"); n != 0 {
		t.Errorf("told %d times what the card says", n)
	}
}
