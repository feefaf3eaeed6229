package service

import (
	"os"
	"strings"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"seducoahuila.gob.mx/altas/bot/console"
)

// secret returns a variable, or the content of the file that the variable NAME_FILE names.
func (e *env) secret(name, fallback string) string {
	path := strings.TrimSpace(e.get(name + "_FILE"))
	if path == "" {
		return e.text(name, fallback)
	}
	if e.get(name) != "" {
		e.fault("%s and %s_FILE: set one of them", name, name)
	}
	content, err := readSecret(path)
	if err != nil {
		e.fault("%s_FILE: %w", name, err)
		return fallback
	}
	return content
}

// reload returns a function that reads a secret's file again, so that a rotated password needs
// no restart; nil if path is empty.
func reload(path string) func() (string, error) {
	if path = strings.TrimSpace(path); path == "" {
		return nil
	}
	return func() (string, error) { return readSecret(path) }
}

// readSecret reads a secret's file. It accepts a line end, a byte order mark (Notepad) and
// UTF-16 (PowerShell's ">").
func readSecret(path string) (string, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	text, _, err := transform.Bytes(unicode.BOMOverride(unicode.UTF8.NewDecoder()), content)
	if err != nil {
		return "", console.Errorf("read %s: %w", path, err)
	}
	secret := strings.TrimSpace(string(text))
	if secret == "" {
		return "", console.Errorf("%s is empty", path)
	}
	return secret, nil
}
