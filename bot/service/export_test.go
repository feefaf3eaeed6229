package service

import "seducoahuila.gob.mx/altas/provisioning"

// Around has what the parts of the service do to the store watched.
func (c *Config) Around(watch func(provisioning.Store) provisioning.Store) { c.decorate = watch }
