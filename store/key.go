package store

import (
	"bytes"
	"encoding/binary"
	"strings"
	"time"
)

// Index keys are their parts joined by zero bytes, so that the keys that begin with the same
// parts are adjacent and sorted by the next. No text that Altas stores contains a zero byte;
// whole refuses one that does.

const sep = "\x00"

// join returns the key of an index entry.
func join(parts ...string) []byte { return []byte(strings.Join(parts, sep)) }

// prefix returns the prefix of the keys that begin with the parts.
func prefix(parts ...string) []byte { return []byte(strings.Join(parts, sep) + sep) }

// whole returns errKey if a part is empty or contains a zero byte.
func whole(parts ...string) error {
	for _, p := range parts {
		if p == "" || strings.Contains(p, sep) {
			return errKey
		}
	}
	return nil
}

// end returns the first key after all that begin with p; nil if p is empty. The last byte of p
// must not be 0xff.
func end(p []byte) []byte {
	if len(p) == 0 {
		return nil
	}
	e := bytes.Clone(p)
	e[len(e)-1]++
	return e
}

// timeSize is the length of a timeKey.
const timeSize = 12

// timeKey returns 12 bytes that sort as the times do.
func timeKey(t time.Time) string {
	b := make([]byte, 0, timeSize)
	b = binary.BigEndian.AppendUint64(b, uint64(t.Unix())^1<<63)            //nolint:gosec // only the order matters
	return string(binary.BigEndian.AppendUint32(b, uint32(t.Nanosecond()))) //nolint:gosec // below 1e9
}

// keyTime returns the time of a timeKey, in UTC.
func keyTime(k []byte) time.Time {
	sec := int64(binary.BigEndian.Uint64(k) ^ 1<<63) //nolint:gosec // the inverse of timeKey
	return time.Unix(sec, int64(binary.BigEndian.Uint32(k[8:timeSize]))).UTC()
}

// numberKey returns 8 bytes that sort as the numbers do.
func numberKey(n uint64) string { return string(binary.BigEndian.AppendUint64(nil, n)) }

// keyNumber returns the number at the end of a key; 0 if the key is too short.
func keyNumber(k []byte) uint64 {
	if len(k) < 8 {
		return 0
	}
	return binary.BigEndian.Uint64(k[len(k)-8:])
}

// tail returns the last part of a key that begins with p.
func tail(k, p []byte) string { return string(k[len(p):]) }
