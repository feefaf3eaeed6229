// Package bot is the conversation in Teams: commands and clicks, and the cards and messages that
// answer them.
//
// New takes what the service assembled (the connector, the store, the workflow, the directory),
// creates the rooms and returns a Bot. Handler serves its HTTP (gin stays in http.go). Handlers
// are its jobs: updating cards and delivering notices.
//
// An activity is verified by connector, admitted by dispatch.go, and becomes a turn: who acts,
// from which conversation, in which language. It goes to the room of its command or action. A
// click changes state through provisioning.Workflow, in one transaction with the jobs it causes,
// and is answered from the resulting state. Messages to others, or for later, are sent by a job,
// never from there. README.md has the table of files.
package bot
