package service

import (
	"context"
	"maps"
	"net"
	"net/http"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"seducoahuila.gob.mx/altas/provisioning/job"
)

// queue is a prometheus.Collector of the job queue's depth, by kind of job. It exports no
// personal data.
type queue struct {
	depth func(context.Context) (map[job.Kind]job.Depth, error)
	kinds []job.Kind // exported even if the queue has none
	now   func() time.Time

	owed, failing, oldest *prometheus.Desc
}

// metrics serves GET /metrics in Prometheus's text format, to local clients only.
func (s *Service) metrics() http.Handler {
	gauge := func(name, help string) *prometheus.Desc {
		return prometheus.NewDesc("altas_jobs_"+name, help, []string{"kind"}, nil)
	}
	registry := prometheus.NewRegistry()
	registry.MustRegister(
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		&queue{
			depth: s.store.Depth, kinds: slices.Sorted(maps.Keys(s.runner.Handlers)), now: s.cfg.Now,
			owed:    gauge("owed", "Jobs in the queue; of kind receipt: rows that the receipts database still lacks."),
			failing: gauge("failing", "Those of them that failed at least once."),
			oldest:  gauge("oldest_seconds", "For how long the oldest has been owed."),
		})
	return localOnly(promhttp.HandlerFor(registry, promhttp.HandlerOpts{ErrorHandling: promhttp.HTTPErrorOnError}))
}

// Describe implements prometheus.Collector.
func (q *queue) Describe(to chan<- *prometheus.Desc) {
	to <- q.owed
	to <- q.failing
	to <- q.oldest
}

// depthTimeout is the timeout of reading the queue's depth.
const depthTimeout = 5 * time.Second

// Collect implements prometheus.Collector.
func (q *queue) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), depthTimeout)
	defer cancel()
	depths, err := q.depth(ctx)
	if err != nil {
		to <- prometheus.NewInvalidMetric(q.owed, err)
		return
	}
	for _, kind := range q.kinds {
		d, age := depths[kind], time.Duration(0)
		if !d.Oldest.IsZero() {
			age = max(0, q.now().Sub(d.Oldest))
		}
		for desc, v := range map[*prometheus.Desc]float64{q.owed: float64(d.Jobs), q.failing: float64(d.Failing), q.oldest: age.Seconds()} {
			to <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, v, string(kind))
		}
	}
}

// forwardingHeaders are the headers with which proxies describe the original request.
var forwardingHeaders = []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Original-For", "X-Original-Host", "X-Real-Ip", "Via"}

// localOnly answers 404 unless client address and Host are loopback and the request was not
// forwarded by a proxy, whose client is elsewhere. nginx by default sends neither the original
// Host nor forwarding headers, but speaks HTTP/1.0.
func localOnly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		proxied := !r.ProtoAtLeast(1, 1) || slices.ContainsFunc(forwardingHeaders, func(name string) bool { return r.Header.Get(name) != "" })
		if proxied || !loopback(r.RemoteAddr) || !loopback(r.Host) {
			http.NotFound(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func loopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		host = address
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
