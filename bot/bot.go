package bot

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"seducoahuila.gob.mx/altas/bot/admin"
	"seducoahuila.gob.mx/altas/bot/approval"
	"seducoahuila.gob.mx/altas/bot/attention"
	"seducoahuila.gob.mx/altas/bot/catalogue"
	"seducoahuila.gob.mx/altas/bot/confirm"
	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/bot/form"
	"seducoahuila.gob.mx/altas/bot/notify"
	"seducoahuila.gob.mx/altas/bot/password"
	"seducoahuila.gob.mx/altas/bot/post"
	"seducoahuila.gob.mx/altas/bot/preference"
	"seducoahuila.gob.mx/altas/bot/recipient"
	"seducoahuila.gob.mx/altas/bot/status"
	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/bot/view"
	"seducoahuila.gob.mx/altas/bot/words"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
)

// Config is what the Bot works with. All of it is required but Channels, whose
// stages may be registered from Teams, ServiceURL, PublicURL, Locale, Buttons and Ready.
type Config struct {
	Teams       *connector.Connector
	Store       provisioning.Store
	Desk        *provisioning.Desk
	Handovers   *provisioning.Handovers
	Provisioner *provisioning.Provisioner
	Memberships provisioning.Membership
	Custody     provisioning.Custody
	Catalogue   *catalogue.Catalogue
	Rules       *provisioning.Rules
	TenantID    string
	ServiceURL  string // of Teams, until an activity tells a better one
	Channels    map[provisioning.StageName]recipient.Channel
	PublicURL   string // https://host of its own pages, as people reach them; "" for none
	Locale      string
	Buttons     cards.Buttons // of channels, and of who chose none; Action.Execute where ""
	Location    *time.Location
	Now         func() time.Time
	Log         *slog.Logger
	Ready       func(context.Context) error // what /readyz asks
}

// Bot talks with people. It is safe for concurrent use.
type Bot struct {
	Config
	Access         *provisioning.Access
	inquiries      *provisioning.Inquiries
	recipients     *recipient.Registry
	view           *view.Reader
	posts          *post.Keeper
	turns          *turn.Responder
	passwords      *password.Passwords
	notices        *notify.Notifier
	preferences    *preference.Preferences
	administration *admin.Commands
	lines          *attention.Lines
	approvals      *approval.Approvals
	forms          *form.Forms
	requests       *status.Requests
	verbs          turn.Routes
	lexicon        words.Lexicon
	commandsByName map[string]turn.Command
	questions      *confirm.Questions
	seen           *turn.Dedupe
	opens          *turn.Dedupe // of cards that somebody opened
	handling       post.KeyLock // by activity
	refusals       turn.LogLimit
}

// New returns a Bot, or every fault of the configuration at once.
func New(cfg Config) (*Bot, error) {
	var faults []error
	require := func(ok bool, what string) {
		if !ok {
			faults = append(faults, errors.New("bot: "+what+" required"))
		}
	}
	require(cfg.Teams != nil, "connector")
	require(cfg.Store != nil, "store")
	require(cfg.Desk != nil && cfg.Handovers != nil && cfg.Provisioner != nil, "desk, handovers and provisioner")
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

// assemble puts the rooms together.
func assemble(cfg Config) (*Bot, error) {
	access := &provisioning.Access{Rules: cfg.Rules, Memberships: cfg.Memberships, Now: cfg.Now}
	recipients := &recipient.Registry{Config: recipient.Config{
		Store: cfg.Store, Access: access, Rules: cfg.Rules, Channels: cfg.Channels, ServiceURL: cfg.ServiceURL,
		Locale: cfg.Locale, Buttons: cfg.Buttons, Location: cfg.Location, Now: cfg.Now, Log: cfg.Log,
	}}
	reader := &view.Reader{Config: view.Config{
		Store: cfg.Store, Rules: cfg.Rules, Passwords: cfg.Handovers, Stock: cfg.Provisioner.Stock, Now: cfg.Now, Log: cfg.Log,
	}}
	posts := &post.Keeper{Config: post.Config{
		Store: cfg.Store, Teams: cfg.Teams, Recipients: recipients, TenantID: cfg.TenantID, Now: cfg.Now, Log: cfg.Log,
	}}
	turns := turn.NewResponder(turn.Config{
		Store: cfg.Store, Teams: cfg.Teams, Recipients: recipients, Posts: posts,
		TenantID: cfg.TenantID, Locale: cfg.Locale, Buttons: cfg.Buttons, Now: cfg.Now, Log: cfg.Log,
	})
	passwords := password.New(password.Config{
		Store: cfg.Store, Handovers: cfg.Handovers, View: reader, Posts: posts, Recipients: recipients, Now: cfg.Now,
	})
	questions := &confirm.Questions{Config: confirm.Config{Store: cfg.Store, Posts: posts, Now: cfg.Now}}
	inquiries := &provisioning.Inquiries{Store: cfg.Store, Access: access, Desk: cfg.Desk}
	requests := &status.Requests{Config: status.Config{
		Store: cfg.Store, Access: access, Inquiries: inquiries, Desk: cfg.Desk, View: reader, Posts: posts, Recipients: recipients,
		Location: cfg.Location, Now: cfg.Now,
	}}
	forms := &form.Forms{Config: form.Config{
		Store: cfg.Store, Access: access, Inquiries: inquiries, Desk: cfg.Desk, Preview: cfg.Provisioner, Catalogue: cfg.Catalogue, Rules: cfg.Rules,
		View: reader, Posts: posts, Turns: turns, Recipients: recipients, Locale: cfg.Locale, Location: cfg.Location, Now: cfg.Now, Log: cfg.Log,
	}}
	approvals := approval.New(approval.Config{
		Store: cfg.Store, Access: access, Desk: cfg.Desk, Rules: cfg.Rules, View: reader, Posts: posts, Recipients: recipients, Questions: questions,
		Location: cfg.Location, Now: cfg.Now,
	})
	lines := attention.New(attention.Config{
		Store: cfg.Store, Access: access, Desk: cfg.Desk, Check: cfg.Provisioner, Custody: cfg.Custody, Rules: cfg.Rules,
		View: reader, Posts: posts, Recipients: recipients, Questions: questions, Waiting: approvals.Waiting, Now: cfg.Now, Log: cfg.Log,
	})
	administration := &admin.Commands{Config: admin.Config{
		Store: cfg.Store, Access: access, Rules: cfg.Rules, Teams: cfg.Teams, Recipients: recipients,
		TenantID: cfg.TenantID, Location: cfg.Location, Now: cfg.Now, Log: cfg.Log,
	}}
	preferences := &preference.Preferences{Config: preference.Config{
		Store: cfg.Store, Recipients: recipients, Forms: forms.Redraw, Buttons: cfg.Buttons, Now: cfg.Now,
	}}
	notices := &notify.Notifier{Config: notify.Config{
		Store: cfg.Store, Access: access, Rules: cfg.Rules, View: reader, Posts: posts, Recipients: recipients, Now: cfg.Now, Log: cfg.Log,
	}}
	b := &Bot{
		Config: cfg, Access: access, inquiries: inquiries,
		recipients: recipients, view: reader, posts: posts, turns: turns, passwords: passwords, notices: notices, preferences: preferences, administration: administration, lines: lines, approvals: approvals, forms: forms, requests: requests, questions: questions,
		seen: turn.NewDedupe(turn.SeenFor, cfg.Now), opens: turn.NewDedupe(openedAgain, cfg.Now),
	}
	var err error
	b.verbs, err = join(b.routes(), b.forms.Routes(), b.requests.Routes(), b.approvals.Routes(), b.lines.Routes(), b.preferences.Routes(), b.administration.Routes(), b.passwords.Routes())
	return b, errors.Join(err, b.learnCommands(b.verbs.Commands))
}

// sendersEach is how many jobs of a kind send at once: Teams may take seconds for each,
// and people who ask for a form in the same minute need not wait for one another.
const sendersEach = 32

// Handlers returns the jobs that the bot does.
func (b *Bot) Handlers() map[job.Kind]job.Handler {
	handler := func(workers int, do func(context.Context, job.Job) error) job.Handler {
		return job.Handler{Do: do, Workers: workers, Timeout: time.Minute}
	}
	return map[job.Kind]job.Handler{
		provisioning.JobCards:   handler(sendersEach, b.showRequest),
		provisioning.JobNotices: handler(sendersEach, b.notices.Deliver),
		post.JobDraft:           handler(sendersEach, b.forms.Show),
		post.JobAccount:         handler(4, b.passwords.ShowAccount),
	}
}

// Close waits a moment for the replies that are being sent, and gives up the rest.
func (b *Bot) Close() {
	b.turns.Finish()
	b.passwords.Close()
}

// LatestDue returns how far ahead the bot's own jobs may be due. The card of an account
// is closed when its password may not be shown any more, and not before.
func (b *Bot) LatestDue() map[job.Kind]job.Latest {
	within := b.Rules.Limits.RevealWithin
	return map[job.Kind]job.Latest{
		post.JobDraft: {After: time.Hour}, post.JobAccount: {After: within + time.Hour, Then: within},
	}
}

// Tidy lets go of what has lost its reason: what was typed into a form that nobody
// sends, in time all that is kept of a form, and what was asked and not answered.
func (b *Bot) Tidy(ctx context.Context) error {
	return errors.Join(
		b.forms.Tidy(ctx),
		b.inquiries.Tidy(ctx),
		b.questions.Tidy(ctx),
	)
}
