package bot

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"seducoahuila.gob.mx/altas/provisioning"
)

// linesTyped is what an approver leaves out: "2", "2, 4 y 7", "2-4", "a la 2".
var linesTyped = regexp.MustCompile(`(?is)^(?:(?:a|al|la|las|el|los|l[ií]neas?|n[uú]meros?|personas?|cuentas?|lines?|numbers?|people)\s+)*` + numberSign +
	`(` + lineItem + `(?:\s*(?:,\s*(?:(?:y|e|and)\s+)?|;\s*|&\s*|(?:y|e|and)\s+)` + lineItem + `)*)((?:[\s:,.;]+.*)?)$`)

const lineItem = `\d{1,4}(?:\s*(?:` + dash + `|(?:a|al|to)\s)\s*\d{1,4})?`

var (
	anyItem   = regexp.MustCompile(`(?i)` + lineItem)
	anyNumber = regexp.MustCompile(`\d+`)
	lastItem  = regexp.MustCompile(`(?i)(?:\b(?:y|e|and)\s+|&\s*)` + lineItem + `$`)
)

// linesOf reads the numbers of the lines to be left out, and the reason behind them. ok is
// false where it is not beyond doubt which are meant: then nobody may be approved.
func linesOf(text string) (numbers []int, why string, ok bool) {
	found := linesTyped.FindStringSubmatch(text)
	if found == nil {
		return nil, "", false
	}
	items := anyItem.FindAllString(found[1], -1)
	why, ok = reasonBehind(found[2], len(items) == 1 || lastItem.MatchString(found[1]))
	if !ok {
		return nil, "", false
	}
	for _, item := range items {
		ends := anyNumber.FindAllString(item, -1)
		first, _ := strconv.Atoi(ends[0])
		last, _ := strconv.Atoi(ends[len(ends)-1])
		if first < 1 || last < first || len(numbers)+last-first >= provisioning.MaxLines {
			return nil, "", false
		}
		for n := first; n <= last; n++ {
			numbers = append(numbers, n)
		}
	}
	slices.Sort(numbers)
	return slices.Compact(numbers), why, true
}

const (
	numberWords = `dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|ambos|ambas|two|three|four|five|six|seven|eight|nine|ten|both`
	moreWords   = `tambien|tampoco|ademas|asimismo|igualmente|todos|todas|demas|resto|adelante|siguientes?|ultim[oa]s?|excepto|salvo|` +
		`segund[oa]|tercer[oa]?|cuart[oa]|quint[oa]|also|too|either|neither|all|rest|others?|following|except`
)

var (
	courtesyBefore = regexp.MustCompile(`(?i)^[\s,.;]*(?:por\s*favor|porfa|gracias|please)\b`)
	breaksOff      = regexp.MustCompile(`^[\s,;:]*(?:\.\s*\.|[…‥⋯])`)
)

// Of a folded text:
var (
	// reasonMark stands between the numbers and the reason, and parts them beyond doubt.
	reasonMark = regexp.MustCompile(`^[\s,.;]*(?::[\s:,.;]*(?:motivo\b|reason\b)?|(?:por|porque|motivo|because|reason)\b)[\s:,.;]*`)

	// unclearBehind is what no reason begins with: another number, or what adds somebody.
	unclearBehind = regexp.MustCompile(`^(?:[^\p{L}\p{N}\s]*\d|[&+/]|(?:y|e|o|u|ni|and|or|nor|tambien|tampoco|also|` + numberWords + `)\b)`)

	// unclearUnmarked is what a reason without a mark does not begin with.
	unclearUnmarked = regexp.MustCompile(`^(?:[(…]|no\s+(?:es|son|el|la|los|las|lo|exclu\w*)\b|(?:not|con|with|personas|lineas|cuentas|docentes|alumnos|maestr[oa]s|centros|people|lines|accounts|teachers|students)\b|de\s+(?:los|las|ell[oa]s|est[oa]s|es[oa]s)\b|of\s+(?:the|them|these|those)\b)`)

	// mayNameMore is what may leave out more people in a reason without a mark.
	mayNameMore = regexp.MustCompile(`\d|\b(?:` + numberWords + `|` + moreWords + `)\b`)
)

// reasonBehind reads what follows the numbers. Where no mark parts the two, the reason may
// hold nothing that could be more of them; closed reports whether "y" stands before the
// last number, or there is only one.
func reasonBehind(tail string, closed bool) (why string, ok bool) {
	tail = tail[len(courtesyBefore.FindString(tail)):]
	folded := provisioning.Fold(tail)
	mark := reasonMark.FindString(folded)
	reason := strings.TrimLeft(strings.TrimPrefix(folded, mark), betweenMarks)
	switch {
	case asking.MatchString(tail), breaksOff.MatchString(tail), unclearBehind.MatchString(reason), takenBack.MatchString(reason):
		return "", false
	case mark != "" || reason == "":
	case !closed, unclearUnmarked.MatchString(reason), mayNameMore.MatchString(reason):
		return "", false
	}
	return strings.TrimLeft(tail, betweenMarks), true
}

const betweenMarks = " \n\t:,.;"

// alsoNamed returns the name of somebody who would be approved and whom the reason for
// leaving others out names too: by a given name, the first surname, a code, or the number.
// "" for nobody.
func (b *Bot) alsoNamed(ctx context.Context, act provisioning.Act) (name string, err error) {
	reason := " " + wordsOf(act.Comment) + "  " + wordsOf(listMark.ReplaceAllString(act.Comment, " mark ")) + " "
	err = b.Store.View(ctx, func(tx provisioning.Tx) error {
		name = ""
		var out []string
		for _, n := range act.Excluded {
			a, err := tx.Account(provisioning.NewStamp(act.Folio, n))
			if err != nil && provisioning.CodeOf(err) != provisioning.CodeNotFound {
				return err
			}
			out = append(out, namesOf(a)...)
		}
		for a, err := range tx.AccountsOf(act.Folio, 0) {
			if err != nil {
				return err
			}
			names := func(n string) bool { return strings.Contains(reason, " "+n+" ") && !slices.Contains(out, n) }
			if !a.State.Final() && !slices.Contains(act.Excluded, a.Number) && slices.ContainsFunc(namesOf(a), names) {
				name = a.Holder.DisplayName()
				return nil
			}
		}
		return nil
	})
	return name, err
}

// namesOf are the words, as wordsOf has them, by which a line is named in a sentence.
func namesOf(a provisioning.Account) []string {
	h := a.Holder
	names := slices.DeleteFunc(strings.Fields(wordsOf(h.Person.GivenNames+" "+h.Person.FirstSurname)), func(w string) bool {
		return slices.Contains(particles, w)
	})
	for _, whole := range []string{string(h.CCT()), string(h.Person.CURP), h.Centre.Name, h.Centre.Responsible} {
		if whole != "" {
			names = append(names, wordsOf(whole))
		}
	}
	for _, before := range beforeNumber {
		names = append(names, before+" "+strconv.Itoa(a.Number))
		if i := a.Number - 2; i >= 0 && i < len(spanishNumbers) {
			names = append(names, before+" "+spanishNumbers[i])
		}
	}
	return names
}

var (
	particles      = strings.Fields("de del la las los y da das do dos e")
	beforeNumber   = strings.Fields("mark la el las los y e o linea lineas numero cuenta persona and or line number account person")
	spanishNumbers = strings.Fields("dos tres cuatro cinco seis siete ocho nueve diez")
)

// listMark parts what is listed: "jubilado, 3: con licencia".
var listMark = regexp.MustCompile(`[,;.:(+&]`)

// wordsOf returns the words of a text, folded, one space apart.
func wordsOf(text string) string {
	return strings.Join(strings.FieldsFunc(provisioning.Fold(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), " ")
}
