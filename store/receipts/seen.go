package receipts

import "hash/maphash"

// seen remembers on which line a value came first, by 64 bits of a keyed hash:
// among a million values two are taken for one less than once in ten million lists.
type seen struct {
	seed  maphash.Seed
	lines map[uint64]int32
}

func newSeen() *seen { return &seen{maphash.MakeSeed(), map[uint64]int32{}} }

// before returns the line on which the value came first, 0 where it is now.
func (s *seen) before(kind, value string, line int) int {
	key := maphash.String(s.seed, kind+"\x00"+value)
	if first, ok := s.lines[key]; ok {
		return int(first)
	}
	s.lines[key] = int32(line) //nolint:gosec // no file has 2³¹ lines
	return 0
}
