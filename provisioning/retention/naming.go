package retention

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

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
	curp      identity.CURP   // "" if it is not known
	addresses []string        // lower case
	names     []string        // whole ones, as words: see sortedWords
	words     map[string]bool // of the names, without particles
	whole     int             // how many different words the shortest name has, at least several
}

// naming returns all that names the person in what is kept.
func (p *Person) naming() naming {
	n := naming{curp: p.CURP, words: map[string]bool{}}
	addresses := map[string]bool{}
	for _, a := range p.Lines {
		addresses[strings.ToLower(string(a.Address))] = true
		addresses[strings.ToLower(string(a.Chosen))] = true
		n.call(append(a.OtherNames, a.Holder.DisplayName())...)
	}
	for _, row := range p.Rows {
		addresses[strings.ToLower(string(row.Address))] = true
		n.call(row.Holder.DisplayName())
	}
	for _, e := range p.Acts { // an account may have had another address before
		if e.Act == "account.created" || e.Act == "account.renamed" {
			addresses[strings.ToLower(e.Detail["address"])] = true
		}
	}
	delete(addresses, "")
	n.addresses = slices.Sorted(maps.Keys(addresses))
	return n
}

// call adds names of the person.
func (n *naming) call(names ...string) {
	for _, name := range names {
		words := wordsOf(name)
		if len(words) == 0 || name == Blank {
			continue
		}
		distinct := map[string]bool{}
		for _, w := range words {
			if !particle(w.folded) {
				n.words[w.folded], distinct[w.folded] = true, true
			}
		}
		n.names = append(n.names, sortedWords(words))
		if count := max(several, len(distinct)); n.whole == 0 || count < n.whole {
			n.whole = count
		}
	}
	n.whole = max(several, n.whole)
}

// named reports whether the text is the person's name and nothing else, in any order.
func (n naming) named(text string) bool {
	words := sortedWords(wordsOf(text))
	return words != "" && slices.Contains(n.names, words)
}

// mentioned reports whether the text has what is the person's alone: their CURP or one of their addresses;
// or, beside their masked CURP, their name.
func (n naming) mentioned(text string) bool {
	if len(n.curpsIn(text)) > 0 || n.curp != "" && strings.Contains(text, n.curp.Masked()) && n.hasName(text, several) {
		return true
	}
	lower := strings.ToLower(text)
	for _, address := range n.addresses { // of all that is stored, little is looked at closely
		if strings.Contains(lower, address) && withoutAddress(text, address) != text {
			return true
		}
	}
	return false
}

// hasName reports whether the text has at least so many words of the name together.
func (n naming) hasName(text string, least int) bool {
	return n.withoutRuns(text, least) != text
}

// without returns the text without the person's CURP, addresses, and names of at least so many words.
func (n naming) without(text string, least int) string {
	return n.withoutNames(n.withoutKeys(text), least)
}

func (n naming) withoutKeys(text string) string {
	found := n.curpsIn(text)
	for _, at := range slices.Backward(found) {
		text = text[:at[0]] + Blank + text[at[1]:]
	}
	for _, address := range n.addresses {
		text = withoutAddress(text, address)
	}
	return text
}

// curpsIn returns where the text has the CURP, as bytes from and to: in any case and width, with whatever
// stands between its characters, and with O for 0.
func (n naming) curpsIn(text string) (found [][2]int) {
	if n.curp == "" {
		return nil
	}
	want := make([]rune, 0, len(n.curp))
	for _, r := range string(n.curp) {
		want = append(want, keyRune(r))
	}
	var runes []rune
	var from, to []int
	for i, r := range text {
		if k := keyRune(r); k != 0 {
			runes, from, to = append(runes, k), append(from, i), append(to, i+utf8.RuneLen(r))
		}
	}
	for i := 0; i+len(want) <= len(runes); i++ {
		if slices.Equal(runes[i:i+len(want)], want) {
			found = append(found, [2]int{from[i], to[i+len(want)-1]})
			i += len(want) - 1
		}
	}
	return found
}

// keyRune returns a letter or digit as keys are compared; 0 for anything else.
func keyRune(r rune) rune {
	if r >= utf8.RuneSelf {
		folded, _ := utf8.DecodeRuneInString(norm.NFKD.String(string(r)))
		r = folded
	}
	switch {
	case r >= 'a' && r <= 'z':
		r -= 'a' - 'A'
	case !(r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'):
		return 0
	}
	if r == 'O' {
		return '0'
	}
	return r
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
		if continues(text[:at]) || end < len(text) && alphanumeric(text[end]) {
			out.WriteString(text[:end])
		} else {
			out.WriteString(text[:at] + Blank)
		}
		text = text[end:]
	}
}

// continues reports whether an address may have begun before: with a letter or digit, or with a mark between
// two of them.
func continues(before string) bool {
	n := len(before)
	switch {
	case n == 0:
		return false
	case alphanumeric(before[n-1]):
		return true
	}
	return n > 1 && strings.IndexByte("._-'+", before[n-1]) >= 0 && alphanumeric(before[n-2])
}

func alphanumeric(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
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

// withoutNames replaces the masked CURP, and each run of words of the names, with the particles and initials
// between them, that has at least so many different ones.
func (n naming) withoutNames(text string, least int) string {
	if n.curp != "" {
		text = strings.ReplaceAll(text, n.curp.Masked(), Blank)
	}
	return n.withoutRuns(text, least)
}

func (n naming) withoutRuns(text string, least int) string {
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

// run returns how many words, from the first, are of the names; particles and initials count between others.
func (n naming) run(words []word) int {
	last := 0
	for i, w := range words {
		switch {
		case n.words[w.folded]:
			last = i + 1
		case !particle(w.folded) && len(w.folded) > 1 || last == 0:
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

// sortedWords returns the words in order, without particles unless there is nothing else.
func sortedWords(words []word) string {
	var all []string
	for _, w := range words {
		if !particle(w.folded) {
			all = append(all, w.folded)
		}
	}
	if len(all) == 0 {
		for _, w := range words {
			all = append(all, w.folded)
		}
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}

func particle(w string) bool { return slices.Contains(strings.Fields(input.Particles), w) }
