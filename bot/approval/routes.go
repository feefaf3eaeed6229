package approval

import (
	"context"
	"strings"

	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/bot/words"
	"seducoahuila.gob.mx/altas/cards"
)

func (ap *Approvals) commands() []turn.Command {
	return []turn.Command{
		{
			Name: "pending", Offered: true,
			Words: []string{"pendientes", "pendiente", "pending"},
			Personal: func(ctx context.Context, t turn.Context, _ words.Asked) (cards.Message, error) {
				return ap.Private(ctx, t)
			},
			Channel: func(ctx context.Context, t turn.Context, _ words.Asked) (cards.Message, error) {
				return ap.pending(ctx, t, t.Stage, "")
			},
		},
		{
			Name: "turn", Decides: true,
			Words:   []string{"turnar", "pass on", "turn over"},
			Hints:   approving,
			Channel: ap.decideTyped,
		},
		{
			Name: "authorize", Decides: true,
			Words:   []string{"autorizar", "authorise", "authorize"},
			Hints:   approving,
			Channel: ap.decideTyped,
		},
		{
			Name: "approve", Decides: true,
			Words:   []string{"aprobar", "approve"},
			Channel: ap.decideTyped,
		},
		{
			Name: "return", Decides: true,
			Words:   []string{"devolver", "return"},
			Channel: ap.decideTyped,
		},
		{
			Name: "reject", Decides: true,
			Words:   []string{"rechazar", "reject"},
			Channel: ap.decideTyped,
		},
		{
			Name: "exclude", Decides: true,
			Words:   []string{"excluir", "leave out", "exclude"},
			Channel: ap.decideTyped,
		},
		{
			Name: "yes reject", Decides: true, Confirms: true,
			Words: []string{"si rechazar", "si, rechazar", "yes reject", "yes, reject"},
			Channel: func(ctx context.Context, t turn.Context, c words.Asked) (cards.Message, error) {
				return ap.Questions.Confirm(ctx, t, cards.ApprovalReject, c.Rest)
			},
		},
	}
}

// approving are words that express approval; they suggest the stage's approving command.
var approving = strings.Fields("apruebo aprobado aprobada aceptar acepto aceptado aceptada vobo visto adelante procede proceda turno turnado turnada " +
	"autorizo autorizado autorizada approved accept accepted proceed authorised authorized")

// Routes returns the commands and action verbs of the stages' channels.
func (ap *Approvals) Routes() turn.Routes {
	return turn.Routes{
		Channel: map[string]turn.Verb{
			cards.ApprovalApprove: ap.decide, cards.ApprovalReturn: ap.decide, cards.ApprovalReject: ap.decide, cards.RequestPending: ap.pendingClick,
		},
		Commands: ap.commands(),
	}
}
