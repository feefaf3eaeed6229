package expediente

import (
	"archive/zip"
	"bytes"
	"cmp"
	"crypto/sha256"
	"fmt"
	"io"
	"slices"
	"time"
)

// sumsPath is the list of digests, as sha256sum writes and checks it.
const sumsPath = "SHA256SUMS"

// member is a file of the expediente; what says in Spanish what it is.
type member struct {
	path, what string
	write      func(io.Writer) error
}

// archive is a ZIP that ends with the digests of its files.
type archive struct {
	zip  *zip.Writer
	at   time.Time // of all files
	sums []sum
}

type sum struct {
	path string
	hash []byte
}

func newArchive(w io.Writer, at time.Time) *archive { return &archive{zip: zip.NewWriter(w), at: at} }

func (a *archive) add(m member) error {
	head := &zip.FileHeader{Name: m.path, Method: zip.Deflate, Modified: a.at}
	head.SetMode(0o600) // it names people
	file, err := a.zip.CreateHeader(head)
	if err != nil {
		return err
	}
	hash := sha256.New()
	if err := m.write(io.MultiWriter(file, hash)); err != nil {
		return err
	}
	a.sums = append(a.sums, sum{m.path, hash.Sum(nil)})
	return nil
}

// close adds the digests and ends the ZIP.
func (a *archive) close() error {
	slices.SortFunc(a.sums, func(x, y sum) int { return cmp.Compare(x.path, y.path) })
	var list bytes.Buffer
	for _, s := range a.sums {
		fmt.Fprintf(&list, "%x  %s\n", s.hash, s.path)
	}
	err := a.add(member{path: sumsPath, write: func(w io.Writer) error {
		_, err := list.WriteTo(w)
		return err
	}})
	if err != nil {
		return err
	}
	return a.zip.Close()
}
