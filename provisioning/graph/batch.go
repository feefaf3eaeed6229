package graph

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	abstractions "github.com/microsoft/kiota-abstractions-go"
)

// maxItems is the maximum number of requests in one batch.
// https://learn.microsoft.com/graph/json-batching
const maxItems = 20

// maxAnswer is the most that is read of one batch's response, in bytes.
const maxAnswer = 32 << 20

// result is Graph's answer to one call.
type result struct {
	status    int
	header    map[string]any // names as Graph wrote them; a value may be a number
	retry     time.Duration  // Retry-After; 0 if there was none
	body      json.RawMessage
	requestID string    // of the batch
	at        time.Time // the batch response's Date, by Graph's clock; zero if there was none
}

// failure is a batch that failed, or a call in it without an answer. definite means that the
// whole batch was refused and had no effect.
type failure struct {
	status    int // 0: no response
	definite  bool
	retry     time.Duration // Retry-After; 0 if there was none
	requestID string
	challenge string // WWW-Authenticate
	err       error
}

func (f *failure) Error() string {
	if f.status == 0 {
		return fmt.Sprintf("graph did not answer: %v", f.err)
	}
	return fmt.Sprintf("graph answered %d (request %s): %v", f.status, f.requestID, f.err)
}

func (f *failure) Unwrap() error { return f.err }

type wireItem struct {
	ID      string            `json:"id"`
	Method  string            `json:"method"`
	URL     string            `json:"url"`
	Headers map[string]string `json:"headers,omitempty"`
	Body    json.RawMessage   `json:"body,omitempty"`
}

type wireAnswer struct {
	ID      string          `json:"id"`
	Status  int             `json:"status"`
	Headers map[string]any  `json:"headers"`
	Body    json.RawMessage `json:"body"`
}

// post sends the calls in one batch and returns the answers in the order of the calls; nil for
// a call that Graph did not answer.
func (c *Client) post(ctx context.Context, calls []*call) ([]*result, *failure) {
	items := make([]wireItem, len(calls))
	for i, call := range calls {
		items[i] = wireItem{ID: strconv.Itoa(i + 1), Method: call.method, URL: call.url, Headers: call.header, Body: call.body}
	}
	var envelope bytes.Buffer
	encoder := json.NewEncoder(&envelope)
	encoder.SetEscapeHTML(false) // & in URLs stays unescaped
	if err := encoder.Encode(map[string]any{"requests": items}); err != nil {
		return nil, &failure{definite: true, err: err}
	}
	body, sent := envelope.Bytes(), c.config.Now()
	answer, fail := c.exchange(ctx, body)
	if fail != nil && fail.status == http.StatusUnauthorized && c.credential.Renew(sent, fail.challenge) {
		c.config.Log.InfoContext(ctx, "graph refused the token; asking for a new one", "request", fail.requestID)
		answer, fail = c.exchange(ctx, body)
	}
	if fail != nil {
		return nil, fail
	}
	return sortAnswers(answer, len(calls))
}

type rawAnswer struct {
	body      []byte
	requestID string
	date      time.Time // the response's Date; zero if there was none
	at        time.Time // said, or the local time if that is zero
}

func sortAnswers(raw *rawAnswer, n int) ([]*result, *failure) {
	var envelope struct {
		Responses []wireAnswer `json:"responses"`
	}
	if err := json.Unmarshal(raw.body, &envelope); err != nil {
		return nil, &failure{status: http.StatusOK, requestID: raw.requestID, err: fmt.Errorf("read batch: %w", err)}
	}
	results := make([]*result, n)
	for _, a := range envelope.Responses {
		i, err := strconv.Atoi(a.ID)
		if err != nil || i < 1 || i > n {
			continue
		}
		results[i-1] = &result{
			status: a.Status, header: a.Headers, body: a.Body, requestID: raw.requestID, at: raw.date,
			retry: retryAfter(header(a.Headers, "Retry-After"), raw.at),
		}
	}
	return results, nil
}

// exchange sends one HTTP request, with token and timeout, and reads at most maxAnswer bytes.
func (c *Client) exchange(ctx context.Context, body []byte) (*rawAnswer, *failure) {
	ctx, cancel := context.WithTimeout(ctx, c.config.Timeout)
	defer cancel()
	request, err := c.batchRequest(ctx, body)
	if err != nil {
		return nil, &failure{definite: true, err: err} // no token: nothing was sent
	}
	response, err := c.http.Do(request)
	if err != nil {
		return nil, &failure{err: err}
	}
	defer response.Body.Close()
	answer := &rawAnswer{requestID: response.Header.Get("request-id"), date: responseDate(response)}
	if answer.at = answer.date; answer.at.IsZero() {
		answer.at = c.config.Now()
	}
	answer.body, err = io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if response.StatusCode != http.StatusOK {
		return nil, refused(response, answer, body) // even if the body is cut short: its headers count
	}
	if err != nil {
		return nil, &failure{status: response.StatusCode, requestID: answer.requestID, err: err}
	}
	return answer, nil
}

// responseDate returns the response's Date; zero if there is none.
func responseDate(response *http.Response) time.Time {
	at, err := http.ParseTime(response.Header.Get("Date"))
	if err != nil {
		return time.Time{}
	}
	return at
}

// batchRequest builds the HTTP request of a batch. The SDK's adapter adds the token, for valid
// hosts only.
func (c *Client) batchRequest(ctx context.Context, body []byte) (*http.Request, error) {
	info := abstractions.NewRequestInformation()
	info.Method = abstractions.POST
	info.UrlTemplate = "{+baseurl}/$batch"
	info.PathParameters["baseurl"] = c.config.URL
	info.Headers.Add("Accept", "application/json")
	info.Headers.Add("client-request-id", newGUID())
	info.Headers.Add("User-Agent", "altas")
	info.SetStreamContentAndContentType(body, "application/json")
	native, err := c.adapter.ConvertToNativeRequest(ctx, info)
	if err != nil {
		return nil, err
	}
	request, isRequest := native.(*http.Request)
	if !isRequest || request.Header.Get("Authorization") == "" {
		return nil, errors.New("token: none for this address")
	}
	request.ContentLength = int64(len(body))
	request.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	return request, nil
}

// refused reads why a whole batch was refused. After a 4xx with Graph's error code, no call in
// it had an effect; after a 5xx, a timeout or the response of a proxy, the effect is unknown.
func refused(response *http.Response, answer *rawAnswer, sent []byte) *failure {
	status, problem := response.StatusCode, readProblem(answer.body, sent)
	return &failure{
		status: status,
		definite: status >= http.StatusBadRequest && status < http.StatusInternalServerError &&
			status != http.StatusRequestTimeout && problem.Code != "",
		retry:     retryAfter(response.Header.Get("Retry-After"), answer.at),
		requestID: answer.requestID,
		challenge: response.Header.Get("WWW-Authenticate"),
		err:       fmt.Errorf("%s: %s", problem.Code, problem.Message),
	}
}

// maxRetryAfter is the longest accepted Retry-After; a longer one is ignored.
const maxRetryAfter = 24 * time.Hour

// retryAfter parses a Retry-After header: seconds, as Graph writes them, or an HTTP date, which
// a proxy may send; the greatest of several numbers. It returns 0 if there is no valid value.
func retryAfter(header string, now time.Time) time.Duration {
	if at, err := http.ParseTime(header); err == nil {
		return validDelay(at.Sub(now).Seconds())
	}
	var longest time.Duration
	for part := range strings.SplitSeq(header, ",") {
		if seconds, err := strconv.ParseFloat(strings.TrimSpace(part), 64); err == nil {
			longest = max(longest, validDelay(seconds))
		}
	}
	return longest
}

func validDelay(seconds float64) time.Duration {
	if seconds >= 0 && seconds <= maxRetryAfter.Seconds() {
		return time.Duration(seconds * float64(time.Second))
	}
	return 0
}

// newGUID returns a random (version 4) GUID.
func newGUID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
