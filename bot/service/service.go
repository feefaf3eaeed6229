package service

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"sync"
	"time"

	"seducoahuila.gob.mx/altas/bot"
	"seducoahuila.gob.mx/altas/bot/catalogue"
	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/bot/signin"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/access"
	"seducoahuila.gob.mx/altas/provisioning/creation"
	"seducoahuila.gob.mx/altas/provisioning/graph"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/letter"
	"seducoahuila.gob.mx/altas/provisioning/privacy"
	"seducoahuila.gob.mx/altas/provisioning/recovery"
	"seducoahuila.gob.mx/altas/store"
	"seducoahuila.gob.mx/altas/store/receipts"
)

// Service is Altas, opened but not yet running. Close it when done.
type Service struct {
	cfg          Config
	log          *slog.Logger
	store        *store.DB
	records      provisioning.Store // store, decorated by Config.decorate
	receipts     *receipts.DB
	graph        *graph.Client
	bot          *bot.Bot
	executor     *provisioning.Executor
	creation     *creation.Creation
	letters      *letter.Letters
	reminder     *provisioning.Reminder
	digest       *provisioning.Digest
	folios       *provisioning.Folios
	runner       *job.Runner
	tenantFaults tenantFaults
}

// Timeouts and intervals. At a stop, drainTimeout and jobGrace run at the same time; then Close
// waits for the last replies (3 s) and batches (2 s). Together they stay below the 10 s that
// service managers wait before they kill a process.
const (
	drainTimeout      = 4 * time.Second // for HTTP requests in progress
	jobGrace          = 4 * time.Second // for jobs in progress
	licencesCachedFor = 3 * time.Minute
	watchEvery        = 10 * time.Minute
	tidyEvery         = 24 * time.Hour

	releasePagesEvery = 20 * time.Second
)

// Open opens the store and prepares every adapter. It makes no network request: an unavailable
// database or tenant makes the jobs that need it fail and retry.
func Open(cfg Config, log *slog.Logger) (_ *Service, err error) {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	s := &Service{cfg: cfg, log: log}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close())
		}
	}()
	if s.store, err = store.Open(cfg.StorePath, store.Options{}); err != nil {
		return nil, err
	}
	s.records = cfg.decorated(s.store)
	if s.receipts, err = receipts.Open(cfg.receipts()); err != nil {
		return nil, fmt.Errorf("RECEIPTS_DSN: %w", err)
	}
	directory := cfg.Graph
	directory.Log, directory.Throttle = log, throttleState[time.Time]{s.records, "graph"}
	if s.graph, err = graph.New(directory); err != nil {
		return nil, err
	}
	messaging := cfg.Bot
	messaging.Log, messaging.Urgent, messaging.Throttle = log, job.IsUrgent, throttleState[map[string]time.Time]{s.records, "teams"}
	teams, err := connector.New(messaging)
	if err != nil {
		return nil, err
	}
	return s, s.assemble(teams)
}

// assemble creates the parts of the service from the opened adapters.
func (s *Service) assemble(teams *connector.Connector) error {
	rules := s.cfg.Rules.domain(s.cfg.Location)
	now := s.cfg.Now
	centres := catalogue.New(s.records, s.log)
	s.executor = &provisioning.Executor{Store: s.records, Receipts: s.receipts, Now: now, Log: s.log}
	s.creation = &creation.Creation{Config: creation.Config{
		Executor: s.executor, Store: s.records, Directory: s.graph, Centres: centres, Rules: rules, Now: now, Log: s.log,
		Stock: creation.NewLicenceCache(s.graph, licencesCachedFor, now),
	}}
	passwords := &provisioning.TemporaryPasswords{Store: s.records, Credentials: s.graph, Rules: rules, Now: now}
	recoveries := &recovery.Recovery{Config: recovery.Config{
		Executor: s.executor, Store: s.records, Directory: s.graph, Passwords: passwords, Rules: rules,
		Offices:  &access.Policy{Rules: rules, Memberships: s.graph, Now: now},
		Settings: s.cfg.Rules.Recovery.domain(), Now: now, Log: s.log,
	}}
	s.executor.Kinds = provisioning.Kinds{provisioning.Create: s.creation, recovery.Kind: recoveries}
	s.folios = s.newFolios(rules)
	s.reminder = &provisioning.Reminder{Store: s.records, Rules: rules, Now: now}
	s.digest = &provisioning.Digest{Store: s.records, Rules: rules, Now: now}
	var err error
	if s.letters, err = s.newLetters(centres); err != nil {
		return err
	}
	entra, err := signin.New(signin.Config{
		Authority: s.cfg.Bot.AuthorityURL, TenantID: s.cfg.Bot.TenantID, ClientID: s.cfg.Bot.AppID, HTTPClient: s.cfg.Bot.HTTPClient, Now: now,
	})
	if err != nil {
		return err
	}
	s.bot, err = bot.New(bot.Config{
		Teams: teams, Store: s.records, Rules: rules, Creation: s.creation, Recovery: recoveries, Letters: s.letters, SignIn: entra, BotID: s.cfg.Bot.AppID,
		Privacy:            &privacy.Register{Store: s.records, Notice: s.cfg.Rules.Privacy.domain(), Now: now},
		Workflow:           &provisioning.Workflow{Rules: rules, Kinds: s.executor.Kinds, Now: now},
		TemporaryPasswords: passwords,
		Memberships:        s.graph, Custody: s.graph, Catalogue: centres,
		TenantID: s.cfg.Bot.TenantID, ServiceURL: s.cfg.Rules.TeamsServiceURL, Channels: s.cfg.Rules.channels(),
		HTTPClient: s.cfg.Bot.HTTPClient, FileHosts: s.cfg.FileHosts,
		Buttons: s.cfg.Rules.Buttons, Contact: s.cfg.Rules.Contact.domain(), PublicURL: s.cfg.PublicURL, Locale: s.cfg.Locale, Location: s.cfg.Location, Now: now, Log: s.log, Ready: s.ready,
	})
	if err != nil {
		return err
	}
	s.runner = &job.Runner{Queue: s.store, Handlers: s.handlers(), Now: now, Log: s.log, Grace: jobGrace}
	return nil
}

// lineWorkers is how many lines are processed at once: enough to fill several Graph batches
// while others wait for an answer.
const lineWorkers = 240

// urgentWorkers is how many more are reserved for people's own requests: all lineWorkers may be
// waiting for Graph with the lines of a list.
const urgentWorkers = 20

func (s *Service) handlers() map[job.Kind]job.Handler {
	all := s.bot.Handlers()
	all[provisioning.JobStart] = job.Handler{Do: s.executor.Start, Workers: 4, Timeout: 2 * time.Minute}
	all[provisioning.JobLine] = job.Handler{Do: s.executor.Line, Workers: lineWorkers, Urgent: urgentWorkers, Timeout: 2 * time.Minute}
	all[provisioning.JobReceipt] = job.Handler{Do: s.executor.Receipt, Workers: 1, Timeout: time.Minute} // in order
	all[provisioning.JobSeats] = job.Handler{Do: s.creation.Seats, Workers: 1, Timeout: 2 * time.Minute}
	all[provisioning.JobRemind] = job.Handler{Do: s.reminder.Remind, Workers: 1, Timeout: time.Minute}
	return all
}

// pages serves the bot's pages and /metrics.
func (s *Service) pages() http.Handler {
	all := http.NewServeMux()
	all.Handle("/", s.bot.Handler())
	all.Handle("GET /metrics", s.metrics())
	return all
}

// ready returns an error if the store cannot be read or if nobody could act for a part of the rules.
func (s *Service) ready(ctx context.Context) error {
	return errors.Join(s.store.View(ctx, func(provisioning.Tx) error { return nil }), s.tenantFaults.err())
}

// Serve serves on the listener and runs the jobs until ctx ends. Then HTTP requests in progress
// are answered, jobs in progress get a few seconds, and the other jobs stay in the store's
// queue.
func (s *Service) Serve(ctx context.Context, listener net.Listener) (err error) {
	server, limited := s.server(), newLimitListener(listener, maxUnauthenticated)
	limited.install(server)
	s.log.InfoContext(ctx, "altas serves", "version", Version(), "listen", listener.Addr().String(),
		"store", s.cfg.StorePath, "receipts", s.receipts.String(), "graph", s.cfg.Graph.URL)
	s.warn(ctx, s.cfg.Warnings())
	s.checkKeys(ctx)
	erased, err := erasedFile{erasedPath(s.cfg.StorePath)}.read() // before tidy makes it
	if err != nil {
		return err
	}
	advanced := s.advanceFolios(ctx, foliosTimeout)
	working, stopWorking := context.WithCancel(ctx)
	defer stopWorking()
	var parts sync.WaitGroup
	s.bringForward(working)
	parts.Go(func() { s.runner.Run(working) })
	parts.Go(func() { s.watch(working) })
	parts.Go(func() { s.compare(working) })
	if !advanced {
		parts.Go(func() { s.retryAdvanceFolios(working) })
	}
	parts.Go(func() { s.releasePages(working) })
	parts.Go(func() { s.tidy(working) })
	parts.Go(func() { s.checkErased(working, erased) })
	served := make(chan error, 1)
	go func() { served <- server.Serve(limited) }()
	select {
	case err = <-served:
		err = fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
		s.log.Info("altas stopping")
		err = shutdown(server, limited)
	}
	stopWorking()
	parts.Wait()
	return err
}

// server returns the HTTP server, with limits on time and on the size of headers; a genuine
// token has 2 KB.
func (s *Service) server() *http.Server {
	return &http.Server{
		Handler: s.pages(), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second,
		WriteTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 8 << 10,
		ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
	}
}

// shutdown waits for the HTTP requests in progress. Connections that are still unauthenticated
// after a quarter of the time are closed.
func shutdown(server *http.Server, limited *limitListener) error {
	ctx, cancel := context.WithTimeout(context.Background(), drainTimeout)
	defer cancel()
	defer time.AfterFunc(drainTimeout/4, limited.closeAll).Stop()
	if err := server.Shutdown(ctx); err != nil {
		return errors.Join(server.Close(), fmt.Errorf("drain: %w", err))
	}
	return nil
}

// watch enqueues all open requests once, because the rules may have changed since the last
// start, and then checks the licence stock, the receipts queue and the audit's head every watchEvery.
func (s *Service) watch(ctx context.Context) {
	if err := s.executor.Wake(ctx); err != nil && ctx.Err() == nil {
		s.log.ErrorContext(ctx, "open requests not resumed", "err", err)
	}
	s.connectReceipts(ctx)
	ticker := time.NewTicker(watchEvery)
	defer ticker.Stop()
	for {
		s.postAuditHead(ctx)
		if err := s.digest.Post(ctx); err != nil && ctx.Err() == nil {
			s.log.ErrorContext(ctx, "digest of the day not posted", "err", err)
		}
		if err := s.creation.WatchStock(ctx); err != nil && ctx.Err() == nil {
			s.log.WarnContext(ctx, "licence stock not read", "err", err)
		}
		s.watchReceipts(ctx)
		s.bringForward(ctx)
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// tidy deletes data that is no longer needed, and masks the CURPs whose term has ended, at start and once a
// day.
func (s *Service) tidy(ctx context.Context) {
	ticker := time.NewTicker(tidyEvery)
	defer ticker.Stop()
	for {
		err := s.bot.Tidy(ctx)
		switch {
		case err == nil:
			s.log.DebugContext(ctx, "tidied")
		case ctx.Err() == nil:
			s.log.ErrorContext(ctx, "data that is no longer needed not deleted", "err", err)
		}
		s.maskTerms(ctx)
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// bringForward makes jobs due earlier that were enqueued for too late a time while the clock was
// ahead. It runs at start and regularly, because the clock may be set back while the service runs.
func (s *Service) bringForward(ctx context.Context) {
	latest := provisioning.LatestDue()
	maps.Copy(latest, s.bot.LatestDue())
	moved, err := s.store.NoLater(ctx, s.cfg.Now(), latest)
	if err != nil && ctx.Err() == nil {
		s.log.ErrorContext(ctx, "jobs due too late not brought forward", "err", err)
	}
	if moved > 0 {
		s.log.WarnContext(ctx, "jobs were due later than they may be; was the clock ahead?", "jobs", moved)
	}
}

// releasePages regularly releases the store's mapped pages, which the operating system would
// otherwise count as the process's memory until it is short of memory.
func (s *Service) releasePages(ctx context.Context) {
	ticker := time.NewTicker(releasePagesEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			s.store.Forget()
		}
	}
}

// Close closes what Open opened.
func (s *Service) Close() error {
	var errs []error
	if s.bot != nil {
		s.bot.Close()
	}
	if s.graph != nil {
		errs = append(errs, s.graph.Close())
	}
	if s.receipts != nil {
		errs = append(errs, s.receipts.Close())
	}
	if s.store != nil {
		errs = append(errs, s.store.Close())
	}
	return errors.Join(errs...)
}

// Run opens the service, runs it until ctx ends, and closes it. It returns a *receipts.MapError
// if the configuration does not fit the receipts table.
func Run(ctx context.Context, cfg Config, log *slog.Logger) error {
	s, err := Open(cfg, log)
	if err != nil {
		return err
	}
	if err := s.checkTable(ctx); err != nil {
		return errors.Join(err, s.Close())
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", cfg.Listen)
	if err != nil {
		return errors.Join(fmt.Errorf("ALTAS_LISTEN: %w", err), s.Close())
	}
	err = errors.Join(s.Serve(ctx, listener), s.Close())
	log.Info("altas stopped")
	return err
}
