package main

import (
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// progress shows progress on a terminal. The total is not known.
type progress struct {
	terminal *os.File // nil if there is none
	what     string
	bar      *progressbar.ProgressBar
}

func newProgress(w io.Writer) *progress {
	file, is := w.(*os.File)
	if !is || !term.IsTerminal(int(file.Fd())) {
		return &progress{}
	}
	return &progress{terminal: file}
}

// set sets the number of things read so far.
func (b *progress) set(what string, n int) {
	if b.terminal == nil {
		return
	}
	if b.bar == nil || b.what != what {
		b.finish()
		b.what, b.bar = what, progressbar.NewOptions64(-1, progressbar.OptionSetWriter(b.terminal), progressbar.OptionSetDescription(what),
			progressbar.OptionShowCount(), progressbar.OptionShowIts(), progressbar.OptionThrottle(100*time.Millisecond),
			progressbar.OptionSpinnerType(14), progressbar.OptionClearOnFinish())
	}
	_ = b.bar.Set(n) // a failing progress bar must not end the command
}

func (b *progress) finish() {
	if b.bar != nil {
		_ = b.bar.Finish()
		b.bar = nil
	}
}
