package main

import (
	"os"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// progress shows how far long work has come, on the error output and only where somebody watches it: else its bar is nil.
type progress struct{ bar *progressbar.ProgressBar }

func (p *program) progress(total int, what string) *progress {
	file, isFile := p.stderr.(*os.File)
	if !isFile || !term.IsTerminal(int(file.Fd())) {
		return &progress{}
	}
	return &progress{progressbar.NewOptions(total,
		progressbar.OptionSetWriter(p.stderr), progressbar.OptionSetDescription(what), progressbar.OptionShowCount(),
		progressbar.OptionSetPredictTime(true), progressbar.OptionClearOnFinish(),
		progressbar.OptionSetSpinnerChangeInterval(0), // a spinner that turns by itself races with what is added
	)}
}

func (b *progress) add(n int) {
	if b.bar != nil {
		_ = b.bar.Add(n)
	}
}

func (b *progress) set(n int) {
	if b.bar != nil {
		_ = b.bar.Set(n)
	}
}

// clear makes room for a line of output; what is added next shows the bar again.
func (b *progress) clear() {
	if b.bar != nil {
		_ = b.bar.Clear()
	}
}

func (b *progress) finish() {
	if b.bar != nil {
		_ = b.bar.Finish()
	}
}
