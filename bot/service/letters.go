package service

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/letter"
	"seducoahuila.gob.mx/altas/provisioning/pdf"
)

// newLetters creates the letters, with the key of their codes and the highest number beside the store.
func (s *Service) newLetters(centres letter.Catalogue) (*letter.Letters, error) {
	key, err := letterKey(KeyPath(s.cfg.StorePath))
	if err != nil {
		return nil, err
	}
	settings, err := s.cfg.Rules.Letter.settings(s.cfg.Rules.folder, s.cfg.Location)
	if err != nil {
		return nil, err
	}
	return &letter.Letters{Config: letter.Config{
		Store: s.records, Centres: centres, Settings: settings, Key: key,
		HighWater: &numbersFile{path: numbersPath(s.cfg.StorePath)}, Engine: pdf.Folio{},
		PublicURL: s.cfg.PublicURL, Location: s.cfg.Location, Now: s.cfg.Now,
	}}, nil
}

// KeyPath is the file with the key of the letters' codes: that of the store, ending in .key. Who
// has both can make a letter that seems authentic: a backup of both is guarded as the server is.
func KeyPath(store string) string { return besideStore(store, ".key") }

// numbersPath is the file with the highest number of each year's letters.
func numbersPath(store string) string { return besideStore(store, ".numbers") }

func besideStore(store, ending string) string {
	return strings.TrimSuffix(store, filepath.Ext(store)) + ending
}

// ReadKey reads the key of the letters' codes.
func ReadKey(path string) (letter.Key, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	key, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(key) < letter.KeySize {
		return nil, fmt.Errorf("%s: not a key of letters; restore the file from its backup", path)
	}
	return key, nil
}

// letterKey reads the key, or makes one where there is none.
func letterKey(path string) (letter.Key, error) {
	key, err := ReadKey(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return key, err
	}
	made := make([]byte, letter.KeySize)
	_, _ = rand.Read(made) // never fails: https://pkg.go.dev/crypto/rand#Read
	return made, writeDurably(path, []byte(hex.EncodeToString(made)+"\n"))
}

// writeDurably replaces a file, so that after a crash it has either content. Only its owner may
// read it.
func writeDurably(path string, data []byte) error {
	temporary, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	_, err = temporary.Write(data)
	if err = errors.Join(err, temporary.Sync(), temporary.Close()); err == nil {
		err = os.Rename(temporary.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(temporary.Name()))
	}
	return syncFolder(filepath.Dir(path))
}

// syncFolder makes a renamed file durable. Windows cannot sync a folder, and need not.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	err = folder.Sync()
	if runtime.GOOS == "windows" {
		err = nil
	}
	return errors.Join(err, folder.Close())
}

// numbersFile is a letter.HighWater: JSON, the highest number by year, or by year and range.
type numbersFile struct {
	path string
	mu   sync.Mutex
}

// Highest returns the highest number of a series; 0 if the file, or the series in it, does not exist.
func (f *numbersFile) Highest(series string) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	all, err := f.read()
	return all[series], err
}

// Raise writes the number, if it is higher, before it returns.
func (f *numbersFile) Raise(series string, number int) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	all, err := f.read()
	if err != nil || all[series] >= number {
		return err
	}
	all[series] = number
	data, err := json.Marshal(all)
	if err != nil {
		return err
	}
	return writeDurably(f.path, append(data, '\n'))
}

func (f *numbersFile) read() (map[string]int, error) {
	all := make(map[string]int)
	data, err := os.ReadFile(f.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return all, nil
	case err != nil:
		return all, err
	}
	if err := json.Unmarshal(data, &all); err != nil {
		return all, fmt.Errorf("%s: not the numbers of letters; restore the file, or write {\"2026\": the last number}: %w", f.path, err)
	}
	return all, nil
}

// checkKey logs an error if letters were issued with another key: their codes cannot be verified
// until the file is restored.
func (s *Service) checkKey(ctx context.Context) {
	var same bool
	err := s.records.Update(ctx, func(tx provisioning.Tx) (err error) {
		same, err = s.letters.KnowsKey(tx)
		return err
	})
	switch {
	case err != nil && ctx.Err() == nil:
		s.log.ErrorContext(ctx, "key of letters not compared", "err", err)
	case err == nil && !same:
		s.log.ErrorContext(ctx, "letters were issued with another key, and their codes cannot be verified; stop, restore the key's file from its backup, and start", "file", KeyPath(s.cfg.StorePath))
	}
}
