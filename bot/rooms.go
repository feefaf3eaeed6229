package bot

import (
	"maps"
	"slices"

	"seducoahuila.gob.mx/altas/bot/admin"
	"seducoahuila.gob.mx/altas/bot/approval"
	"seducoahuila.gob.mx/altas/bot/attention"
	"seducoahuila.gob.mx/altas/bot/confirm"
	"seducoahuila.gob.mx/altas/bot/file"
	"seducoahuila.gob.mx/altas/bot/flowchart"
	"seducoahuila.gob.mx/altas/bot/form"
	"seducoahuila.gob.mx/altas/bot/guide"
	"seducoahuila.gob.mx/altas/bot/letter"
	"seducoahuila.gob.mx/altas/bot/notify"
	"seducoahuila.gob.mx/altas/bot/password"
	"seducoahuila.gob.mx/altas/bot/post"
	"seducoahuila.gob.mx/altas/bot/preference"
	"seducoahuila.gob.mx/altas/bot/privacy"
	"seducoahuila.gob.mx/altas/bot/recipient"
	"seducoahuila.gob.mx/altas/bot/report"
	"seducoahuila.gob.mx/altas/bot/sentence"
	"seducoahuila.gob.mx/altas/bot/status"
	"seducoahuila.gob.mx/altas/bot/tab"
	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/bot/view"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/access"
	figures "seducoahuila.gob.mx/altas/provisioning/report"
)

// rooms are the packages that the bot consists of. Each gets only the dependencies that it
// needs: only passwords can set a password.
type rooms struct {
	recipients *recipient.Registry
	view       *view.Reader
	posts      *post.Keeper
	turns      *turn.Responder
	questions  *confirm.Questions
	files      *file.Files

	forms          *form.Forms
	requests       *status.Requests
	approvals      *approval.Approvals
	lines          *attention.Lines
	passwords      *password.Passwords
	preferences    *preference.Preferences
	privacy        *privacy.Notices
	administration *admin.Commands
	reports        *report.Reports
	notices        *notify.Notifier
	letters        *letter.Letters
	charts         *flowchart.Charts
	sentences      *sentence.Sentences
	tab            *tab.Tab
}

// SignIn tells whose browser opens a letter by its link, or the tab.
type SignIn interface {
	letter.SignIn
	tab.SignIn
}

// What a room gets is narrowed to one interface: no type assertion leads from it to what sets a
// password.
type (
	membershipOnly struct{ provisioning.Membership }
	custodyOnly    struct{ provisioning.Custody }
	remainingOnly  struct{ view.Allowance }
	previewOnly    struct{ form.Previewer }
	checkOnly      struct{ attention.Checker }
	finderOnly     struct{ form.Finder }
)

// newRooms creates the rooms.
func newRooms(cfg Config, access *access.Policy, inquiries *access.Inquiries) rooms {
	r := newBase(cfg, access)
	forms := form.Config{
		Store: cfg.Store, Access: access, Inquiries: inquiries, Workflow: cfg.Workflow, Preview: previewOnly{cfg.Creation}, Catalogue: cfg.Catalogue, Rules: cfg.Rules,
		View: r.view, Posts: r.posts, Turns: r.turns, Privacy: cfg.Privacy, Recipients: r.recipients,
		Locale: cfg.Locale, Location: cfg.Location, Now: cfg.Now, Log: cfg.Log,
	}
	r.forms = form.New(forms, form.Recoveries(forms, finderOnly{cfg.Recovery}))
	r.privacy = &privacy.Notices{Config: privacy.Config{Store: cfg.Store, Register: cfg.Privacy, Open: r.forms.Open}}
	r.requests = &status.Requests{Config: status.Config{
		Store: cfg.Store, Access: access, Inquiries: inquiries, Workflow: cfg.Workflow, Rules: cfg.Rules, View: r.view, Posts: r.posts, Recipients: r.recipients,
		Location: cfg.Location, Now: cfg.Now,
	}}
	r.approvals = approval.New(approval.Config{
		Store: cfg.Store, Access: access, Workflow: cfg.Workflow, Rules: cfg.Rules,
		View: r.view, Posts: r.posts, Recipients: r.recipients, Questions: r.questions, Private: r.requests.Waiting, Location: cfg.Location, Now: cfg.Now,
	})
	r.lines = attention.New(attention.Config{
		Store: cfg.Store, Access: access, Workflow: cfg.Workflow, Check: checkOnly{cfg.Creation}, Custody: custodyOnly{cfg.Custody}, Rules: cfg.Rules,
		View: r.view, Posts: r.posts, Recipients: r.recipients, Questions: r.questions, Waiting: r.approvals.Waiting, Now: cfg.Now, Log: cfg.Log,
	})
	r.passwords = password.New(password.Config{
		Store: cfg.Store, Revealer: cfg.TemporaryPasswords, View: r.view, Posts: r.posts, Recipients: r.recipients, Now: cfg.Now, Log: cfg.Log,
	})
	r.preferences = &preference.Preferences{Config: preference.Config{
		Store: cfg.Store, Recipients: r.recipients, Forms: r.forms.Redraw, Buttons: cfg.Buttons, Now: cfg.Now,
	}}
	r.administration = &admin.Commands{Config: admin.Config{
		Store: cfg.Store, Access: access, Rules: cfg.Rules, Teams: cfg.Teams, Recipients: r.recipients,
		TenantID: cfg.TenantID, Location: cfg.Location, Now: cfg.Now, Log: cfg.Log,
	}}
	r.reports = newReports(cfg, access)
	r.notices = &notify.Notifier{Config: notify.Config{
		Store: cfg.Store, Access: access, Rules: cfg.Rules, View: r.view, Posts: r.posts, Recipients: r.recipients, Now: cfg.Now, Log: cfg.Log,
	}}
	r.letters = letter.New(letter.Config{
		Store: cfg.Store, Access: access, Letters: cfg.Letters, View: r.view, Posts: r.posts, Recipients: r.recipients, Turns: r.turns, Files: r.files,
		Questions: r.questions, SignIn: cfg.SignIn, PublicURL: cfg.PublicURL, Now: cfg.Now, Location: cfg.Location, Log: cfg.Log,
	})
	r.files.Register(letter.FileSource, r.letters)
	r.sentences = sentence.New(sentence.Config{Store: cfg.Store, Rules: cfg.Rules, Guide: guide.Site{PublicURL: cfg.PublicURL}.URL(guide.Filling, ""), Now: cfg.Now})
	r.charts = flowchart.New(flowchart.Flows(cfg.Rules, cfg.Recovery.Settings), cfg.PublicURL)
	r.tab = tab.New(tab.Config{
		Store: cfg.Store, Access: access, Inquiries: inquiries, View: r.view, Posts: r.posts, Recipients: r.recipients, SignIn: cfg.SignIn,
		BotID: cfg.BotID, Locale: cfg.Locale, Location: cfg.Location, Now: cfg.Now, Log: cfg.Log,
	})
	return r
}

// newReports creates the reports, with every kind of request there is.
func newReports(cfg Config, access *access.Policy) *report.Reports {
	return &report.Reports{Config: report.Config{
		Access: access, Location: cfg.Location, Now: cfg.Now,
		Reporter: &figures.Reporter{
			Store: cfg.Store, Rules: cfg.Rules, Kinds: slices.Sorted(maps.Keys(cfg.Workflow.Kinds)),
			Stock: cfg.Creation.Stock, Now: cfg.Now, Log: cfg.Log,
		},
	}}
}

// newBase creates what the other rooms use.
func newBase(cfg Config, access *access.Policy) (r rooms) {
	r.recipients = &recipient.Registry{Config: recipient.Config{
		Store: cfg.Store, Access: access, Rules: cfg.Rules, Channels: cfg.Channels, ServiceURL: cfg.ServiceURL,
		Locale: cfg.Locale, Buttons: cfg.Buttons, Contact: cfg.Contact, Location: cfg.Location, Now: cfg.Now, Log: cfg.Log,
	}}
	r.view = &view.Reader{Config: view.Config{
		Store: cfg.Store, Rules: cfg.Rules, Allowance: remainingOnly{cfg.TemporaryPasswords}, Stock: cfg.Creation.Stock, Letters: cfg.Letters.Settings, Pages: cfg.PublicURL != "", Now: cfg.Now, Log: cfg.Log,
	}}
	r.posts = &post.Keeper{Config: post.Config{
		Store: cfg.Store, Teams: cfg.Teams, Recipients: r.recipients, TenantID: cfg.TenantID, Now: cfg.Now, Log: cfg.Log,
	}}
	r.turns = turn.NewResponder(turn.Config{
		Store: cfg.Store, Teams: cfg.Teams, Recipients: r.recipients, Posts: r.posts,
		TenantID: cfg.TenantID, Locale: cfg.Locale, Buttons: cfg.Buttons, Now: cfg.Now, Log: cfg.Log,
	})
	r.questions = &confirm.Questions{Config: confirm.Config{Store: cfg.Store, Posts: r.posts, Now: cfg.Now}}
	r.files = file.New(file.Config{
		Teams: cfg.Teams, Turns: r.turns, HTTPClient: cfg.HTTPClient, Hosts: cfg.FileHosts, Now: cfg.Now, Log: cfg.Log,
	})
	return r
}
