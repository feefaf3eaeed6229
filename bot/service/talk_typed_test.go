package service_test

import (
	"strings"
	"testing"
)

// What phones, quotes and copied texts add to the words is ignored, in the chat as in a channel.
func TestWordsAreReadAsTheyWereMeant(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	folio := o.sends(o.silvia, lucia)
	year, number := folio[:4], folio[5:]
	for name, said := range map[string]string{
		"a quoted reply":         `<quoted messageId="1732900000000"/> estado ` + folio,
		"a non-breaking hyphen":  "estado " + year + "\u2011" + number,
		"an en dash":             "estado " + year + "\u2013" + number,
		"no-break spaces":        "estado\u00a0" + year + "\u00a0-\u00a0" + number,
		"as HTML":                "estado&nbsp;" + year + "&#8209;" + number,
		"what nobody sees":       "\u200eestado\u200b " + folio + "\u200e",
		"wide digits":            "estado " + strings.Map(func(r rune) rune { return r + 0xfee0 }, folio),
		"a name that is escaped": "buscar Lucía&nbsp;Ñáñez",
	} {
		before := o.count(o.chats[o.silvia.ID], o.silvia, folio)
		o.says(o.silvia, said)
		o.waits("the request, by "+name, func() bool { return o.count(o.chats[o.silvia.ID], o.silvia, folio) > before })
	}
	before := o.count(o.channels["director"], o.rosa, "Pendientes", folio)
	if _, err := o.teams.Say(o.within(), o.rosa.ID, o.channels["director"], `<quoted messageId="17"/>@Altas pendientes`+"\u200b"); err != nil {
		t.Fatal(err)
	}
	o.waits("the list in the channel", func() bool { return o.count(o.channels["director"], o.rosa, "Pendientes", folio) > before })
}
