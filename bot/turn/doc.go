// Package turn is one activity being handled: who acts, from where, in which language; and how
// they are answered.
package turn
