// Package provisioning is the business of Altas: who asks for an institutional
// account, who may decide, which address it gets, and the durable work that
// makes it so.
//
// Of the project it imports packages job and calendar alone. What it needs from outside (a Store, a
// Directory, the Receipts) it declares as interfaces beside the code that
// calls them; the rooms above implement them. States and transitions are pure
// functions in state.go. What people do goes through a Workflow, what the machine does
// through an Executor; both change state in one transaction of the Store with the
// jobs that this causes. A job.Runner then does the jobs, each of which may run twice and
// count once.
package provisioning
