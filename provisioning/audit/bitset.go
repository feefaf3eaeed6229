package audit

import "math/bits"

// bitset is a set of entry numbers, in one bit for each number up to the highest.
type bitset []uint64

func (b *bitset) set(n uint64) {
	for uint64(len(*b)) <= n/64 {
		*b = append(*b, 0)
	}
	(*b)[n/64] |= 1 << (n % 64)
}

func (b bitset) has(n uint64) bool { return n/64 < uint64(len(b)) && b[n/64]>>(n%64)&1 == 1 }

func (b bitset) clear(n uint64) { b[n/64] &^= 1 << (n % 64) }

// first returns the lowest number; 0 if there is none.
func (b bitset) first() uint64 {
	for i, word := range b {
		if word != 0 {
			return uint64(i)*64 + uint64(bits.TrailingZeros64(word)) //nolint:gosec // neither is negative
		}
	}
	return 0
}
