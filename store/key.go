package store

import (
	"bytes"
	"encoding/binary"
	"strings"
	"time"
)

// Keys of indexes are their parts with a zero byte after each, so that the keys
// that begin with some parts lie together and sort by the next; the last part is
// bare. No text that Altas keeps holds a zero byte; whole refuses one that does.

const sep = "\x00"

// join returns the key of an index entry.
func join(parts ...string) []byte { return []byte(strings.Join(parts, sep)) }

// prefix returns what the keys under the parts begin with.
func prefix(parts ...string) []byte { return []byte(strings.Join(parts, sep) + sep) }

// whole returns errKey where a part is empty or holds a zero byte.
func whole(parts ...string) error {
	for _, p := range parts {
		if p == "" || strings.Contains(p, sep) {
			return errKey
		}
	}
	return nil
}

// end returns the first key above all that begin with p. p ends in a zero byte or
// in text, never in 0xff.
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
	b = binary.BigEndian.AppendUint64(b, uint64(t.Unix())^1<<63)            //nolint:gosec // order, not value
	return string(binary.BigEndian.AppendUint32(b, uint32(t.Nanosecond()))) //nolint:gosec // below 1e9
}

// keyTime returns the time of a timeKey, in UTC.
func keyTime(k []byte) time.Time {
	sec := int64(binary.BigEndian.Uint64(k) ^ 1<<63) //nolint:gosec // the inverse of timeKey
	return time.Unix(sec, int64(binary.BigEndian.Uint32(k[8:timeSize]))).UTC()
}

// numberKey returns 8 bytes that sort as the numbers do.
func numberKey(n uint64) string { return string(binary.BigEndian.AppendUint64(nil, n)) }

// keyNumber returns the number at the end of a key, 0 where there is none.
func keyNumber(k []byte) uint64 {
	if len(k) < 8 {
		return 0
	}
	return binary.BigEndian.Uint64(k[len(k)-8:])
}

// tail returns the last part of a key that begins with p.
func tail(k, p []byte) string { return string(k[len(p):]) }
