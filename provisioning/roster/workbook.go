package roster

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"slices"
	"strings"
)

// Why a reader of our own: excelize's, which reads a sheet as a stream, tells neither a
// number from a text, a date or an error, nor which columns are hidden or cells merged,
// and takes broken XML for the end of the list.

// Limits of a workbook: what it may unpack to, and one text or tag of it.
const (
	maxUnpacked = 2 << 30
	maxToken    = 1 << 20
)

var errTooBig = errors.New("the workbook holds more than a list may: save the list alone in a new workbook")

// workbook is the parts of an open .xlsx.
type workbook struct {
	parts map[string]*zip.File // by their names in small letters
	left  int64                // how much may still be unpacked
}

// sheetInfo is a sheet as the workbook lists it.
type sheetInfo struct {
	name, part string
	hidden     bool
}

// openWorkbook reads the first sheet that people see.
func openWorkbook(f *os.File) (rowFile, error) {
	archive, err := openZip(f)
	if err != nil {
		return rowFile{}, err
	}
	b := &workbook{parts: map[string]*zip.File{}, left: maxUnpacked}
	for _, part := range archive.File {
		b.parts[partName(part.Name)] = part
	}
	sheets, err := b.sheets()
	if err != nil {
		return rowFile{}, err
	}
	i := slices.IndexFunc(sheets, func(s sheetInfo) bool { return !s.hidden })
	if i < 0 {
		return rowFile{}, errors.New("no sheet of it can be seen: show the one with the list, and save it")
	}
	file, err := b.openSheet(sheets[i])
	if err != nil {
		return rowFile{}, err
	}
	if len(sheets) > 1 {
		file.sheet = fmt.Sprintf(", sheet %s, the first %sof %d", sheets[i].name, map[bool]string{true: "visible "}[i > 0], len(sheets))
	}
	file.remarks = append([]string{sheetRead(sheets, i)}, file.remarks...)
	return file, nil
}

func sheetRead(sheets []sheetInfo, i int) string {
	said := fmt.Sprintf("the sheet %q is read", sheets[i].name)
	if len(sheets) == 1 {
		return said
	}
	var hidden, others []string
	for j, s := range sheets {
		switch {
		case j == i:
		case s.hidden:
			hidden = append(hidden, s.name)
		default:
			others = append(others, s.name)
		}
	}
	said += ", the first that can be seen"
	if len(others) > 0 {
		said += fmt.Sprintf("; not read: %.200s", strings.Join(others, ", "))
	}
	if len(hidden) > 0 {
		said += fmt.Sprintf("; hidden, and not read: %.200s", strings.Join(hidden, ", "))
	}
	return said
}

func partName(name string) string {
	return strings.ToLower(strings.TrimPrefix(path.Clean(strings.ReplaceAll(name, `\`, "/")), "/"))
}

// open unpacks a part, whole or until the workbook has given too much.
func (b *workbook) open(name string) (io.ReadCloser, error) {
	part := b.parts[partName(name)]
	if part == nil {
		return nil, fmt.Errorf("%w: %s is missing", errDamaged, name)
	}
	in, err := part.Open()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errDamaged, err)
	}
	return struct {
		io.Reader
		io.Closer
	}{&budget{in, b}, in}, nil
}

// budget counts what is unpacked.
type budget struct {
	in io.Reader
	of *workbook
}

// Read reads while there is something left.
func (r *budget) Read(p []byte) (int, error) {
	if r.of.left <= 0 {
		return 0, errTooBig
	}
	n, err := r.in.Read(p)
	r.of.left -= int64(n)
	return n, err
}

// tags reads XML whose texts and tags are of bounded length.
type tags struct {
	*xml.Decoder
	limit *meter
}

func newTags(in io.Reader) tags {
	limit := &meter{in: in, left: maxToken}
	return tags{xml.NewDecoder(limit), limit}
}

// next returns the next tag or text, io.EOF at the end.
func (t tags) next() (xml.Token, error) {
	t.limit.left = maxToken
	token, err := t.RawToken()
	switch {
	case err == nil, errors.Is(err, io.EOF), errors.Is(err, errTooBig):
		return token, err
	case errors.Is(err, errOpenQuote):
		return nil, errTooBig
	}
	return nil, fmt.Errorf("%w: %w", errDamaged, err)
}

// small unmarshals a part that is short in any workbook.
func (b *workbook) small(name string, v any) error {
	const most = 4 << 20
	in, err := b.open(name)
	if err != nil {
		return err
	}
	defer in.Close()
	body, err := io.ReadAll(io.LimitReader(in, most+1))
	if err == nil && len(body) > most {
		err = errTooBig
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if err := xml.NewDecoder(bytes.NewReader(body)).Decode(v); err != nil {
		return fmt.Errorf("%w: %s: %w", errDamaged, name, err)
	}
	return nil
}

// relations are what a part refers to, by id.
type relations struct {
	Relationship []struct {
		ID     string `xml:"Id,attr"`
		Type   string `xml:"Type,attr"`
		Target string `xml:"Target,attr"`
	}
}

// related returns the targets of a part's references to parts of the kind, by id.
func (b *workbook) related(part, kind string) (map[string]string, error) {
	var all relations
	folder, name := path.Split(part)
	err := b.small(folder+"_rels/"+name+".rels", &all)
	targets := map[string]string{}
	for _, r := range all.Relationship {
		if !strings.HasSuffix(r.Type, "/"+kind) {
			continue
		}
		target := r.Target
		if !strings.HasPrefix(target, "/") {
			target = folder + target
		}
		targets[r.ID] = target
	}
	return targets, err
}

// main returns the part that lists the sheets.
func (b *workbook) main() string {
	targets, _ := b.related("", "officeDocument")
	for _, target := range targets {
		return target
	}
	return "xl/workbook.xml"
}

func (b *workbook) sheets() ([]sheetInfo, error) {
	var list struct {
		Sheets []struct {
			Name  string     `xml:"name,attr"`
			State string     `xml:"state,attr"`
			Attrs []xml.Attr `xml:",any,attr"`
		} `xml:"sheets>sheet"`
	}
	main := b.main()
	if err := b.small(main, &list); err != nil {
		return nil, err
	}
	targets, err := b.related(main, "worksheet")
	if err != nil {
		return nil, err
	}
	var all []sheetInfo
	for _, s := range list.Sheets {
		for _, a := range s.Attrs {
			if part := targets[a.Value]; a.Name.Local == "id" && part != "" { // a chart's sheet is none of ours
				all = append(all, sheetInfo{name: s.Name, part: part, hidden: strings.HasSuffix(strings.ToLower(s.State), "hidden")})
			}
		}
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%w: it has no sheet with cells", errDamaged)
	}
	return all, nil
}
