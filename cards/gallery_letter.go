package cards

import (
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/letter"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// letters adds the cards of the oficio de respuesta.
func (g *gallery) letters() {
	t := g.t
	v := g.letter(letter.StateIssued)
	g.add("letter-to-send", t.Letter(v))
	wrong := v
	wrong.Errors = map[string]error{"comment": problem.Invalid("comment", "letter.annul_reason")}
	g.add("letter-annul-refused", t.Letter(wrong))
	sent := v
	sent.Letter.SentAt, sent.Letter.SentBy = g.s.now, provisioning.Actor{Name: "Marta Solís"}
	g.add("letter-sent", t.Letter(sent))
	g.add("letter-notice", t.LetterSent(sent))
	noPages := sent
	noPages.Link = false
	g.add("letter-notice-no-pages", t.LetterSent(noPages))
	annulled := g.letter(letter.StateAnnulled)
	annulled.Letter.AnnulledAt, annulled.Letter.AnnulledBy = g.s.now, provisioning.Actor{Name: "Marta Solís"}
	annulled.Letter.Reason = "El número ya lo llevaba un oficio en papel."
	g.add("letter-annulled", t.Letter(annulled))
	g.add("letter-making", t.Letter(g.letter(letter.StateNumbered)))
	waiting := g.letter(letter.StateWaiting)
	waiting.Source = letter.FromOffice
	g.add("letter-number", t.Letter(waiting))
	waiting.Values = map[string]string{"oficio": "SS/12/2026"}
	waiting.Errors = map[string]error{"oficio": problem.Invalid("oficio", "letter.number_taken", "number", "SS/12/2026", "folio", "2026-000098")}
	g.add("letter-number-taken", t.Letter(waiting))
	waiting.Source, waiting.Values, waiting.Errors = letter.FromRange, nil, nil
	g.add("letter-range", t.Letter(waiting))
	waiting.Values = map[string]string{"rangeFrom": "240", "rangeTo": "181"}
	waiting.Errors = map[string]error{"rangeTo": problem.Invalid("rangeTo", "letter.range_order")}
	g.add("letter-range-wrong", t.Letter(waiting))
	g.add("letter-link", t.LetterOpen(v.Letter, "https://altas.seducoahuila.gob.mx/oficio/archivo/K3VQ7M2PXA4RK3VQ7M2PXA4R"))
}

func (g *gallery) letter(s letter.State) LetterView {
	v := LetterView{Request: g.s.request(1, provisioning.StateCompleted), Link: true, Office: provisioning.Subdirector, Source: letter.FromSeries}
	v.Letter = letter.Letter{Folio: v.Request.Folio, Serial: 1, State: s, Lines: 1, AskedAt: g.s.now.Add(-time.Minute)}
	if s != letter.StateWaiting {
		v.Letter.Number = "SEDU/DGTI/0123/2026"
	}
	if s == letter.StateIssued || s == letter.StateAnnulled {
		v.Letter.IssuedAt, v.Letter.File = g.s.now.Add(-time.Minute), "…"
	}
	return v
}
