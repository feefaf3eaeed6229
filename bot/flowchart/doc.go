// Package flowchart shows the flow chart of each kind of request, annex F-007 of the procedure: the
// commands "flujo" and "flujo recuperar" in Teams, and, where the bot has a public address, the same
// pictures as pages. Flows computes the flows from the rules; Draw draws one.
package flowchart
