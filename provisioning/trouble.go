package provisioning

import (
	"errors"
	"strings"
)

// troubleError is a failure that the head of department decides upon.
type troubleError struct{ Trouble }

func (e *troubleError) Error() string { return e.Reason }

// troubleOf returns what the head of department is told of a failure.
func troubleOf(err error) Trouble {
	if t, ok := errors.AsType[*troubleError](err); ok {
		return t.Trouble
	}
	var e *Error
	if !errors.As(err, &e) {
		return Trouble{Reason: "trouble.internal"}
	}
	if reason, ok := directoryTroubles[e.Reason]; ok {
		return Trouble{Reason: reason, Args: e.Args}
	}
	if strings.HasPrefix(e.Reason, "receipts.") {
		return Trouble{Reason: "trouble.receipts", Args: e.Args}
	}
	return Trouble{Reason: e.Reason, Args: e.Args}
}

var directoryTroubles = map[string]string{
	DirectoryAddressTaken: "trouble.unseen_holder",
	DirectoryNotReady:     "trouble.not_ready",
	DirectoryNotFound:     "trouble.vanished",
	DirectoryNoPermission: "trouble.permission",
	DirectoryBadDomain:    "trouble.domain",
	DirectoryWeakPassword: "trouble.password",
	DirectoryRefused:      "trouble.refused",
}
