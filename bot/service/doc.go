// Package service is the assembled Altas: configuration in, running service out.
// It is the one place that knows every adapter.
//
//	cfg, err := service.LoadConfig(os.Getenv)
//	err = service.Run(ctx, cfg, log)
//
// Nothing here knows whether Graph, Entra and Teams are Microsoft's: the sandbox
// and the tests run this same service against stand-ins, by configuration alone.
package service
