package problem

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWhatAnErrorIs(t *testing.T) {
	t.Parallel()
	invalid := Invalid("curp", "curp.length", "got", "17")
	for name, c := range map[string]struct {
		err    error
		code   Code
		reason string
	}{
		"its own":       {invalid, CodeInvalid, "curp.length"},
		"wrapped":       {fmt.Errorf("submit: %w", invalid), CodeInvalid, "curp.length"},
		"with a cause":  {&Error{Code: CodeUnavailable, Reason: "receipts.unavailable", Err: errors.New("refused")}, CodeUnavailable, "receipts.unavailable"},
		"of other kind": {errors.New("disk full"), CodeInternal, "internal"},
		"none":          {nil, CodeInternal, "internal"},
	} {
		if got, reason := CodeOf(c.err), ReasonOf(c.err); got != c.code || reason != c.reason {
			t.Errorf("%s: %s %s, want %s %s", name, got, reason, c.code, c.reason)
		}
	}
}

func TestIs(t *testing.T) {
	t.Parallel()
	err := fmt.Errorf("decide: %w", Refuse(CodeConflict, "state.request", "folio", "2026-000001"))
	for name, c := range map[string]struct {
		target error
		want   bool
	}{
		"the code":                 {&Error{Code: CodeConflict}, true},
		"code and reason":          {&Error{Code: CodeConflict, Reason: "state.request"}, true},
		"another reason":           {&Error{Code: CodeConflict, Reason: "state.line"}, false},
		"another code":             {&Error{Code: CodeNotFound}, false},
		"the reason, another code": {&Error{Code: CodeNotFound, Reason: "state.request"}, false},
		"an error of others":       {errors.ErrUnsupported, false},
	} {
		if got := errors.Is(err, c.target); got != c.want {
			t.Errorf("%s: %t", name, got)
		}
	}
	cause := errors.New("refused")
	if !errors.Is(&Error{Code: CodeInternal, Err: cause}, cause) {
		t.Error("the cause is not found")
	}
}

// Error for the log contains the input and the cause, never what a person typed.
func TestErrorForTheLog(t *testing.T) {
	t.Parallel()
	e := Invalid("curp", "curp.entity", "entity", "CO")
	e.Err = errors.New("no such state")
	if got, want := e.Error(), "invalid: curp.entity (curp): no such state"; got != want {
		t.Errorf("Error = %q, want %q", got, want)
	}
	if diff := cmp.Diff(map[string]string{"entity": "CO"}, e.Args); diff != "" {
		t.Errorf("Args (-want +got):\n%s", diff)
	}
}

func TestNewReference(t *testing.T) {
	t.Parallel()
	first, second := NewReference(), NewReference()
	if shape := regexp.MustCompile(`^[A-Z2-7]{4}-[A-Z2-7]{4}$`); !shape.MatchString(first) || first == second {
		t.Errorf("references %q and %q", first, second)
	}
}

// An error is stored, as a fault of a form is, without its cause, which is for the log.
func TestAStoredErrorHasNoCause(t *testing.T) {
	t.Parallel()
	told := Error{Code: CodeUnavailable, Reason: "directory.unavailable", Field: "address", Args: map[string]string{"a": "b"}}
	caused := told
	caused.Err = fmt.Errorf("dial: %w", errors.New("503 of graph.microsoft.com"))
	raw, err := json.Marshal(&caused)
	if err != nil {
		t.Fatal(err)
	}
	var read Error
	if err := json.Unmarshal(raw, &read); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(told, read); diff != "" {
		t.Errorf("read from %s (-want +got):\n%s", raw, diff)
	}
}
