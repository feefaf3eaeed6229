package teamsfake

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
)

type object = map[string]any

// answer is an HTTP response before it is written, so that a fault can discard it after the request
// had its effect.
type answer struct {
	status int
	header map[string]string
	body   any // none if nil
	raw    []byte
}

func ok(body any) answer { return answer{status: http.StatusOK, body: body} }

// Call is a request that the fake received.
type Call struct {
	Method string
	Path   string // decoded
	Status int
	Body   []byte
}

// Calls returns the requests to the Connector, oldest first.
func (f *Fake) Calls() []Call {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]Call(nil), f.calls...)
}

// ServeHTTP serves the signing keys, the token endpoint and the Connector.
func (f *Fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	segments := split(r.URL.EscapedPath())
	body, err := io.ReadAll(io.LimitReader(r.Body, maxUpload+1))
	if err != nil {
		return
	}
	r.Body = io.NopCloser(strings.NewReader(string(body)))
	f.withFaults(w, r, func() answer { return f.route(r, segments, body) })
}

func (f *Fake) route(r *http.Request, segments []string, body []byte) answer {
	path := "/" + strings.Join(segments, "/")
	switch {
	case path == "/v1/.well-known/openidconfiguration":
		return f.keys.serveMetadata(botFrameworkMetadata(r))
	case path == "/v1/.well-known/keys":
		return f.keys.serveKeys()
	case len(segments) == 4 && strings.HasSuffix(path, "/v2.0/.well-known/openid-configuration"):
		return f.serveDiscovery(r, segments[0])
	case len(segments) == 4 && strings.HasSuffix(path, "/oauth2/v2.0/token"):
		return f.serveToken(r, segments[0])
	case len(segments) == 4 && strings.HasSuffix(path, "/oauth2/v2.0/authorize"):
		return f.serveAuthorize(r, segments[0])
	case len(segments) == 4 && strings.HasSuffix(path, "/discovery/v2.0/keys"):
		return f.entraKeys.serveKeys()
	case len(segments) == 2 && segments[0] == "files":
		return f.serveFile(r, segments[1], body)
	}
	for i, s := range segments {
		if s == "v3" {
			return f.serveConnector(r, segments[i+1:], body)
		}
	}
	return answer{status: http.StatusNotFound}
}

// split decodes each path segment separately: an id may contain an escaped slash.
func split(escaped string) []string {
	var segments []string
	for s := range strings.SplitSeq(strings.Trim(escaped, "/"), "/") {
		plain, err := url.PathUnescape(s)
		if err != nil {
			plain = s
		}
		segments = append(segments, plain)
	}
	return segments
}

func (a answer) write(w http.ResponseWriter) {
	for name, value := range a.header {
		w.Header().Set(name, value)
	}
	if a.raw != nil {
		w.WriteHeader(a.status)
		_, _ = w.Write(a.raw) // fails if the client closed the connection
		return
	}
	if a.body == nil {
		w.WriteHeader(a.status)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(a.status)
	_ = json.NewEncoder(w).Encode(a.body) // fails if the client closed the connection
}
