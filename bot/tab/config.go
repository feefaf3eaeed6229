package tab

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"seducoahuila.gob.mx/altas/bot/post"
	"seducoahuila.gob.mx/altas/bot/recipient"
	"seducoahuila.gob.mx/altas/bot/signin"
	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/bot/view"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/access"
)

// SignIn tells whose token a tab brings; signin.Entra implements it.
type SignIn interface {
	VerifyTab(ctx context.Context, accessToken string) (signin.TabToken, error)
}

// Config holds the dependencies of Tab.
type Config struct {
	Store      provisioning.Store
	Access     *access.Policy
	Inquiries  *access.Inquiries
	View       *view.Reader
	Posts      *post.Keeper
	Recipients *recipient.Registry
	SignIn     SignIn
	BotID      string // the bot's application id
	Locale     string
	Location   *time.Location
	Now        func() time.Time
	Log        *slog.Logger
}

// Tab serves the personal tab. It is safe for concurrent use.
type Tab struct {
	Config
	crossOrigin *http.CrossOriginProtection
	refusals    turn.LogLimit
}

// New returns a Tab.
func New(cfg Config) *Tab {
	return &Tab{Config: cfg, crossOrigin: http.NewCrossOriginProtection()}
}
