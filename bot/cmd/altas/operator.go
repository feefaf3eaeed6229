package main

import (
	"cmp"
	"os"
	"os/user"

	"seducoahuila.gob.mx/altas/provisioning"
)

// operator returns who runs the command, for the audit: their account on this machine.
func operator() provisioning.Actor {
	name := cmp.Or(os.Getenv("SUDO_USER"), os.Getenv("USER"), os.Getenv("USERNAME"), "?")
	if u, err := user.Current(); err == nil && os.Getenv("SUDO_USER") == "" {
		name = u.Username
	}
	host, err := os.Hostname()
	if err != nil {
		host = "?"
	}
	return provisioning.Actor{ID: "os:" + name, Name: name, Conversation: "os:" + host}
}
