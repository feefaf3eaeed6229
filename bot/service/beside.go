package service

import (
	"errors"
	"os"
	"path/filepath"
	"strings"

	"seducoahuila.gob.mx/altas/store"
)

// besideStore returns the file beside the store with its name and another ending.
func besideStore(store, ending string) string {
	return strings.TrimSuffix(store, filepath.Ext(store)) + ending
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
		err = store.Replace(temporary.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(temporary.Name()))
	}
	return nil
}
