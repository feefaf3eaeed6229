package roster

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Fold folds what people write above a column: "Correo Electrónico" is
// "correoelectronico", "Nº empleado" is "noempleado".
func Fold(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, norm.NFKD.String(s))
}

// vocabulary has the words of headings, each with its kin before the =. Nothing after
// it makes them words that tell nothing.
const vocabulary = `de del la el los las y e o en a al su c n inmueble electronico electronica escolar actual
 obligatorio obligatoria requerido requerida required opcional optional campo =
clave claves cve cv clv = clave
cct ct = cct
nombre nombres nom nomb name names = nombre
apellido apellidos apell ap ape surname surnames = apellido
paterno pat = paterno
materno mat = materno
primer primero primera 1er 1o 1 = 1
segundo segunda 2do 2o 2 = 2
first given = given
last family = last
completo completa full = completo
display mostrar = display
para pila =
user usuario usuarios = usuario
principal = principal
correo correos email mail = correo
direccion address = direccion
smtp primary upn login cuenta cuentas = cuenta
institucional oficial = institucional
centro centros = centro
trabajo trab = trabajo
escuela esc plantel = escuela
alumno alumna alumnos estudiante estudiantes student = alumno
docente docentes maestro maestra profesor profesora teacher = docente
empleado empleados empl emp trabajador employee = empleado
numero num no nro number = numero
id = id
nomina = nomina
municipio mun mpio munic = municipio
localidad loc = localidad
nivel = nivel
educativo educacion educativa =
grado grade = grado
grupo = grupo
director directora responsable titular = responsable
tipo type = tipo
perfil = perfil
curp = curp
turno = turno`

// kin returns each word of the vocabulary with what it stands for.
func kin() map[string]string {
	all := map[string]string{}
	for line := range strings.SplitSeq(strings.ReplaceAll(vocabulary, "\n ", " "), "\n") {
		words, meaning, _ := strings.Cut(line, "=")
		for word := range strings.FieldsSeq(words) {
			all[word] = strings.TrimSpace(meaning)
		}
	}
	return all
}

// Bounds of what is looked at for a heading: its letters, those of one of its words, and
// the columns of a line.
const (
	maxHeading  = 100
	longestWord = 13
	maxColumns  = 300
)

// meaning returns what a heading says, whatever the order and kin of its words, and
// whether anything parts them: NOMBRE_CT and "Nombre del centro de trabajo (CT)" need
// only share their words. A heading with a word of its own means just itself.
func meaning(heading string, words map[string]string) string {
	folded := Fold(heading)
	if folded == "" || len(folded) > maxHeading {
		return ""
	}
	parts, whole := segment(folded, words)
	if !whole {
		return folded
	}
	var meanings []string
	for _, part := range parts {
		if m := words[part]; m != "" {
			meanings = append(meanings, m)
		}
	}
	slices.Sort(meanings)
	return strings.Join(slices.Compact(meanings), " ")
}

// segment parts a folded heading into the fewest words of the vocabulary.
func segment(folded string, words map[string]string) (parts []string, whole bool) {
	best := make([][]string, len(folded)+1)
	best[0] = []string{}
	for end := 1; end <= len(folded); end++ {
		for start := max(0, end-longestWord); start < end; start++ {
			_, known := words[folded[start:end]]
			if known && best[start] != nil && (best[end] == nil || len(best[start])+1 < len(best[end])) {
				best[end] = append(slices.Clone(best[start]), folded[start:end])
			}
		}
	}
	return best[len(folded)], best[len(folded)] != nil
}

var (
	bracketed  = regexp.MustCompile(`[(\[][^)\]]*[)\]]`)
	enumerated = regexp.MustCompile(`^\s*[0-9A-Za-z]{1,2}[.)]\s+`)
)

// readings returns what a heading may say: all of it; without its number; without what
// stands in brackets; only that.
func readings(title string) []string {
	plain := enumerated.ReplaceAllString(title, "")
	return append([]string{title, plain, bracketed.ReplaceAllString(plain, " ")}, bracketed.FindAllString(plain, -1)...)
}

// column is what a heading is for, and how sure that is: 0 is surest.
type column struct {
	name string
	rank int
}

// finder finds a shape's heading.
type finder struct {
	Shape
	words map[string]string
	known map[string]column // by meaning
	seen  map[string]column // by heading: each is looked at once
}

func newFinder(s Shape) *finder {
	f := &finder{Shape: s, words: kin(), known: map[string]column{}, seen: map[string]column{}}
	for name, texts := range s.Columns {
		for rank, text := range strings.Split(texts, "|") {
			m := meaning(text, f.words)
			if before, there := f.known[m]; !there || rank < before.rank {
				f.known[m] = column{name, rank}
			}
		}
	}
	delete(f.known, "")
	return f
}

// read returns what a heading is for.
func (s *finder) read(title string) column {
	c, is := s.seen[title]
	for _, reading := range readings(title) {
		if is {
			break
		}
		c, is = s.known[meaning(reading, s.words)]
	}
	s.seen[title] = c
	return c
}

// heading is the line above the list, understood.
type heading struct {
	names   []string // of each column; "" for one that is passed over
	titles  []string // as they stand there
	number  int      // of its line
	after   int      // how many of the top rows it and what is above take
	remarks []string
}

func (h heading) told() Heading {
	t := Heading{Number: h.number}
	for i, title := range h.titles {
		switch {
		case h.names[i] != "":
			t.Used = append(t.Used, Column{h.names[i], title})
		case title != "":
			t.PassedOver = append(t.PassedOver, title)
		}
	}
	return t
}

func (h heading) found() int {
	n := 0
	for _, name := range h.names {
		if name != "" {
			n++
		}
	}
	return n
}

// heading finds, among the first rows, the one that names most columns. Above it may
// stand a title, or the headings of groups of columns: "Apellidos" over "Paterno" and
// "Materno".
func (s *finder) heading(top []row) (heading, error) {
	var best, other heading
	for i, r := range top {
		h := s.understand(titlesOf(r))
		h.number, h.after = r.number, i+1
		if i > 0 {
			if both := s.understand(under(titlesOf(top[i-1]), titlesOf(r))); subheads(h) && both.found() > h.found() {
				both.number, both.after = r.number, i+1
				h = both
			}
		}
		switch {
		case slices.Contains(h.names, s.Required) && h.found() > best.found():
			best = h
		case h.found() > other.found(), h.found() == other.found() && filled(h.titles) > filled(other.titles):
			other = h
		}
	}
	if best.names == nil {
		return best, fmt.Errorf("%w; %s", s.Missing, s.sought(s.Required, other))
	}
	for _, name := range s.Needed {
		if !slices.Contains(best.names, name) {
			return best, fmt.Errorf("no column is the %s; %s", name, s.sought(name, best))
		}
	}
	return best, nil
}

// subheads reports whether all that a row says are headings, so that it may belong to
// the one above.
func subheads(h heading) bool {
	return h.found() > 0 && h.found() == filled(h.titles)
}

func titlesOf(r row) []string {
	titles := make([]string, min(len(r.cells), maxColumns))
	for i, c := range r.cells[:len(titles)] {
		titles[i] = strings.Join(strings.Fields(c.text), " ")
	}
	return titles
}

// under puts the lower titles in the upper ones' place, where there are any.
func under(upper, lower []string) []string {
	both := make([]string, max(len(upper), len(lower)))
	copy(both, upper)
	for i, title := range lower {
		if title != "" {
			both[i] = title
		}
	}
	return both
}

func filled(titles []string) int {
	n := 0
	for _, t := range titles {
		if t != "" {
			n++
		}
	}
	return n
}

// understand gives each column its name. Of several that would do, the surest is used,
// the first of equals.
func (s *finder) understand(titles []string) heading {
	h := heading{names: make([]string, len(titles)), titles: titles}
	ranks, at := map[string]int{}, map[string]int{}
	for i, title := range titles {
		c := s.read(title)
		if c.name == "" {
			continue
		}
		before, there := at[c.name]
		if there && ranks[c.name] <= c.rank {
			h.remarks = append(h.remarks, alsoWouldDo(title, c.name, titles[before]))
			continue
		}
		if there {
			h.names[before] = ""
			h.remarks = append(h.remarks, alsoWouldDo(titles[before], c.name, title))
		}
		h.names[i], at[c.name], ranks[c.name] = c.name, i, c.rank
	}
	return h
}

func alsoWouldDo(title, name, used string) string {
	return fmt.Sprintf("two columns could be the %s: %q is used, %q is passed over", name, used, title)
}

// maxTitles bounds how many headings a message repeats.
const maxTitles = 30

// sought says which headings would do, and which are there.
func (s Shape) sought(name string, there heading) string {
	var titles []string
	for _, t := range there.titles {
		if t != "" && len(titles) < maxTitles {
			titles = append(titles, fmt.Sprintf("%.40q", t))
		}
	}
	return fmt.Sprintf("any of these would do: %s; line %d has: %s",
		strings.ReplaceAll(s.Columns[name], "|", ", "), there.number, strings.Join(titles, ", "))
}
