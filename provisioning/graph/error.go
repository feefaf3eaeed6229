package graph

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

var errMissing = errors.New("the batch's response has no answer to this call")

// odataError is Graph's error body.
// https://learn.microsoft.com/graph/errors
type odataError struct {
	Code    string   `json:"code"`
	Message string   `json:"message"`
	Details []detail `json:"details"`
	Inner   struct {
		RequestID string `json:"request-id"`
	} `json:"innerError"`
}

type detail struct {
	Code   string `json:"code"`
	Target string `json:"target"`
}

// readProblem parses an error body. A body that is not Graph's JSON ({}, a proxy's page, empty)
// gives a problem without a code. Passwords of the request are removed from the message.
func readProblem(body, sent []byte) odataError {
	var envelope struct {
		Error odataError `json:"error"`
	}
	_ = json.Unmarshal(body, &envelope)
	envelope.Error.Message = redact(envelope.Error.Message, sent)
	return envelope.Error
}

// sentPassword matches a password in a request body; generated passwords contain no characters
// that JSON escapes.
var sentPassword = regexp.MustCompile(`"password":"([^"\\]+)"`)

// redact removes the request's passwords from an error message, which may quote the request: the
// message is logged, stored as the reason why a line waits, and shown.
func redact(text string, sent []byte) string {
	for _, found := range sentPassword.FindAllSubmatch(sent, -1) {
		text = strings.ReplaceAll(text, string(found[1]), "[redacted]")
	}
	return text
}

func (p odataError) hasTarget(targets ...string) bool {
	for _, d := range p.Details {
		for _, t := range targets {
			if strings.EqualFold(d.Target, t) {
				return true
			}
		}
	}
	return false
}

func (p odataError) hasCode(code string) bool {
	for _, d := range p.Details {
		if strings.EqualFold(d.Code, code) {
			return true
		}
	}
	return strings.EqualFold(p.Code, code)
}

// messageContains reports whether the message contains text, which is lower case. Graph uses one code,
// Request_BadRequest, for many cases, and some differ only in the message: see the table in
// this package's README.
func (p odataError) messageContains(text string) bool {
	return strings.Contains(strings.ToLower(p.Message), text)
}

// meaning is the general interpretation of an error answer; methods may refine it.
type meaning struct {
	reason    string
	code      problem.Code
	permanent bool
}

// meaningOf interprets an error answer by status, code and details, and the message where only
// that differs.
func meaningOf(status int, p odataError) meaning {
	switch {
	case status == http.StatusTooManyRequests:
		return meaning{provisioning.DirectoryThrottled, problem.CodeUnavailable, false}
	case status == http.StatusUnauthorized, status >= http.StatusInternalServerError, status == http.StatusFailedDependency, status == http.StatusRequestTimeout,
		p.Code == "",                            // not Graph's answer: a proxy's
		p.hasCode("Directory_ExpiredPageToken"): // the list is to be read from its beginning
		return meaning{provisioning.DirectoryUnavailable, problem.CodeUnavailable, false}
	case status == http.StatusForbidden && !strings.HasPrefix(p.Code, "Directory_"): // Directory_… codes are about the directory, e.g. its quota
		return meaning{provisioning.DirectoryNoPermission, problem.CodeForbidden, true}
	case status == http.StatusNotFound:
		return meaning{provisioning.DirectoryNotFound, problem.CodeNotFound, true}
	case p.messageContains("not a valid reference update"), p.messageContains("concurrency violation"), status == http.StatusConflict && !p.hasCode("ObjectConflict"):
		return meaning{provisioning.DirectoryNotReady, problem.CodeUnavailable, false}
	case p.hasCode("ObjectConflict"), p.messageContains("already exist"), p.messageContains("conflicting object"):
		return meaning{provisioning.DirectoryAddressTaken, problem.CodeConflict, false}
	case p.messageContains("does not have any available licenses"), p.hasCode("CountViolation"):
		return meaning{provisioning.DirectoryNoSeats, problem.CodeConflict, false}
	case p.hasTarget("passwordProfile", "passwordProfile.password", "password") || p.messageContains("password complexity") || p.messageContains("specified password"):
		return meaning{provisioning.DirectoryWeakPassword, problem.CodeInvalid, false}
	case p.messageContains("domain portion"), p.messageContains("verified domain"):
		return meaning{provisioning.DirectoryBadDomain, problem.CodeInvalid, true}
	}
	return meaning{provisioning.DirectoryRefused, problem.CodeInvalid, true}
}

// answerError returns the error of an answer with status 300 or more, else nil; sent is the
// call's body. It wraps job.RetryAfter or job.Permanent as the answer says.
func answerError(r *result, sent []byte) error {
	if r.status < http.StatusMultipleChoices {
		return nil
	}
	p := readProblem(r.body, sent)
	m := meaningOf(r.status, p)
	err := error(m.err(r, p))
	if r.retry > 0 && !m.permanent {
		return job.RetryAfter(r.retry, err)
	}
	if m.permanent {
		return job.Permanent(err)
	}
	return err
}

func (m meaning) err(r *result, p odataError) *problem.Error {
	id := cmp.Or(p.Inner.RequestID, r.requestID)
	e := problem.Refuse(m.code, m.reason)
	e.Err = fmt.Errorf("graph answered %d %s (request %s): %s", r.status, p.Code, id, p.Message)
	if m.reason == provisioning.DirectoryRefused {
		e.Args = map[string]string{"detail": p.Message}
	}
	return e
}

// batchError returns the error of each call of a failed batch.
func batchError(f *failure) error {
	if f.status == http.StatusForbidden && f.definite {
		e := problem.Refuse(problem.CodeForbidden, provisioning.DirectoryNoPermission)
		e.Err = f
		return job.Permanent(e)
	}
	if f.definite && f.status != 0 && f.status != http.StatusUnauthorized {
		e := problem.Refuse(problem.CodeInvalid, provisioning.DirectoryRefused, "detail", f.err.Error())
		e.Err = f
		return job.Permanent(e)
	}
	return unavailable(f)
}

// unavailable returns the error of a call whose effect is unknown.
func unavailable(cause error) error {
	e := problem.Refuse(problem.CodeUnavailable, provisioning.DirectoryUnavailable)
	e.Err = cause
	return e
}

func throttled(wait time.Duration) error {
	return job.RetryAfter(wait, problem.Refuse(problem.CodeUnavailable, provisioning.DirectoryThrottled))
}
