package sandbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
)

// answer has the subdirector's office send the letter of a request, and the requester receive it.
func (d *demo) answer(ctx context.Context, folio string) error {
	d.printHeading("El oficio de respuesta")
	channel, sender, requester := d.channels["subdirector"], d.staff.Subdirector, d.staff.Requester
	card, err := d.await(ctx, channel, sender, "letter.sent", folio)
	if err != nil {
		return err
	}
	d.printRemark("En el canal de " + stageNames["subdirector"] + " aparece:")
	d.printCard(card)
	if _, err := d.click(ctx, sender, card, "letter.sent", nil); err != nil {
		return err
	}
	notice, err := d.await(ctx, d.chat, requester, "letter.file", folio)
	if err != nil {
		return err
	}
	d.printRemark("A " + requester.Name + " le llega:")
	d.printCard(notice)
	d.printClick(requester.Name, notice, *notice.Action("letter.file"), nil)
	if turn, err := d.env.Teams.Click(ctx, requester.ID, notice, "letter.file", nil); err != nil || turn.ErrorCode != "" {
		return errors.Join(err, errors.New("the letter is not offered"))
	}
	d.letter, err = d.acceptFile(ctx, requester)
	return err
}

// await waits for a card of a folio that offers the verb.
func (d *demo) await(ctx context.Context, conversation string, who teamsfake.Person, verb, folio string) (card *teamsfake.Card, err error) {
	err = d.env.Teams.Await(ctx, func() bool {
		card = d.cardOf(conversation, who, verb, folio)
		return card != nil
	})
	if err != nil {
		return nil, fmt.Errorf("no card with %s for %s: %w", verb, folio, err)
	}
	return card, nil
}

// acceptFile accepts the file that was offered last in the requester's chat, and keeps what arrives.
func (d *demo) acceptFile(ctx context.Context, who teamsfake.Person) (path string, err error) {
	var offer teamsfake.Message
	err = d.env.Teams.Await(ctx, func() bool {
		for _, m := range d.env.Teams.Messages(d.chat, who.ID) {
			if slices.ContainsFunc(m.Attachments, func(a map[string]any) bool {
				return a["contentType"] == "application/vnd.microsoft.teams.card.file.consent"
			}) {
				offer = m
			}
		}
		return offer.ID != ""
	})
	if err != nil {
		return "", fmt.Errorf("no file was offered: %w", err)
	}
	_, id, err := d.env.Teams.AnswerFileConsent(ctx, who.ID, offer, true)
	if err != nil {
		return "", err
	}
	var data []byte
	err = d.env.Teams.Await(ctx, func() bool {
		_, data = d.env.Teams.File(id)
		return len(data) > 0
	})
	if err != nil {
		return "", fmt.Errorf("the file did not arrive: %w", err)
	}
	if !bytes.HasPrefix(data, []byte("%PDF-")) {
		return "", errors.New("the letter is no PDF")
	}
	file, err := os.CreateTemp("", "altas-oficio-*.pdf")
	if err != nil {
		return "", err
	}
	_, err = file.Write(data)
	return file.Name(), errors.Join(err, file.Close())
}
