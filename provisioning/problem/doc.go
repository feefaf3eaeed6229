// Package problem is the errors and warnings that people may read: a Code, which says what the
// caller may do about it, and a reason, the key of a sentence in the text catalogues. An error that
// is not an *Error is shown to people as CodeInternal, with a reference that is in the log. The
// package imports nothing of the project.
package problem
