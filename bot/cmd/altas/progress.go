package main

import (
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// bars shows progress on a terminal. The total is not known.
type bars struct {
	terminal *os.File // nil if there is none
	what     string
	bar      *progressbar.ProgressBar
}

func newBars(w io.Writer) *bars {
	file, is := w.(*os.File)
	if !is || !term.IsTerminal(int(file.Fd())) {
		return &bars{}
	}
	return &bars{terminal: file}
}

// show sets the number of things read so far.
func (b *bars) show(what string, n int) {
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

func (b *bars) finish() {
	if b.bar != nil {
		_ = b.bar.Finish()
		b.bar = nil
	}
}
