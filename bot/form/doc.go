// Package form is the form: its steps, what is kept of it while it is filled in, sending it
// once, and a returned request opened as a form.
package form
