package reconcile

import (
	"bufio"
	"cmp"
	"container/heap"
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
)

// runLength is how many facts are kept in memory; a sorted file is written of each as many.
const runLength = 20_000

// sorter brings facts of the same key together. The files it needs are gone from
// their folder as soon as they are open: they hold addresses.
type sorter struct {
	dir   string
	chunk []fact
	runs  []*os.File
}

func newSorter(dir string) *sorter { return &sorter{dir: dir} }

func (s *sorter) add(f fact) error {
	s.chunk = append(s.chunk, f)
	if len(s.chunk) < runLength {
		return nil
	}
	return s.spill()
}

func (s *sorter) spill() error {
	file, err := os.CreateTemp(s.dir, "altas-reconcile-*")
	if err != nil {
		return fmt.Errorf("sort: %w", err)
	}
	_ = os.Remove(file.Name()) // open files outlive their names; where they do not, close removes it
	s.runs = append(s.runs, file)
	s.sortChunk()
	w := bufio.NewWriter(file)
	enc := gob.NewEncoder(w)
	for i := range s.chunk {
		if err := enc.Encode(&s.chunk[i]); err != nil {
			return fmt.Errorf("sort: %w", err)
		}
	}
	s.chunk = s.chunk[:0]
	if err := w.Flush(); err != nil {
		return fmt.Errorf("sort: %w", err)
	}
	return nil
}

func (s *sorter) sortChunk() {
	slices.SortFunc(s.chunk, func(a, b fact) int { return cmp.Or(cmp.Compare(a.Key, b.Key), cmp.Compare(a.Side, b.Side)) })
}

// groups gives all facts, those of one key at a time, in the order of the keys.
func (s *sorter) groups(ctx context.Context, do func([]fact) error) error {
	s.sortChunk()
	merge := &merge{}
	for _, file := range s.runs {
		if _, err := file.Seek(0, io.SeekStart); err != nil {
			return fmt.Errorf("sort: %w", err)
		}
		if err := merge.open(fromFile(file)); err != nil {
			return err
		}
	}
	if err := merge.open(fromMemory(s.chunk)); err != nil {
		return err
	}
	var group []fact
	for len(*merge) > 0 {
		f, err := merge.next()
		if err != nil {
			return err
		}
		if len(group) > 0 && group[0].Key != f.Key {
			if err := errors.Join(ctx.Err(), do(group)); err != nil {
				return err
			}
			group = group[:0]
		}
		group = append(group, f)
	}
	if len(group) == 0 {
		return nil
	}
	return do(group)
}

func (s *sorter) close() {
	for _, file := range s.runs {
		_ = file.Close()
		_ = os.Remove(file.Name())
	}
}

func fromFile(file io.Reader) func(*fact) error {
	dec := gob.NewDecoder(bufio.NewReader(file))
	return func(into *fact) error { return dec.Decode(into) }
}

// fromMemory decodes the facts that never went to disk.
func fromMemory(facts []fact) func(*fact) error {
	return func(into *fact) error {
		if len(facts) == 0 {
			return io.EOF
		}
		*into = facts[0]
		facts = facts[1:]
		return nil
	}
}

// merge is a heap of sorted runs, the one with the least fact first.
type merge []*sortedRun

type sortedRun struct {
	head   fact
	decode func(*fact) error
}

func (m *merge) open(decode func(*fact) error) error {
	run := &sortedRun{decode: decode}
	switch err := decode(&run.head); {
	case errors.Is(err, io.EOF):
		return nil
	case err != nil:
		return fmt.Errorf("sort: %w", err)
	}
	heap.Push(m, run)
	return nil
}

func (m *merge) next() (fact, error) {
	run := (*m)[0]
	f := run.head
	run.head = fact{} // gob leaves alone what is zero on the wire
	switch err := run.decode(&run.head); {
	case errors.Is(err, io.EOF):
		heap.Pop(m)
	case err != nil:
		return f, fmt.Errorf("sort: %w", err)
	default:
		heap.Fix(m, 0)
	}
	return f, nil
}

// Len, Less, Swap, Push and Pop make merge a heap.Interface.
func (m merge) Len() int           { return len(m) }
func (m merge) Less(i, j int) bool { return m[i].head.Key < m[j].head.Key }
func (m merge) Swap(i, j int)      { m[i], m[j] = m[j], m[i] }

// Push adds a run at the end.
func (m *merge) Push(run any) {
	if run, ok := run.(*sortedRun); ok {
		*m = append(*m, run)
	}
}

// Pop takes the last run.
func (m *merge) Pop() any {
	old := *m
	last := old[len(old)-1]
	*m = old[:len(old)-1]
	return last
}
