// Package input reads what people type at the inputs of a form: names, the petition's medium,
// number and date, telephone and employee numbers, notes. A parser returns the text as it is stored,
// without what keyboards, word processors and clipboards insert, or a *problem.Error of CodeInvalid
// at its input. Of the project it imports only package problem.
package input
