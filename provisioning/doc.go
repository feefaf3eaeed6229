// Package provisioning is the domain of Altas: who requests an institutional account, who may
// decide, which address it gets, and the durable work that creates it.
//
// Of the project it imports only packages job, calendar, problem, input, identity and secret. What
// it needs from outside (a Store, a Directory, the Receipts) it declares as interfaces beside the
// code that calls them; the packages above implement them. States and transitions are pure
// functions in state.go. People's actions go through a Workflow, automatic ones through an
// Executor; both change state and enqueue the jobs that follow in one transaction of the Store. A
// job.Runner runs the jobs, which are idempotent.
package provisioning
