package service

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"strings"
	"sync"

	"seducoahuila.gob.mx/altas/bot/console"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/letter"
	"seducoahuila.gob.mx/altas/provisioning/pdf"
)

// newLetters creates the letters, with the key of their codes and the highest number beside the store.
func (s *Service) newLetters(centres letter.Catalogue) (*letter.Letters, error) {
	keys, err := letterKeys(KeyPath(s.cfg.StorePath))
	if err != nil {
		return nil, err
	}
	high := &numbersFile{path: numbersPath(s.cfg.StorePath)}
	if _, err := high.read(); err != nil {
		return nil, err
	}
	settings, err := s.cfg.Rules.Letter.settings(s.cfg.Rules.folder, s.cfg.Location)
	if err != nil {
		return nil, err
	}
	return &letter.Letters{Config: letter.Config{
		Store: s.records, Centres: centres, Settings: settings, Keys: keys,
		HighWater: high, Engine: pdf.Folio{},
		PublicURL: s.cfg.PublicURL, Location: s.cfg.Location, Now: s.cfg.Now,
	}}, nil
}

// KeyPath is the file with the keys of the letters' codes: that of the store, ending in .key. Who
// has both can make a letter that seems authentic: a backup of both is guarded as the server is.
func KeyPath(store string) string { return besideStore(store, ".key") }

// numbersPath is the file with the highest number of each year's letters.
func numbersPath(store string) string { return besideStore(store, ".numbers") }

// ReadKeys reads the keys of the letters' codes, one a line.
func ReadKeys(path string) (keys letter.Keys, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	for line := range strings.FieldsSeq(string(text)) {
		key, err := hex.DecodeString(line)
		if err != nil || len(key) < letter.KeySize {
			return nil, console.Errorf("%s: not the keys of letters; restore the file from its backup", path)
		}
		keys = append(keys, key)
	}
	if len(keys) == 0 {
		return nil, console.Errorf("%s: empty; restore the file from its backup", path)
	}
	return keys, nil
}

// letterKeys reads the keys, or makes one where there is no file.
func letterKeys(path string) (letter.Keys, error) {
	keys, err := ReadKeys(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return keys, err
	}
	key := make(letter.Key, letter.KeySize)
	_, _ = rand.Read(key) // never fails: https://pkg.go.dev/crypto/rand#Read
	return letter.Keys{key}, writeDurably(path, []byte(hex.EncodeToString(key)+"\n"))
}

// checkKeys logs an error if letters were issued with a key that is missing: a file was lost, or not
// restored. Their codes cannot be verified until its line is there again.
func (s *Service) checkKeys(ctx context.Context) {
	var missing []string
	err := s.records.View(ctx, func(tx provisioning.Tx) (err error) {
		missing, err = s.letters.Keys.Missing(tx)
		return err
	})
	switch {
	case err != nil && ctx.Err() == nil:
		s.log.ErrorContext(ctx, "keys of letters not compared", "err", err)
	case len(missing) > 0:
		s.log.ErrorContext(ctx, "letters were issued with a key that is missing, and cannot be verified; add the line of its file's backup above the others, and restart",
			"file", KeyPath(s.cfg.StorePath), "keys", missing)
	}
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
	if err := json.Unmarshal(data, &all); err != nil || all == nil {
		return all, errors.Join(console.Errorf("%s: not the last numbers of letters; restore the file, or write {\"2026\": the last number}", f.path), err)
	}
	return all, nil
}
