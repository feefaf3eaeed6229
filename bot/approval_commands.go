package bot

import (
	"context"
	"strings"

	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/bot/words"
	"seducoahuila.gob.mx/altas/cards"
)

// approvalCommands are those that decide at a stage, and tell what waits for it.
func (b *Bot) approvalCommands() []turn.Command {
	return []turn.Command{
		{
			Name: "pending", Offered: true,
			Words: []string{"pendientes", "pendiente", "pending"},
			Channel: func(ctx context.Context, t turn.Context, _ words.Asked) (cards.Message, error) {
				return b.pending(ctx, t, t.Stage, "")
			},
		},
		{
			Name: "turn", Decides: true,
			Words:   []string{"turnar", "pass on", "turn over"},
			Hints:   approving,
			Channel: b.decideTyped,
		},
		{
			Name: "authorize", Decides: true,
			Words:   []string{"autorizar", "authorise", "authorize"},
			Hints:   approving,
			Channel: b.decideTyped,
		},
		{
			Name: "approve", Decides: true,
			Words:   []string{"aprobar", "approve"},
			Channel: b.decideTyped,
		},
		{
			Name: "return", Decides: true,
			Words:   []string{"devolver", "return"},
			Channel: b.decideTyped,
		},
		{
			Name: "reject", Decides: true,
			Words:   []string{"rechazar", "reject"},
			Channel: b.decideTyped,
		},
		{
			Name: "exclude", Decides: true,
			Words:   []string{"excluir", "leave out", "exclude"},
			Channel: b.decideTyped,
		},
		{
			Name: "yes reject", Decides: true,
			Words: []string{"si rechazar", "si, rechazar", "yes reject", "yes, reject"},
			Channel: func(ctx context.Context, t turn.Context, c words.Asked) (cards.Message, error) {
				return b.questions.Confirm(ctx, t, cards.ApprovalReject, c.Rest)
			},
		},
	}
}

// approving are words by which people say that they approve: in each stage, its command.
var approving = strings.Fields("apruebo aprobado aprobada aceptar acepto aceptado aceptada vobo visto adelante procede proceda turno turnado turnada " +
	"autorizo autorizado autorizada approved accept accepted proceed authorised authorized")

// approvalRoutes are the stages'.
func (b *Bot) approvalRoutes() turn.Routes {
	return turn.Routes{
		Channel: map[string]turn.Verb{
			cards.ApprovalApprove: b.decide, cards.ApprovalReturn: b.decide, cards.ApprovalReject: b.decide, cards.RequestPending: b.pendingClick,
		},
		Commands: b.approvalCommands(),
	}
}
