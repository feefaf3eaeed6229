package graphfake

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// answer is the response to one Graph request, or to an item of a batch.
type answer struct {
	status int
	header map[string]string
	body   any // nil: no content
	reset  bool
	raw    string // a body that is not Graph's JSON
	kind   string // Content-Type of raw
}

// fault is one of Graph's errors, not yet rendered.
type fault struct {
	status        int
	code, message string
	details       []detail
	retryAfter    time.Duration
}

type detail struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Target  string `json:"target,omitempty"`
}

func badRequest(message string) *fault {
	return &fault{status: http.StatusBadRequest, code: "Request_BadRequest", message: message}
}

func invalidProperty(name, message string) *fault {
	f := badRequest("One or more property values specified are invalid.")
	f.details = []detail{{Code: "InvalidProperty", Message: message, Target: name}}
	return f
}

func invalidValue(path string) *fault {
	f := badRequest(fmt.Sprintf("Invalid value specified for property '%s' of resource 'User'.", path))
	f.details = []detail{{Code: "InvalidValue", Message: f.message, Target: path}}
	return f
}

func invalidLength(path string, limit int) *fault {
	f := badRequest(fmt.Sprintf("Property %s value exceeds maximum length of %d.", path, limit))
	f.details = []detail{{Code: "InvalidLength", Message: f.message, Target: path}}
	return f
}

func missingProperty(path string) *fault {
	f := badRequest(fmt.Sprintf("A value is required for property '%s' of resource 'User'.", path))
	f.details = []detail{{Code: "MissingProperty", Message: f.message, Target: path}}
	return f
}

func conflict(path string) *fault {
	f := badRequest(fmt.Sprintf("Another object with the same value for property %s already exists.", path))
	f.details = []detail{{Code: "ObjectConflict", Message: f.message, Target: path}}
	return f
}

func notFound(id string) *fault {
	return &fault{status: http.StatusNotFound, code: "Request_ResourceNotFound",
		message: fmt.Sprintf("Resource '%s' does not exist or one of its queried reference-property objects are not present.", id)}
}

func denied() *fault {
	return &fault{status: http.StatusForbidden, code: "Authorization_RequestDenied",
		message: "Insufficient privileges to complete the operation."}
}

func unsupported(message string) *fault {
	return &fault{status: http.StatusBadRequest, code: "Request_UnsupportedQuery", message: message}
}

func ok(body any) answer      { return answer{status: http.StatusOK, body: body} }
func created(body any) answer { return answer{status: http.StatusCreated, body: body} }
func noContent() answer       { return answer{status: http.StatusNoContent} }

// refuse renders a fault as Graph's error body.
func (t *Tenant) refuse(c *call, f *fault) answer {
	problem := map[string]any{
		"code": f.code, "message": f.message,
		"innerError": map[string]any{
			"date":       c.now.UTC().Format("2006-01-02T15:04:05"),
			"request-id": c.requestID, "client-request-id": c.clientRequestID,
		},
	}
	if len(f.details) > 0 {
		problem["details"] = f.details
	}
	a := answer{status: f.status, body: map[string]any{"error": problem}}
	if f.retryAfter > 0 {
		seconds := int((f.retryAfter + time.Second - 1) / time.Second)
		a.header = map[string]string{"Retry-After": strconv.Itoa(seconds)}
	}
	return a
}

// write sends an answer as an HTTP response.
func (t *Tenant) write(w http.ResponseWriter, c *call, a answer) {
	header := w.Header()
	for name, value := range a.header {
		header.Set(name, value)
	}
	header.Set("Date", t.config.Now().UTC().Format(http.TimeFormat)) // the clock of the users' timestamps
	header.Set("request-id", c.requestID)
	if c.clientRequestID != "" {
		header.Set("client-request-id", c.clientRequestID)
	}
	switch {
	case a.reset:
		// Closes the connection without a response.
		panic(http.ErrAbortHandler) //nolint:forbidigo // as net/http documents
	case a.kind != "":
		header.Set("Content-Type", a.kind)
		w.WriteHeader(a.status)
		_, _ = w.Write([]byte(a.raw))
	case a.body == nil:
		w.WriteHeader(a.status)
	default:
		header.Set("Content-Type", "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8")
		w.WriteHeader(a.status)
		_ = json.NewEncoder(w).Encode(a.body)
	}
}
