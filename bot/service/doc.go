// Package service loads the configuration and runs Altas. It is the only package that imports
// every adapter.
//
//	cfg, err := service.LoadConfig(os.Getenv)
//	err = service.Run(ctx, cfg, log)
//
// The addresses of Graph, Entra and Teams are configuration: the sandbox and the tests run the
// same service against fakes.
package service
