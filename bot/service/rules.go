package service

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-viper/mapstructure/v2"
	"github.com/knadh/koanf/parsers/yaml"
	"github.com/knadh/koanf/providers/file"
	"github.com/knadh/koanf/v2"

	"seducoahuila.gob.mx/altas/bot/console"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/store/receipts"
)

// Rules is the content of the YAML file: the organisation's rules. altas.example.yaml explains
// each key. Unknown keys are refused, so a mistyped key never changes who may decide.
type Rules struct {
	Types           map[string]TypeRules `koanf:"types"`
	Stages          []StageRules         `koanf:"stages"`
	Platform        PlatformRules        `koanf:"platform"`
	Administrators  []string             `koanf:"administrators"`
	RequesterGroup  string               `koanf:"requesterGroup"`
	OneMayDecideAll bool                 `koanf:"oneMayDecideAll"`
	Limits          LimitRules           `koanf:"limits"`
	Recovery        RecoveryRules        `koanf:"recovery"`
	Letter          LetterRules          `koanf:"letter"`
	Privacy         *PrivacyRules        `koanf:"privacy"`
	Contact         *ContactRules        `koanf:"contact"`
	Archive         *ArchiveRules        `koanf:"archive"`
	Calendar        CalendarRules        `koanf:"calendar"`
	Deadlines       DeadlineRules        `koanf:"deadlines"`
	StampProperty   string               `koanf:"stampProperty"`
	TeamsServiceURL string               `koanf:"teamsServiceUrl"`
	Buttons         cards.Buttons        `koanf:"buttons"`
	Receipts        ReceiptRules         `koanf:"receipts"`

	folder string // of the file
}

// TypeRules are the rules for creating accounts of one type.
type TypeRules struct {
	Domain     string         `koanf:"domain"`
	Patterns   []string       `koanf:"patterns"`
	Licences   []string       `koanf:"licences"` // skuIds, in order of preference
	Groups     []string       `koanf:"groups"`
	Attributes AttributeRules `koanf:"attributes"`
}

// AttributeRules are the values of Graph's user properties.
type AttributeRules struct {
	Department        string `koanf:"department"`
	OfficeLocation    string `koanf:"officeLocation"`
	CompanyName       string `koanf:"companyName"`
	JobTitle          string `koanf:"jobTitle"`
	PreferredLanguage string `koanf:"preferredLanguage"`
	UsageLocation     string `koanf:"usageLocation"`
	MinorConsent      string `koanf:"minorConsent"`
}

// StageRules is one approval stage.
type StageRules struct {
	Name          string       `koanf:"name"`
	Channel       ChannelRules `koanf:"channel"`
	Approvers     []string     `koanf:"approvers"`
	ApproverGroup string       `koanf:"approverGroup"`
}

// ChannelRules is the Teams channel of a stage; it may also be registered from Teams.
type ChannelRules struct {
	TeamID    string `koanf:"teamId"`
	ChannelID string `koanf:"channelId"`
}

// PlatformRules are the settings of the head of department's stage.
type PlatformRules struct {
	Channel ChannelRules `koanf:"channel"`
}

// LimitRules are the limits of requests and of what people may do; 0 is the default.
type LimitRules struct {
	Lines      int `koanf:"lines"`
	People     int `koanf:"people"`
	Reveals    int `koanf:"reveals"`
	RevealDays int `koanf:"revealDays"`
	LowStock   int `koanf:"lowStock"`
	DraftDays  int `koanf:"draftDays"`
	Inquiries  int `koanf:"inquiries"`
}

// ReceiptRules describe the receipts table; nil is Altas' own schema.
type ReceiptRules struct {
	Table *receipts.TableMap `koanf:"table"`
}

func (r ReceiptRules) table() *receipts.TableMap { return r.Table }

// LoadRules reads the YAML file. Its error lists every fault, one a line: the file, the key,
// what to write instead.
func LoadRules(path string) (Rules, error) {
	var r Rules
	k := koanf.New("\x00") // as delimiter, because keys may contain dots
	if err := k.Load(file.Provider(path), yaml.Parser()); err != nil {
		return r, console.Errorf("%w (ALTAS_CONFIG names the file)", explained(path, err))
	}
	faults := keys("", k.Raw(), reflect.TypeFor[Rules]())
	decode := &mapstructure.DecoderConfig{Result: &r, TagName: "koanf"}
	if err := k.UnmarshalWithConf("", &r, koanf.UnmarshalConf{DecoderConfig: decode}); len(faults) == 0 {
		faults = flatten(err)
	}
	r.folder = filepath.Dir(path)
	_, letterFault := r.Letter.settings(r.folder, time.UTC)
	faults = append(faults, flatten(errors.Join(r.validate(), r.Recovery.validate(), r.Privacy.validate(), r.Contact.validate(), r.Archive.validate(), letterFault))...)
	for i, f := range faults {
		faults[i] = console.Errorf("%s: %w", path, f)
	}
	return r, errors.Join(faults...)
}

// explained adds to the error of reading a file what YAML's own error does not explain: another
// encoding than UTF-8, and tabs.
func explained(path string, unread error) error {
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return console.Errorf("%s: %w", path, fs.ErrNotExist) // the path once
	}
	if err != nil {
		return console.Errorf("%s: %w", path, unread)
	}
	hasMark := bytes.HasPrefix(content, []byte("\xff\xfe")) || bytes.HasPrefix(content, []byte("\xfe\xff"))
	if !hasMark && !utf8.Valid(content) {
		return console.Errorf("%s: %w; save it as UTF-8", path, unread)
	}
	for i, line := range bytes.Split(content, []byte("\n")) {
		if bytes.HasPrefix(bytes.TrimLeft(line, " "), []byte("\t")) {
			return console.Errorf("%s: %w; line %d is indented with a tab, which YAML forbids", path, unread, i+1)
		}
	}
	return console.Errorf("%s: %w", path, unread)
}

// flatten returns the errors that err joins, as a flat list.
func flatten(err error) []error {
	var joined interface{ Unwrap() []error }
	if err == nil {
		return nil
	}
	if !strings.Contains(err.Error(), "\n") || !errors.As(err, &joined) {
		return []error{err}
	}
	var all []error
	for _, e := range joined.Unwrap() {
		all = append(all, flatten(e)...)
	}
	return all
}
