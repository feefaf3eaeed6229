package bot

import (
	"errors"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/gin-gonic/gin"

	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/bot/guide"
	"seducoahuila.gob.mx/altas/bot/tab"
	"seducoahuila.gob.mx/altas/provisioning/letter"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// Handler serves POST /api/messages for Teams, GET /healthz (200 while the process runs), GET
// /readyz (Config.Ready), GET /guia and the pages below it (bot/guide), the flow charts of Charts.Paths, and
// the pages of letters below /oficio/, and the tab below tab.Path.
func (b *Bot) Handler() http.Handler {
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	_ = engine.SetTrustedProxies([]string{"127.0.0.1", "::1"}) // written here: they parse
	engine.Use(gin.CustomRecoveryWithWriter(nil, b.recovered))
	engine.POST("/api/messages", b.messages)
	engine.GET("/healthz", func(c *gin.Context) { c.String(http.StatusOK, "ok\n") })
	engine.GET("/readyz", b.ready)
	engine.GET(guide.Path, gin.WrapH(b.help.pages))
	engine.GET(guide.Path+"/:page", gin.WrapH(b.help.pages))
	engine.GET(letter.VerifyPath+":code", gin.WrapF(b.letters.Verify))
	engine.GET(letter.FilePath+"/:token", gin.WrapF(b.letters.Open))
	engine.POST(letter.FilePath, gin.WrapF(b.letters.Give))
	panel := gin.WrapH(b.tab.Handler())
	engine.GET(tab.Path, panel)
	engine.GET(tab.Path+"/*page", panel)
	engine.POST(tab.Path+"/*page", panel)
	for _, path := range b.charts.Paths() {
		engine.GET(path, gin.WrapH(b.charts))
	}
	return engine
}

// messages verifies and handles one activity: 200 with the response to the click, or the status
// of the connector's or admit's refusal.
func (b *Bot) messages(c *gin.Context) {
	started := b.now()
	a, err := b.teams.Receive(c.Request.Context(), c.Request)
	if err == nil {
		err = b.admit(a)
	}
	if refusal, ok := errors.AsType[*connector.Refusal](err); ok {
		b.refusals.Warn(c, b.now(), b.log, "activity refused", "status", refusal.Status, "reason", refusal.Reason, "from", c.ClientIP())
		refuse(c, refusal.Status)
		return
	}
	answer, err := b.handle(c.Request.Context(), a)
	if err != nil {
		ref := problem.NewReference()
		b.log.ErrorContext(c, "activity failed", "ref", ref, "type", a.Type, "name", a.Name, "activity", a.ID, "err", err)
		c.Status(http.StatusInternalServerError) // Teams repeats it
		return
	}
	b.log.DebugContext(c, "activity handled", "type", a.Type, "name", a.Name, "took", b.now().Sub(started).Round(time.Microsecond))
	if answer == nil {
		c.Status(http.StatusOK)
		return
	}
	c.JSON(http.StatusOK, answer)
}

// refusedReadTimeout is how long the rest of a refused request is read, so that the sender can
// read the response.
const refusedReadTimeout = 300 * time.Millisecond

// refuse answers a refused request and closes its connection without waiting for its body, which
// an unauthenticated sender may send slowly.
func refuse(c *gin.Context, status int) {
	_ = http.NewResponseController(c.Writer).SetReadDeadline(time.Now().Add(refusedReadTimeout)) // not supported by a test's recorder
	c.Header("Connection", "close")
	if status == http.StatusServiceUnavailable {
		c.Header("Retry-After", "1")
	}
	c.Status(status)
}

func (b *Bot) ready(c *gin.Context) {
	if b.readyCheck != nil {
		if err := b.readyCheck(c.Request.Context()); err != nil {
			b.log.WarnContext(c, "not ready", "err", err)
			c.String(http.StatusServiceUnavailable, "not ready: %v\n", err)
			return
		}
	}
	c.String(http.StatusOK, "ready\n")
}

func (b *Bot) recovered(c *gin.Context, cause any) {
	b.log.ErrorContext(c, "panic while handling an activity", "ref", problem.NewReference(), "cause", cause, "stack", string(debug.Stack()))
	c.AbortWithStatus(http.StatusInternalServerError)
}
