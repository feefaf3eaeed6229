// Package form handles the request form: its steps, the draft while it is filled in, submitting
// it once, and correcting a returned request.
package form
