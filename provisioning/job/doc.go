// Package job is the durable work: the jobs that a change causes, the queue that stores them, the
// errors that say how one failed, and the Runner that runs them. It knows nothing of accounts.
package job
