package bot

import (
	"context"
	"errors"

	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
)

// stageWords are what people call the stages beside their names.
var stageWords = map[provisioning.StageName]provisioning.StageName{
	"plataforma": provisioning.Platform, "direccion": provisioning.Director, "subdireccion": provisioning.Subdirector,
}

// register binds the channel that an administrator writes in to the stage they
// name. What waited for it is posted there. A channel serves one stage: who clicks in
// it is judged by that.
func (b *Bot) register(ctx context.Context, t turn, named string) (cards.Message, error) {
	stage := provisioning.StageName(plain(firstWord(named)))
	if other, ok := stageWords[stage]; ok {
		stage = other
	}
	if !b.isStage(stage) {
		return cards.Message{Text: t.texts.Say("register.which", nil)}, nil
	}
	place := placeOf(t.Activity)
	taken := t.stage != "" && t.stage != stage
	err := b.Store.Update(ctx, func(tx provisioning.Tx) error {
		auth, err := b.authority(tx)
		switch {
		case err != nil:
			return err
		case !auth.Administrator(t.by):
			return provisioning.Refuse(provisioning.CodeForbidden, "authority.administrator")
		case place == "":
			return provisioning.Refuse(provisioning.CodeForbidden, "authority.channel")
		case taken:
			return nil
		}
		c := Channel{TeamID: t.TeamID, GroupID: t.TeamGroupID, ChannelID: place, ServiceURL: t.Conversation.ServiceURL}
		entry := provisioning.Entered{At: b.Now(), By: t.by, Act: "channel.register", Detail: map[string]string{
			"stage": string(stage), "channel": c.ChannelID,
		}}
		return errors.Join(channels.put(tx, string(stage), c), outages.drop(tx, string(stage)), tx.Record(entry), b.awaken(tx, stage))
	})
	if taken {
		return cards.Message{Text: t.texts.Say("register.taken", map[string]string{"stage": t.texts.Stage(t.stage)})}, err
	}
	return cards.Message{Text: t.texts.Say("register.done", map[string]string{"stage": t.texts.Stage(stage)})}, err
}

// awaken sets going what could not be shown while the stage had no channel.
func (b *Bot) awaken(tx provisioning.Tx, stage provisioning.StageName) error {
	state := provisioning.RequestState(stage)
	if stage == provisioning.Platform {
		state = provisioning.StateAttention
	}
	errs := []error{tx.Enqueue(provisioning.Job{Kind: provisioning.JobNotices, Key: string(stage), Due: b.Now()})}
	for r, err := range tx.ListRequests(provisioning.RequestFilter{State: state}) {
		if err != nil {
			return err
		}
		errs = append(errs, tx.Enqueue(provisioning.Job{Kind: provisioning.JobCards, Key: string(r.Folio), Due: b.Now()}))
	}
	return errors.Join(errs...)
}
