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
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
