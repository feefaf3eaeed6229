package bot

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"seducoahuila.gob.mx/altas/bot/catalogue"
	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/bot/file"
	"seducoahuila.gob.mx/altas/bot/guide"
	"seducoahuila.gob.mx/altas/bot/post"
	"seducoahuila.gob.mx/altas/bot/recipient"
	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/bot/words"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/access"
	"seducoahuila.gob.mx/altas/provisioning/creation"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/letter"
	"seducoahuila.gob.mx/altas/provisioning/privacy"
	"seducoahuila.gob.mx/altas/provisioning/recovery"
)

// Config holds the dependencies of the Bot. Optional are Channels (stages may be registered from
// Teams), ServiceURL, HTTPClient, FileHosts, PublicURL, Locale, Buttons, Contact and Ready.
type Config struct {
	Teams              *connector.Connector
	Store              provisioning.Store
	Workflow           *provisioning.Workflow
	TemporaryPasswords *provisioning.TemporaryPasswords
	Creation           *creation.Creation
	Recovery           *recovery.Recovery
	Letters            *letter.Letters
	SignIn             SignIn // of people who open a letter by its link, or the tab
	BotID              string // the bot's application id, for links to its chat
	Privacy            *privacy.Register
	Memberships        provisioning.Membership
	Custody            provisioning.Custody
	Catalogue          *catalogue.Catalogue
	Rules              *provisioning.Rules
	TenantID           string
	ServiceURL         string // of Teams, until an activity brings one
	Channels           map[provisioning.StageName]recipient.Channel
	HTTPClient         *http.Client // uploads files; nil for the default
	FileHosts          file.Hosts   // that files may be uploaded to besides SharePoint
	PublicURL          string       // https://host of the bot's own pages; "" for none
	Locale             string
	Buttons            cards.Buttons // in channels, and for people who chose none; Action.Execute if ""
	Contact            cards.Contact // that texts send people to
	Location           *time.Location
	Now                func() time.Time
	Log                *slog.Logger
	Ready              func(context.Context) error // called by /readyz
}

// Bot verifies activities and dispatches each to its room. It is safe for concurrent use.
type Bot struct {
	rooms
	store      provisioning.Store
	teams      *connector.Connector
	access     *access.Policy
	inquiries  *access.Inquiries
	rules      *provisioning.Rules
	tenantID   string
	help       help
	readyCheck func(context.Context) error
	now        func() time.Time
	log        *slog.Logger

	verbs    turn.Routes
	commands map[string]turn.Command // by name
	lexicon  words.Lexicon
	attempts func(context.Context) error // drops the record of those that no longer count
	seen     *turn.Dedupe
	opens    *turn.Dedupe // of refreshed cards
	handling post.KeyLock // by activity
	refusals turn.LogLimit
}

// New returns a Bot, or all errors of the configuration joined.
func New(cfg Config) (*Bot, error) {
	var faults []error
	require := func(ok bool, what string) {
		if !ok {
			faults = append(faults, errors.New("bot: "+what+" required"))
		}
	}
	require(cfg.Teams != nil, "connector")
	require(cfg.Store != nil, "store")
	require(cfg.Workflow != nil && len(cfg.Workflow.Kinds) > 0 && cfg.TemporaryPasswords != nil && cfg.Creation != nil, "workflow with its kinds, temporary passwords and creation")
	require(cfg.Recovery != nil, "recovery")
	require(cfg.Letters != nil && cfg.SignIn != nil, "letters and sign-in")
	require(cfg.Privacy != nil && cfg.Privacy.Notice.Version != "", "privacy notice with its version")
	require(cfg.Rules != nil, "rules")
	require(cfg.Catalogue != nil, "catalogue")
	require(cfg.Memberships != nil && cfg.Custody != nil, "memberships and custody")
	require(cfg.TenantID != "", "tenant id")
	require(cfg.Now != nil && cfg.Location != nil && cfg.Log != nil, "clock, time zone and log")
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	return assemble(cfg)
}

// assemble creates the rooms and joins their routes.
func assemble(cfg Config) (*Bot, error) {
	b := &Bot{
		access: &access.Policy{Rules: cfg.Rules, Memberships: membershipOnly{cfg.Memberships}, Now: cfg.Now},
		store:  cfg.Store, teams: cfg.Teams, rules: cfg.Rules, tenantID: cfg.TenantID,
		readyCheck: cfg.Ready, now: cfg.Now, log: cfg.Log,
		seen: turn.NewDedupe(turn.SeenFor, cfg.Now), opens: turn.NewDedupe(refreshInterval, cfg.Now),
	}
	b.help = help{guide.Site{PublicURL: cfg.PublicURL, Say: pageText, Log: cfg.Log}, cfg.Rules}
	b.attempts = cfg.Recovery.Tidy
	b.inquiries = &access.Inquiries{Store: cfg.Store, Access: b.access}
	b.rooms = newRooms(cfg, b.access, b.inquiries)
	err := b.join(
		b.routes(), b.forms.Routes(), b.requests.Routes(), b.approvals.Routes(), b.lines.Routes(),
		b.passwords.Routes(), b.preferences.Routes(), b.privacy.Routes(), b.administration.Routes(), b.letters.Routes(),
		b.charts.Routes(), b.reports.Routes(),
	)
	return b, errors.Join(err, b.questions.Err())
}

// sendersEach is how many jobs of a kind send concurrently: Teams may take seconds for each, and
// people who ask for a form in the same minute should not wait for one another.
const sendersEach = 32

// lettersAtOnce is how many letters are printed at once: one of 3,000 accounts takes a core and some
// 60 MB for seconds.
const lettersAtOnce = 1

// Handlers returns the handlers of the bot's jobs.
func (b *Bot) Handlers() map[job.Kind]job.Handler {
	handler := func(workers int, do func(context.Context, job.Job) error) job.Handler {
		return job.Handler{Do: do, Workers: workers, Timeout: time.Minute}
	}
	return map[job.Kind]job.Handler{
		provisioning.JobCards:   handler(sendersEach, b.refresh),
		provisioning.JobNotices: handler(sendersEach, b.notices.Deliver),
		provisioning.JobLetter:  handler(lettersAtOnce, b.letters.Issue),
		post.JobDraft:           handler(sendersEach, b.forms.Show),
		post.JobAccount:         handler(4, b.passwords.ShowAccount),
		post.JobHandover:        handler(4, b.passwords.ShowList),
	}
}

// refresh updates every card of a request: the requester's, one per stage and round, one per
// line in attention. It goes on after a failure.
func (b *Bot) refresh(ctx context.Context, j job.Job) error {
	d, err := b.view.Request(ctx, provisioning.Folio(j.Key))
	if err != nil {
		return job.Permanent(err)
	}
	own := make(chan error, 1) // concurrently: neither waits for the other's conversation
	go func() { own <- job.Safely(func() error { return b.requests.Refresh(ctx, d) }) }()
	return errors.Join(b.approvals.Refresh(ctx, d), b.lines.Refresh(ctx, d), b.approvals.ReplyOutcome(ctx, d), b.letters.Refresh(ctx, d.Request.Folio), <-own)
}

// Close waits up to three seconds for the replies being sent, cancels the rest, and waits for
// the passwords being set.
func (b *Bot) Close() {
	b.turns.Finish()
	b.passwords.Close()
}

// LatestDue returns how far ahead the bot's own jobs may be due. An account's card is closed
// when its password can no longer be shown.
func (b *Bot) LatestDue() map[job.Kind]job.Latest {
	within := b.rules.Limits.RevealWithin
	return map[job.Kind]job.Latest{
		post.JobDraft: {After: time.Hour}, post.JobHandover: {After: time.Hour}, post.JobAccount: {After: within + time.Hour, Then: within},
	}
}

// Tidy drops expired records: the inputs of forms that were not submitted, later the forms
// themselves, counted inquiries and wrong identifications, and unanswered questions.
func (b *Bot) Tidy(ctx context.Context) error {
	return errors.Join(
		b.forms.Tidy(ctx),
		b.inquiries.Tidy(ctx),
		b.questions.Tidy(ctx),
		b.letters.Letters.Tidy(ctx),
		b.tab.Tidy(ctx),
		b.attempts(ctx),
	)
}
