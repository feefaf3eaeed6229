package letter

import (
	"strings"
	"time"

	"seducoahuila.gob.mx/altas/provisioning/pdf"
)

func (w writer) letterhead() []pdf.Block {
	align := pdf.Center
	if len(w.Logo) > 0 {
		align = pdf.Left
	}
	var lines []pdf.Block
	for i, text := range w.Letterhead {
		p := pdf.Paragraph{Text: text, Align: align, Size: 9.5}
		if i == 0 {
			p.Size, p.Bold = 11, true
		}
		lines = append(lines, p)
	}
	if len(w.Logo) > 0 {
		logo := pdf.Image{PNG: w.Logo, Alt: w.LogoAlt, MaxWidth: 120, MaxHeight: 54}
		lines = []pdf.Block{pdf.Columns{Gap: 14, Cells: []pdf.Column{
			{Share: 1, Blocks: []pdf.Block{logo}}, {Share: 3, Blocks: lines},
		}}}
	}
	if len(lines) == 0 {
		return nil
	}
	return append(lines, pdf.Spacer{Height: 6}, pdf.Rule{After: 6})
}

func (w writer) legend() []pdf.Block {
	day := w.local(w.Date).Format(time.DateOnly)
	for _, l := range w.Legends {
		if (l.From == "" || l.From <= day) && (l.To == "" || day <= l.To) {
			return []pdf.Block{pdf.Paragraph{Text: l.Text, Size: 9, Align: pdf.Center, After: 10}}
		}
	}
	return nil
}

func (w writer) number() []pdf.Block {
	blocks := []pdf.Block{pdf.Paragraph{Text: w.say("number"), Bold: true, Align: pdf.Right}}
	if w.File != "" {
		blocks = append(blocks, pdf.Paragraph{Text: w.say("file", "file", line(w.File, maxLine)), Align: pdf.Right})
	}
	return blocks
}

func (w writer) subject() []pdf.Block {
	subject := w.say(plural("subject", len(w.Lines)))
	return []pdf.Block{pdf.Paragraph{Text: w.say("subject", "subject", subject) + ".", Align: pdf.Right, After: 8}}
}

func (w writer) date() []pdf.Block {
	return []pdf.Block{pdf.Paragraph{Text: w.say("date") + ".", Align: pdf.Right, After: 12}}
}

func (w writer) addressee() []pdf.Block {
	a := w.Addressee
	blocks := []pdf.Block{pdf.Paragraph{Text: line(a.Name, maxLine), Bold: true, KeepNext: true}}
	centre := line(a.Centre, maxLine)
	if a.CCT != "" {
		centre = strings.TrimPrefix(centre+", "+w.say("addressee.cct", "cct", string(a.CCT)), ", ")
	}
	for _, text := range []string{line(a.Post, maxLine), line(a.Area, maxLine), centre} {
		if text != "" {
			blocks = append(blocks, pdf.Paragraph{Text: text, KeepNext: true})
		}
	}
	return append(blocks, pdf.Paragraph{Text: w.say("addressee.ending"), Bold: true, After: 11, KeepNext: true})
}
