// Package confirm asks for confirmation of typed acts that cannot be undone; their buttons ask
// for one too.
package confirm
