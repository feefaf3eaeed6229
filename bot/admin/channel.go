package admin

import (
	"context"

	"seducoahuila.gob.mx/altas/bot/recipient"
	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/bot/words"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
)

// stageWords are other words for the stages' names.
var stageWords = map[provisioning.StageName]provisioning.StageName{
	"plataforma": provisioning.Platform, "direccion": provisioning.Director, "subdireccion": provisioning.Subdirector,
}

// register binds the channel of an administrator's message to the named stage. The cards and
// notices that waited for a channel are posted there.
func (cs *Commands) register(ctx context.Context, t turn.Context, named string) (cards.Message, error) {
	stage := provisioning.StageName(words.Plain(words.First(named)))
	if other, ok := stageWords[stage]; ok {
		stage = other
	}
	if !cs.Rules.Stages.Known(stage) {
		return cards.Message{Text: t.Texts.Say("register.which", nil)}, nil
	}
	place := t.Place()
	var bound bool
	err := cs.Store.Update(ctx, func(tx provisioning.Tx) (err error) {
		if bound, err = cs.Access.BindChannel(tx, t.By, stage, t.Stage, place); err != nil || !bound {
			return err
		}
		c := recipient.Channel{TeamID: t.TeamID, GroupID: t.TeamGroupID, ChannelID: place, ServiceURL: t.Conversation.ServiceURL}
		return cs.Recipients.Bind(tx, stage, c)
	})
	switch {
	case err != nil:
		return cards.Message{}, err
	case !bound:
		return cards.Message{Text: t.Texts.Say("register.taken", map[string]string{"stage": t.Texts.Stage(t.Stage)})}, nil
	}
	return cards.Message{Text: t.Texts.Say("register.done", map[string]string{"stage": t.Texts.Stage(stage)})}, nil
}
