// Package sandbox is the whole of Altas on one machine: the service that `altas
// serve` runs, with a stand-in tenant (graphfake) and a stand-in Teams (teamsfake)
// around it, reached by configuration alone.
//
// Demo plays the main job with a scripted client and prints what people see.
// Playground puts Microsoft 365 Agents Playground in Teams' place, to be clicked
// through in a browser.
package sandbox
