// Package bot is the conversation: what people type and click in Teams, and what
// they see because of it.
//
// New takes what the service assembled (the connector, the store, the desk, the
// directory), puts the rooms together and returns a Bot. Handler serves its HTTP (gin stays in
// http.go); Handlers are its share of the durable work: cards that show what is true, and
// notices that are still to be delivered.
//
// An activity is let in by connector, judged by dispatch.go, and becomes a turn: who acts,
// from where, in which language. It goes to the room that answers its command, or its click. A
// click changes state through provisioning.Workflow, in one transaction with the jobs it causes,
// and is answered from what then is true. What must be seen by others, or later, is
// never sent from there: a job does it. README.md tells which file sees to what.
package bot
