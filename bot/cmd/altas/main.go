// Command altas is the Microsoft Teams bot that gives the schools of Coahuila
// their institutional mail accounts, and the tools to run it. `altas help` lists
// its commands.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), endings()...)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// endings are what tells the program to end in order. A terminal that is closed
// sends SIGHUP, unless nohup said not to mind; Windows sends SIGTERM for that, and
// at its own end.
func endings() []os.Signal {
	all := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		all = append(all, syscall.SIGHUP)
	}
	return all
}
