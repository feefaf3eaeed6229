// Package job is the durable work: jobs that a change owes, the queue that hands them out,
// how one ends, and the Runner that does them. It knows nothing of accounts.
package job
