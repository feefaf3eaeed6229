package service

import (
	"fmt"
	"io"
	"log/slog"
	"regexp"
	"runtime/debug"
	"strings"
)

// NewLog returns the service's log. level is debug, info, warn or error (info if unknown);
// format is "text", else JSON. Values that look like a CURP or a bearer token are masked.
func NewLog(w io.Writer, level, format string) *slog.Logger {
	var l slog.Level
	if err := l.UnmarshalText([]byte(level)); err != nil {
		l = slog.LevelInfo
	}
	options := &slog.HandlerOptions{Level: l, ReplaceAttr: mask}
	if format == "text" {
		return slog.New(slog.NewTextHandler(w, options))
	}
	return slog.New(slog.NewJSONHandler(w, options))
}

var (
	curpShape   = regexp.MustCompile(`(?i)\b([A-Z]{4})\d{6}[A-Z]{6}[0-9A-Z](\d)\b`)
	secretKey   = regexp.MustCompile(`(?i)password|secret|token|authorization|credential`)
	bearerShape = regexp.MustCompile(`\b(?i:bearer\s+)?eyJ[\w-]+\.[\w-]+\.[\w-]*`)
)

// mask redacts personal data and secrets in attributes. It is a safeguard: callers should not
// log them.
func mask(_ []string, a slog.Attr) slog.Attr {
	if secretKey.MatchString(a.Key) {
		return slog.String(a.Key, "[redacted]")
	}
	v := a.Value.Resolve()
	var text string
	switch v.Kind() {
	case slog.KindString:
		text = v.String()
	case slog.KindAny:
		text = fmt.Sprintf("%+v", v.Any())
		if _, isError := v.Any().(error); !isError && !curpShape.MatchString(text) && !bearerShape.MatchString(text) {
			return a
		}
	default:
		return a
	}
	masked := bearerShape.ReplaceAllString(curpShape.ReplaceAllString(text, "$1············$2"), "[redacted]")
	return slog.String(a.Key, strings.ToValidUTF8(masked, "�"))
}

// Version returns the version of the build: the module version, else the first 12 digits of the
// commit hash, else "devel" or "unknown".
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value[:min(12, len(s.Value))]
		}
	}
	return "devel"
}
