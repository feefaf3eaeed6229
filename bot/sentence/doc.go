// Package sentence answers sentences that are no commands: it says what is true of what they ask for,
// and offers the button that leads there. It does nothing else.
package sentence
