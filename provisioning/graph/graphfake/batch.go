package graphfake

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

const maxBatch = 20

type batchItem struct {
	ID        string            `json:"id"`
	Method    string            `json:"method"`
	URL       string            `json:"url"`
	Headers   map[string]string `json:"headers"`
	Body      json.RawMessage   `json:"body"`
	DependsOn []string          `json:"dependsOn"`
}

type batchAnswer struct {
	ID      string            `json:"id"`
	Status  int               `json:"status"`
	Headers map[string]string `json:"headers,omitempty"`
	Body    any               `json:"body,omitempty"`
}

// serveBatch performs up to 20 independent requests. The responses are in random order.
// https://learn.microsoft.com/graph/json-batching
func (t *Tenant) serveBatch(c *call) answer {
	if c.method != http.MethodPost {
		return t.refuse(c, badPath(c))
	}
	items, f := readBatch(c.body)
	if f != nil {
		return t.refuse(c, f)
	}
	planned, broken := t.admission.nextFault("batch")
	if broken && !planned.After {
		return t.fail(c, planned)
	}
	a := t.runBatch(c, items)
	if broken {
		return t.fail(c, planned)
	}
	return a
}

func readBatch(body []byte) ([]batchItem, *fault) {
	var envelope struct {
		Requests []batchItem `json:"requests"`
	}
	if err := json.Unmarshal(body, &envelope); err != nil {
		return nil, badBatch("Invalid batch payload format.")
	}
	items := envelope.Requests
	if len(items) == 0 || len(items) > maxBatch {
		return nil, badBatch(fmt.Sprintf("Number of batch request steps exceeds the maximum value of %d.", maxBatch))
	}
	seen := map[string]bool{}
	for _, item := range items {
		if item.ID == "" || seen[fold(item.ID)] {
			return nil, badBatch("Request Id : " + item.ID + " is missing or not unique in the batch.")
		}
		for _, need := range item.DependsOn {
			if !seen[fold(need)] {
				return nil, badBatch("Request Id : " + item.ID + " depends on an unknown or later request " + need + ".")
			}
		}
		seen[fold(item.ID)] = true
		if f := item.check(); f != nil {
			return nil, f
		}
	}
	return items, nil
}

func badBatch(message string) *fault {
	return &fault{status: http.StatusBadRequest, code: "BadRequest", message: message}
}

func (item *batchItem) check() *fault {
	writes := item.Method == http.MethodPost || item.Method == http.MethodPatch || item.Method == http.MethodPut
	if !writes && item.Method != http.MethodGet && item.Method != http.MethodDelete {
		return badBatch("Request Id : " + item.ID + " has the invalid method '" + item.Method + "'.")
	}
	if strings.Contains(item.URL, "://") || item.URL == "" {
		return badBatch("Request Id : " + item.ID + " must have a relative URL.")
	}
	if writes && (len(item.Body) == 0 || item.header("Content-Type") == "") {
		return badBatch("Write request id : " + item.ID + " does not contain Content-Type header or body.")
	}
	return nil
}

func (item *batchItem) header(name string) string {
	for key, value := range item.Headers {
		if strings.EqualFold(key, name) {
			return value
		}
	}
	return ""
}

func (t *Tenant) runBatch(c *call, items []batchItem) answer {
	answers := make([]batchAnswer, 0, len(items))
	status := map[string]int{}
	for i := range items {
		item := &items[i]
		a := t.runItem(c, item, status)
		if a.reset {
			return a
		}
		status[fold(item.ID)] = a.status
		answers = append(answers, batchAnswer{ID: item.ID, Status: a.status, Headers: a.header, Body: a.body})
	}
	t.randomMu.Lock()
	t.random.Shuffle(len(answers), func(i, j int) { answers[i], answers[j] = answers[j], answers[i] })
	t.randomMu.Unlock()
	return ok(map[string]any{"responses": answers})
}

func (t *Tenant) runItem(outer *call, item *batchItem, status map[string]int) answer {
	for _, need := range item.DependsOn {
		if status[fold(need)] >= http.StatusBadRequest {
			return t.refuse(outer, &fault{status: http.StatusFailedDependency, code: "FailedDependency",
				message: "The request failed because a request it depends on failed."})
		}
	}
	path, rawQuery, _ := strings.Cut(item.URL, "?")
	query, err := url.ParseQuery(rawQuery)
	if err != nil {
		return t.refuse(outer, badRequest("The query is not valid."))
	}
	c := *outer
	c.method, c.path, c.query = item.Method, "/"+strings.TrimPrefix(path, "/"), query
	c.header, c.body = item.header, item.Body
	c.requestID = t.newID()
	if id := item.header("client-request-id"); id != "" {
		c.clientRequestID = id
	}
	a := t.perform(&c)
	outer.throttled = outer.throttled || c.throttled
	if a.body != nil {
		a = a.with(map[string]string{"Content-Type": "application/json"})
	}
	if a.kind != "" {
		a = a.with(map[string]string{"Content-Type": a.kind})
		a.body = a.raw
	}
	return a
}
