// Package sandbox runs Altas on one machine: the service of `altas serve`, configured to use a
// fake tenant (graphfake) and a fake Teams (teamsfake).
//
// Demo runs the procedure with a scripted client and prints what people see. Playground uses
// Microsoft 365 Agents Playground instead of Teams, for use in a browser.
package sandbox
