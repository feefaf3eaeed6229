package admin

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/bot/words"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// memberTimeout bounds the look-up of a mentioned person.
const memberTimeout = 5 * time.Second

// substitute names a person to decide at a stage for some days: "suplente @Ana del 15/09/2026 al
// 18/09/2026". Naming the same person again changes the days.
func (cs *Commands) substitute(ctx context.Context, t turn.Context, rest string) (cards.Message, error) {
	stage, click, err := cs.checkMayName(ctx, t, rest)
	if err != nil {
		return cards.Message{}, err
	}
	named := provisioning.Substitute{Stage: stage}
	if named.From, named.Until, err = cs.period(rest); err != nil {
		return cards.Message{}, err
	}
	if named.To, err = cs.mentionedPerson(ctx, t); err != nil {
		return cards.Message{}, err
	}
	err = cs.Store.Update(ctx, func(tx provisioning.Tx) error { return cs.Access.NameSubstitute(tx, click, named) })
	return cards.Message{Text: t.Texts.Substitute(named)}, err
}

// unsubstitute ends a substitution early.
func (cs *Commands) unsubstitute(ctx context.Context, t turn.Context, rest string) (cards.Message, error) {
	stage, click, err := cs.checkMayName(ctx, t, rest)
	if err != nil {
		return cards.Message{}, err
	}
	person, err := cs.mentionedPerson(ctx, t)
	if err != nil {
		return cards.Message{}, err
	}
	err = cs.Store.Update(ctx, func(tx provisioning.Tx) error {
		return cs.Access.RemoveSubstitute(tx, click, stage, person.ID)
	})
	if err != nil {
		return cards.Message{}, err
	}
	return cs.listSubstitutes(ctx, t)
}

// listSubstitutes lists the present and future substitutions.
func (cs *Commands) listSubstitutes(ctx context.Context, t turn.Context) (cards.Message, error) {
	if t.Stage == "" {
		return cards.Message{}, problem.Refuse(problem.CodeForbidden, "authority.channel")
	}
	var all []provisioning.Substitute
	err := cs.Store.View(ctx, func(tx provisioning.Tx) (err error) {
		all, err = cs.Access.Substitutes(tx)
		return err
	})
	return cards.Message{Card: t.Texts.Substitutes(all)}, err
}

// checkMayName returns the stage that a command is about, and the proven click, if the person
// may name substitutes for it. It is called before the mentioned person is looked up in Teams.
func (cs *Commands) checkMayName(ctx context.Context, t turn.Context, rest string) (provisioning.StageName, provisioning.Click, error) {
	stage := cs.stageIn(t, rest)
	click, err := cs.Access.Proven(ctx, t.By, t.Stage)
	if err != nil {
		return stage, click, err
	}
	return stage, click, cs.Rules.Authority(cs.Now(), nil).MayNameSubstitute(stage, click)
}

// stageIn returns the stage that a text names, else the one of the turn's channel.
func (cs *Commands) stageIn(t turn.Context, text string) provisioning.StageName {
	for word := range strings.FieldsSeq(words.WithoutMentions(text)) {
		if _, ok := cs.Rules.Stages.Get(provisioning.StageName(words.Plain(word))); ok {
			return provisioning.StageName(words.Plain(word))
		}
	}
	return t.Stage
}

// mentionedPerson returns the one person that a message mentions, from Teams' roster: with an
// Entra object id, and of this tenant.
func (cs *Commands) mentionedPerson(ctx context.Context, t turn.Context) (provisioning.Actor, error) {
	if len(t.Mentions) != 1 {
		return provisioning.Actor{}, problem.Invalid("person", "substitute.person")
	}
	where := t.Conversation
	where.ID = t.Place()
	if t.TeamID != "" {
		where.ID = t.TeamID // the roster of a team's channel is the team's
	}
	bounded, cancel := context.WithTimeout(ctx, memberTimeout)
	defer cancel()
	m, err := cs.Teams.Member(bounded, where, t.Mentions[0].ID)
	switch {
	case connector.IsGone(err), err == nil && m.AADObjectID == "":
		return provisioning.Actor{}, problem.Refuse(problem.CodeNotFound, "substitute.member")
	case err != nil:
		cs.Log.WarnContext(ctx, "mention not resolved", "mention", t.Mentions[0].ID, "err", err)
		return provisioning.Actor{}, problem.Refuse(problem.CodeUnavailable, "teams.unavailable")
	case turn.ProfileOf(m).Guest(cs.TenantID):
		return provisioning.Actor{}, problem.Refuse(problem.CodeForbidden, "substitute.guest")
	}
	return provisioning.Actor{ID: strings.ToLower(m.AADObjectID), Name: cmp.Or(m.Name, t.Mentions[0].Name)}, nil
}

// period parses the first and last day of a text, "del 15/09/2026 al 18/09/2026", and returns
// the beginning of the first and the end of the last. A single date is the last day; the first
// is then today.
func (cs *Commands) period(text string) (from, until time.Time, err error) {
	days, err := words.Dates(text, cs.Location)
	if err != nil {
		return from, until, problem.Invalid("period", "substitute.dates")
	}
	now := cs.Now().In(cs.Location)
	if len(days) == 1 {
		today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, cs.Location)
		days = slices.Insert(days, 0, today)
	}
	if len(days) != 2 {
		return from, until, problem.Invalid("period", "substitute.dates")
	}
	named := provisioning.Substitute{From: days[0], Until: days[1].AddDate(0, 0, 1)}
	return named.From, named.Until, named.CheckPeriod(now)
}
