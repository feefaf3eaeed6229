package letter

import (
	"slices"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/pdf"
)

// access is how to sign in, where an account was made or its password renewed.
func (w writer) access() []pdf.Block {
	useful := func(l Line) bool { return w.resultOf(l) == made }
	if w.rejected() || !slices.ContainsFunc(w.Lines, useful) {
		return nil
	}
	blocks := []pdf.Block{pdf.Heading{Text: w.say("access.title"), Level: 1, After: 4}}
	steps := []string{"access.1", "access.2", "access.3"}
	for i, key := range steps {
		p := pdf.Paragraph{Text: w.say(key, "portal", w.Portal), Align: pdf.Justify, After: 3}
		if i == len(steps)-1 {
			p.After = 10
		}
		blocks = append(blocks, p)
	}
	return []pdf.Block{pdf.Group{Blocks: blocks}}
}

// decisions is who decided, and when. A comment is printed only where it is why the request was
// rejected: the others are for the offices that decide.
func (w writer) decisions() []pdf.Block {
	facts := pdf.Facts{Label: 80, After: 11}
	for _, d := range w.Decisions {
		label := "decisions.made"
		switch {
		case d.Verdict == provisioning.Reject:
			label = "decisions.reject"
		case d.Verdict != provisioning.Approve:
			continue
		case d.Stage == provisioning.Director:
			label = "decisions.turned"
		}
		who := w.say("decisions.who", "name", line(d.Name, maxLine), "decisionDate", DateInWords(w.local(d.At)))
		facts.Rows = append(facts.Rows, pdf.Fact{Label: w.say(label), Value: who})
	}
	if len(facts.Rows) == 0 {
		return nil
	}
	return []pdf.Block{pdf.Heading{Text: w.say("decisions.title"), Level: 1, After: 4}, facts}
}

// closing begins what stays on one page: a page with the code alone, or a signature without farewell,
// would not do.
func (w writer) closing() []pdf.Block {
	return []pdf.Block{
		pdf.Paragraph{Text: w.say("closing"), After: 10, KeepNext: true},
		pdf.Paragraph{Text: w.say("closing.ending"), Bold: true, Align: pdf.Center, KeepNext: true},
	}
}

func (w writer) signature() []pdf.Block {
	name := w.Signer.Name
	if name == "" {
		name = w.say("signer.unnamed")
	}
	lines := []string{name}
	if w.Signer.Post != "" {
		lines = append(lines, w.Signer.Post)
	}
	return []pdf.Block{pdf.Signature{Lines: lines, Room: 44, Align: pdf.Center, After: 12, KeepNext: true}}
}

func (w writer) copies() []pdf.Block {
	var blocks []pdf.Block
	for i, who := range w.Copies {
		p := pdf.Paragraph{Text: w.say("copies", "copy", who), Size: pdf.SmallSize, KeepNext: true}
		if i == len(w.Copies)-1 {
			p.After = 4
		}
		blocks = append(blocks, p)
	}
	return blocks
}

func (w writer) initials() []pdf.Block {
	if w.Initials == "" {
		return nil
	}
	return []pdf.Block{pdf.Paragraph{Text: w.Initials, Size: pdf.SmallSize, After: 8, KeepNext: true}}
}

func (w writer) sealed() []pdf.Block {
	switch {
	case w.seal.Code == "":
		return nil
	case w.seal.URL == "":
		return []pdf.Block{pdf.Paragraph{Text: w.say("seal.unlinked", "code", w.seal.Code), Size: pdf.SmallSize}}
	}
	pairs := []string{"code", w.seal.Code, "url", w.seal.URL}
	return []pdf.Block{pdf.QR{
		Data: w.seal.URL, Side: 58,
		Alt:     w.say("seal.alt", pairs...),
		Caption: w.say("seal.linked", pairs...),
	}}
}

// abreast returns how many of the first parts are printed side by side: copies and initials, or one
// of them, with the seal that follows; so that the letter of one account fits one page.
func abreast(parts []Part) int {
	for i, p := range parts {
		switch p {
		case PartCopies, PartInitials:
			continue
		case PartSeal:
			if i > 0 {
				return i + 1
			}
		}
		return 0
	}
	return 0
}

// sideBySide prints the seal, which is the last of the parts, to the right of the others.
func (w writer) sideBySide(parts []Part) []pdf.Block {
	var left []pdf.Block
	for _, p := range parts[:len(parts)-1] {
		left = append(left, w.part(p)...)
	}
	right := w.part(parts[len(parts)-1])
	if len(left) == 0 || len(right) == 0 {
		return append(left, right...)
	}
	return []pdf.Block{pdf.Columns{Gap: 14, Cells: []pdf.Column{{Share: 2, Blocks: left}, {Share: 5, Blocks: right}}}}
}
