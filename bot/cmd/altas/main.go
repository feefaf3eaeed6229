// Command altas is the Microsoft Teams bot that creates the institutional mail accounts of
// Coahuila's schools, and the tools to run it. `altas help` lists its commands.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), stopSignals()...)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// stopSignals returns the signals for a graceful shutdown. A closed terminal sends SIGHUP, which
// nohup makes ignored; Windows sends SIGTERM for a closed console and at system shutdown.
func stopSignals() []os.Signal {
	all := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		all = append(all, syscall.SIGHUP)
	}
	return all
}
