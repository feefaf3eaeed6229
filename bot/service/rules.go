package service

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/go-viper/mapstructure/v2"
	"github.com/knadh/koanf/parsers/yaml"
	"github.com/knadh/koanf/providers/file"
	"github.com/knadh/koanf/v2"

	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/store/receipts"
)

// Rules is the YAML file: the organisation's rules. altas.example.yaml explains
// each key. A key that is not here is refused, so that a slip of the pen never
// changes who may decide.
type Rules struct {
	Types           map[string]TypeRules `koanf:"types"`
	Stages          []StageRules         `koanf:"stages"`
	Platform        PlatformRules        `koanf:"platform"`
	Administrators  []string             `koanf:"administrators"`
	RequesterGroup  string               `koanf:"requesterGroup"`
	OneMayDecideAll bool                 `koanf:"oneMayDecideAll"`
	Limits          LimitRules           `koanf:"limits"`
	Calendar        CalendarRules        `koanf:"calendar"`
	Deadlines       DeadlineRules        `koanf:"deadlines"`
	StampProperty   string               `koanf:"stampProperty"`
	TeamsServiceURL string               `koanf:"teamsServiceUrl"`
	Buttons         cards.Buttons        `koanf:"buttons"`
	Receipts        ReceiptRules         `koanf:"receipts"`
}

// TypeRules is how accounts of one type are made.
type TypeRules struct {
	Domain     string         `koanf:"domain"`
	Patterns   []string       `koanf:"patterns"`
	Licences   []string       `koanf:"licences"` // skuIds, in order of preference
	Groups     []string       `koanf:"groups"`
	Attributes AttributeRules `koanf:"attributes"`
}

// AttributeRules are the texts of the directory's fields.
type AttributeRules struct {
	Department        string `koanf:"department"`
	OfficeLocation    string `koanf:"officeLocation"`
	CompanyName       string `koanf:"companyName"`
	JobTitle          string `koanf:"jobTitle"`
	PreferredLanguage string `koanf:"preferredLanguage"`
	UsageLocation     string `koanf:"usageLocation"`
	MinorConsent      string `koanf:"minorConsent"`
}

// StageRules is one step of approval.
type StageRules struct {
	Name          string       `koanf:"name"`
	Channel       ChannelRules `koanf:"channel"`
	Approvers     []string     `koanf:"approvers"`
	ApproverGroup string       `koanf:"approverGroup"`
}

// ChannelRules is where a stage works; it may also be registered from Teams.
type ChannelRules struct {
	TeamID    string `koanf:"teamId"`
	ChannelID string `koanf:"channelId"`
}

// PlatformRules is the head of department's.
type PlatformRules struct {
	Channel ChannelRules `koanf:"channel"`
}

// LimitRules bound what people may do; 0 leaves the usual.
type LimitRules struct {
	Lines      int `koanf:"lines"`
	People     int `koanf:"people"`
	Reveals    int `koanf:"reveals"`
	RevealDays int `koanf:"revealDays"`
	LowStock   int `koanf:"lowStock"`
	DraftDays  int `koanf:"draftDays"`
	Inquiries  int `koanf:"inquiries"`
}

// ReceiptRules says how the receipts database is laid out; nothing for our own
// schema.
type ReceiptRules struct {
	Table *receipts.TableMap `koanf:"table"`
}

func (r ReceiptRules) table() *receipts.TableMap { return r.Table }

// LoadRules reads the YAML file and names everything that is wrong with it, a line
// each: the file, the key, what to write instead.
func LoadRules(path string) (Rules, error) {
	var r Rules
	k := koanf.New("\x00") // keys may hold dots
	if err := k.Load(file.Provider(path), yaml.Parser()); err != nil {
		return r, fmt.Errorf("%s: %w%s (ALTAS_CONFIG names the file)", path, err, unreadable(path))
	}
	var faults []error
	for _, fault := range keys("", k.Raw(), reflect.TypeFor[Rules]()) {
		faults = append(faults, errors.New(fault))
	}
	decode := &mapstructure.DecoderConfig{Result: &r, TagName: "koanf"}
	if err := k.UnmarshalWithConf("", &r, koanf.UnmarshalConf{DecoderConfig: decode}); len(faults) == 0 {
		faults = faultsOf(err)
	}
	faults = append(faults, faultsOf(r.validate())...)
	for i, f := range faults {
		faults[i] = fmt.Errorf("%s: %w", path, f)
	}
	return r, errors.Join(faults...)
}

// unreadable says what editors do to a file that YAML's own error does not explain.
func unreadable(path string) string {
	content, err := os.ReadFile(path)
	if err != nil {
		return "" // that was said
	}
	marked := bytes.HasPrefix(content, []byte("\xff\xfe")) || bytes.HasPrefix(content, []byte("\xfe\xff"))
	if !marked && !utf8.Valid(content) {
		return "; save it as UTF-8"
	}
	for i, line := range bytes.Split(content, []byte("\n")) {
		if bytes.HasPrefix(bytes.TrimLeft(line, " "), []byte("\t")) {
			return fmt.Sprintf("; line %d is indented with a tab, which YAML forbids", i+1)
		}
	}
	return ""
}

// faultsOf returns the errors that were joined to one, each by itself.
func faultsOf(err error) []error {
	var joined interface{ Unwrap() []error }
	if err == nil {
		return nil
	}
	if !strings.Contains(err.Error(), "\n") || !errors.As(err, &joined) {
		return []error{err}
	}
	var all []error
	for _, e := range joined.Unwrap() {
		all = append(all, faultsOf(e)...)
	}
	return all
}
