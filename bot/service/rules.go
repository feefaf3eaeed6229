package service

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/go-viper/mapstructure/v2"
	"github.com/knadh/koanf/parsers/yaml"
	"github.com/knadh/koanf/providers/file"
	"github.com/knadh/koanf/v2"

	"seducoahuila.gob.mx/altas/bot"
	"seducoahuila.gob.mx/altas/provisioning"
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

// LimitRules bound what people may do; 0 leaves the procedure's own.
type LimitRules struct {
	Lines      int `koanf:"lines"`
	People     int `koanf:"people"`
	Reveals    int `koanf:"reveals"`
	RevealDays int `koanf:"revealDays"`
	LowStock   int `koanf:"lowStock"`
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
		return r, fmt.Errorf("%s: %w (ALTAS_CONFIG names the file)", path, err)
	}
	var read mapstructure.Metadata
	decode := &mapstructure.DecoderConfig{Result: &r, TagName: "koanf", Metadata: &read}
	faults := faultsOf(k.UnmarshalWithConf("", &r, koanf.UnmarshalConf{DecoderConfig: decode}))
	for _, key := range slices.Sorted(slices.Values(read.Unused)) {
		faults = append(faults, fmt.Errorf("%s: no such key; altas.example.yaml has those there are", key))
	}
	faults = append(faults, faultsOf(r.validate())...)
	for i, f := range faults {
		faults[i] = fmt.Errorf("%s: %w", path, f)
	}
	return r, errors.Join(faults...)
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

var guid = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// validate holds the rules to what they must say, and lowers the ids.
func (r *Rules) validate() error {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	ids := func(where string, list []string) {
		for i, id := range list {
			if list[i] = strings.ToLower(strings.TrimSpace(id)); !guid.MatchString(list[i]) {
				fault("%s: %q is not an object id (a GUID)", where, id)
			}
		}
	}
	one := func(where string, id *string) {
		if *id = strings.ToLower(strings.TrimSpace(*id)); *id != "" && !guid.MatchString(*id) {
			fault("%s: %q is not an object id (a GUID)", where, *id)
		}
	}
	if len(r.Types) == 0 {
		fault("types: name at least one of docente, alumno, centro")
	}
	for name, t := range r.Types {
		faults = append(faults, t.validate("types."+name, name))
		ids("types."+name+".licences", t.Licences)
		ids("types."+name+".groups", t.Groups)
	}
	faults = append(faults, r.validateStages(), r.validateChannels())
	for i := range r.Stages {
		where := fmt.Sprintf("stages[%d]", i)
		ids(where+".approvers", r.Stages[i].Approvers)
		one(where+".approverGroup", &r.Stages[i].ApproverGroup)
		if len(r.Stages[i].Approvers) == 0 && r.Stages[i].ApproverGroup == "" {
			fault("%s: nobody may decide; name approvers or an approverGroup", where)
		}
	}
	ids("administrators", r.Administrators)
	if len(r.Administrators) == 0 {
		fault("administrators: name at least one")
	}
	one("requesterGroup", &r.RequesterGroup)
	if r.Limits.Lines > provisioning.MaxLines {
		fault("limits.lines: %d is more than a request can number, %d", r.Limits.Lines, provisioning.MaxLines)
	}
	calendar, err := r.Calendar.calendar(time.UTC)
	_, late := r.Deadlines.domain(calendar)
	return errors.Join(append(faults, err, late)...)
}

func (r *Rules) validateStages() error {
	want := []string{string(provisioning.Director), string(provisioning.Subdirector)}
	var got []string
	for _, s := range r.Stages {
		got = append(got, s.Name)
	}
	if !slices.Equal(got, want) {
		return fmt.Errorf("stages: want %s, in this order; have %s", strings.Join(want, ", "), strings.Join(got, ", "))
	}
	return nil
}

// validateChannels holds each channel to one use: who clicks in it is judged by that.
func (r *Rules) validateChannels() error {
	var faults []error
	uses := make(map[string]string)
	use := func(where string, c ChannelRules) {
		if other, taken := uses[c.ChannelID]; taken && c.ChannelID != "" {
			faults = append(faults, fmt.Errorf("%s.channel: the same channel as %s's; each needs one of its own", where, other))
		}
		uses[c.ChannelID] = where
	}
	for i, s := range r.Stages {
		use(fmt.Sprintf("stages[%d]", i), s.Channel)
	}
	use("platform", r.Platform.Channel)
	return errors.Join(faults...)
}

func (t TypeRules) validate(where, name string) error {
	kind, err := provisioning.ParseAccountType(name)
	if err != nil {
		return fmt.Errorf("%s: not one of docente, alumno, centro", where)
	}
	var faults []error
	if !provisioning.ValidDomain(t.Domain) {
		faults = append(faults, fmt.Errorf("%s.domain: %q is no domain", where, t.Domain))
	}
	if len(t.Patterns) > 0 {
		if _, err := provisioning.ParsePatterns(kind, t.Patterns); err != nil {
			faults = append(faults, fmt.Errorf("%s.patterns: %w", where, err))
		}
	}
	if err := t.Attributes.domain().Validate(); err != nil {
		faults = append(faults, fmt.Errorf("%s.attributes: %w", where, err))
	}
	switch t.Attributes.MinorConsent {
	case "", "Granted", "Denied", "NotRequired":
	default:
		faults = append(faults, fmt.Errorf("%s.attributes.minorConsent: %q is none of Granted, Denied, NotRequired", where, t.Attributes.MinorConsent))
	}
	return errors.Join(faults...)
}

// domain returns the rules as the business knows them, in the organisation's zone.
func (r Rules) domain(zone *time.Location) *provisioning.Rules {
	rules := &provisioning.Rules{
		Types: make(map[provisioning.AccountType]provisioning.TypeRule, len(r.Types)), Administrators: r.Administrators,
		RequesterGroup: r.RequesterGroup, OneMayDecideAll: r.OneMayDecideAll, Limits: r.Limits.domain(),
	}
	rules.Calendar, _ = r.Calendar.calendar(zone) // validated, as the deadlines are
	rules.Deadlines, _ = r.Deadlines.domain(rules.Calendar)
	for name, t := range r.Types {
		rules.Types[provisioning.AccountType(name)] = t.domain(provisioning.AccountType(name))
	}
	for _, s := range r.Stages {
		rules.Stages = append(rules.Stages, provisioning.Stage{
			Name: provisioning.StageName(s.Name), Approvers: s.Approvers, ApproverGroup: s.ApproverGroup,
		})
	}
	return rules
}

func (t TypeRules) domain(kind provisioning.AccountType) provisioning.TypeRule {
	patterns := provisioning.DefaultPatterns(kind)
	if len(t.Patterns) > 0 {
		patterns, _ = provisioning.ParsePatterns(kind, t.Patterns) // validated
	}
	return provisioning.TypeRule{
		Domain: t.Domain, Patterns: patterns, SKUs: t.Licences, Groups: t.Groups, Attributes: t.Attributes.domain(),
	}
}

func (a AttributeRules) domain() provisioning.Attributes {
	return provisioning.Attributes{
		Department: a.Department, OfficeLocation: a.OfficeLocation, CompanyName: a.CompanyName, JobTitle: a.JobTitle,
		PreferredLanguage: otherwise(a.PreferredLanguage, "es-MX"), UsageLocation: otherwise(a.UsageLocation, "MX"),
		MinorConsent: a.MinorConsent,
	}
}

func (l LimitRules) domain() provisioning.Limits {
	limits := provisioning.DefaultLimits()
	set := func(to *int, v int) {
		if v > 0 {
			*to = v
		}
	}
	set(&limits.Lines, l.Lines)
	set(&limits.People, l.People)
	set(&limits.Reveals, l.Reveals)
	set(&limits.LowStock, l.LowStock)
	if l.RevealDays > 0 {
		limits.RevealWithin = time.Duration(l.RevealDays) * 24 * time.Hour
	}
	return limits
}

// channels returns where the stages work, as far as the file says.
func (r Rules) channels() map[provisioning.StageName]bot.Channel {
	all := make(map[provisioning.StageName]bot.Channel)
	add := func(stage provisioning.StageName, c ChannelRules) {
		if c.ChannelID != "" {
			all[stage] = bot.Channel{TeamID: c.TeamID, ChannelID: c.ChannelID}
		}
	}
	for _, s := range r.Stages {
		add(provisioning.StageName(s.Name), s.Channel)
	}
	add(provisioning.Platform, r.Platform.Channel)
	return all
}

func otherwise(v, instead string) string {
	if v == "" {
		return instead
	}
	return v
}
