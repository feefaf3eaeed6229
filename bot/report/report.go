package report

import (
	"context"
	"time"

	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/bot/words"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning/access"
	"seducoahuila.gob.mx/altas/provisioning/report"
)

// Config holds the dependencies of Reports.
type Config struct {
	Access   *access.Policy
	Reporter *report.Reporter
	Location *time.Location
	Now      func() time.Time
}

// Reports are the figures that people ask for. It is safe for concurrent use.
type Reports struct{ Config }

// Routes returns the command. It is not offered to everybody: most people may not use it.
func (rs *Reports) Routes() turn.Routes {
	return turn.Routes{Commands: []turn.Command{{
		Name:     "report",
		Words:    []string{"reporte", "reportes", "informe", "report", "reports"},
		Personal: rs.asked, Channel: rs.asked,
	}}}
}

// Asked answers with the report of the present month, or says who may see it.
func (rs *Reports) Asked(ctx context.Context, t turn.Context) (cards.Message, error) {
	return rs.asked(ctx, t, words.Asked{})
}

// asked answers with the report of the typed period.
func (rs *Reports) asked(ctx context.Context, t turn.Context, c words.Asked) (cards.Message, error) {
	if err := rs.Access.MayReport(t.By, t.Personal(), t.Stage); err != nil {
		return cards.Message{}, err
	}
	p, err := period(c.Rest, rs.Now().In(rs.Location))
	if err != nil {
		return cards.Message{}, err
	}
	f, err := rs.Reporter.Figures(ctx, p)
	return cards.Message{Card: t.Texts.Report(f)}, err
}
