package main

import (
	"context"

	"seducoahuila.gob.mx/altas/bot/sandbox"
)

// runDemo runs the whole procedure with fakes and prints what people see.
func runDemo(ctx context.Context, c call) error {
	f := c.flags("demo", "demo [-file people.csv]")
	file := f.String("file", "", "people of your own, an .xlsx or .csv `file`; bot/sandbox/README.md tells its columns")
	if err := parse(c, f); err != nil {
		return err
	}
	return sandbox.Demo(ctx, c.out, *file)
}

// runSandbox runs the service behind Microsoft 365 Agents Playground until ctx ends.
func runSandbox(ctx context.Context, c call) error {
	f := c.flags("sandbox", "sandbox [-port N] [-data DIR] [-verbose]")
	o := sandbox.Options{Out: c.out, Log: c.errOut}
	f.IntVar(&o.Port, "port", 56150, "the `port` of the page to open")
	f.StringVar(&o.Dir, "data", "", "a `folder` to keep requests and receipts in; forgotten without one")
	f.BoolVar(&o.Verbose, "verbose", false, "print the service's log")
	if err := parse(c, f); err != nil {
		return err
	}
	if o.Port < 0 || o.Port > 65535 {
		c.warn("%d is no port: want 1 to 65535, or 0 for any", o.Port)
		return errUsage
	}
	return sandbox.Playground(ctx, o)
}
