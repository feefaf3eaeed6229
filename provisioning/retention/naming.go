package retention

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/input"
)

// Blank stands in the place of what was erased.
const Blank = "(datos suprimidos)"

// How many words of a name must stand together to be taken for it. Of one word only where a text is about
// nobody else: surnames and given names are other people's too.
const (
	single  = 1
	several = 2
)

// naming is all that names a person.
type naming struct {
	curp      identity.CURP
	addresses []string        // lower case
	names     []string        // whole ones, as words: see wordsOf
	words     map[string]bool // of the names, without particles
}

// naming returns all that names the person in what is kept.
func (p *Person) naming() naming {
	n := naming{curp: p.CURP, words: map[string]bool{}}
	addresses := map[string]bool{}
	for _, a := range p.Lines {
		addresses[strings.ToLower(string(a.Address))] = true
		n.call(append(a.OtherNames, a.Holder.DisplayName())...)
	}
	for _, row := range p.Rows {
		addresses[strings.ToLower(string(row.Address))] = true
		n.call(row.Holder.DisplayName())
	}
	delete(addresses, "")
	n.addresses = slices.Sorted(maps.Keys(addresses))
	return n
}

// call adds names of the person.
func (n *naming) call(names ...string) {
	for _, name := range names {
		words := wordsOf(name)
		n.names = append(n.names, sortedWords(words))
		for _, w := range words {
			if !particle(w.folded) {
				n.words[w.folded] = true
			}
		}
	}
}

// named reports whether the text is the person's name and nothing else, in any order.
func (n naming) named(text string) bool {
	words := sortedWords(wordsOf(text))
	return words != "" && slices.Contains(n.names, words)
}

// mentioned reports whether the text has what is the person's alone: their CURP or one of their addresses.
func (n naming) mentioned(text string) bool {
	lower := strings.ToLower(text)
	likely := strings.Contains(lower, strings.ToLower(string(n.curp[:4]))) // of all that is stored, little is looked at closely
	for _, address := range n.addresses {
		likely = likely || strings.Contains(lower, address)
	}
	return likely && n.withoutKeys(text) != text
}

// without returns the text without the person's CURP, addresses, and names of at least so many words.
func (n naming) without(text string, least int) string {
	return n.withoutNames(n.withoutKeys(text), least)
}

func (n naming) withoutKeys(text string) string {
	text = identity.ReplaceCURPs(text, func(written string, c identity.CURP) string {
		if c == n.curp {
			return Blank
		}
		return written
	})
	for _, address := range n.addresses {
		text = withoutAddress(text, address)
	}
	return text
}

// withoutAddress replaces an address where it is not a part of a longer one.
func withoutAddress(text, address string) string {
	var out strings.Builder
	for {
		at := indexFold(text, address)
		if at < 0 {
			out.WriteString(text)
			return out.String()
		}
		end := at + len(address)
		if at > 0 && inAddress(text[at-1]) || end < len(text) && inAddress(text[end]) && text[end] != '.' {
			out.WriteString(text[:end])
		} else {
			out.WriteString(text[:at] + Blank)
		}
		text = text[end:]
	}
}

// indexFold is strings.Index for an ASCII text, without regard to case.
func indexFold(text, ascii string) int {
	for i := 0; i+len(ascii) <= len(text); i++ {
		if strings.EqualFold(text[i:i+len(ascii)], ascii) {
			return i
		}
	}
	return -1
}

func inAddress(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("._-'+", c) >= 0
}

// withoutNames replaces each run of words of the names, with the particles between them, that has at least
// so many different ones.
func (n naming) withoutNames(text string, least int) string {
	text = strings.ReplaceAll(text, n.curp.Masked(), Blank)
	words := outsideAddresses(text, wordsOf(text))
	var out strings.Builder
	written := 0
	for i := 0; i < len(words); i++ {
		run := n.run(words[i:])
		if run == 0 || n.different(words[i:i+run]) < least {
			continue
		}
		out.WriteString(text[written:words[i].from] + Blank)
		written = words[i+run-1].to
		i += run - 1
	}
	out.WriteString(text[written:])
	return out.String()
}

var address = regexp.MustCompile(`\S+@\S+`)

// outsideAddresses returns the words with those of mail addresses made none of a name: an address is a
// person's whole or not at all.
func outsideAddresses(text string, words []word) []word {
	for _, at := range address.FindAllStringIndex(text, -1) {
		for i := range words {
			if words[i].from >= at[0] && words[i].to <= at[1] {
				words[i].folded = "@"
			}
		}
	}
	return words
}

// run returns how many words, from the first, are of the names; particles count between others.
func (n naming) run(words []word) int {
	last := 0
	for i, w := range words {
		switch {
		case n.words[w.folded]:
			last = i + 1
		case !particle(w.folded) || last == 0:
			return last
		}
	}
	return last
}

func (n naming) different(words []word) int {
	distinct := map[string]bool{}
	for _, w := range words {
		if n.words[w.folded] {
			distinct[w.folded] = true
		}
	}
	return len(distinct)
}

// word is a word of a text: where it is, in bytes, and in lower case without accents and tildes.
type word struct {
	from, to int
	folded   string
}

func wordsOf(text string) []word {
	var all []word
	from := -1
	end := func(to int) {
		if from >= 0 {
			all = append(all, word{from, to, strings.ReplaceAll(input.Fold(text[from:to]), "ñ", "n")})
		}
		from = -1
	}
	for i, r := range text {
		switch part := unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r); {
		case part && from < 0:
			from = i
		case !part:
			end(i)
		}
	}
	end(len(text))
	return all
}

// sortedWords returns the words in order, without particles.
func sortedWords(words []word) string {
	var all []string
	for _, w := range words {
		if !particle(w.folded) {
			all = append(all, w.folded)
		}
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}

func particle(w string) bool { return slices.Contains(strings.Fields(input.Particles), w) }
