// Package admin handles what administrators and office holders set up from a channel: the
// substitutes of a stage's approvers, and the channel of each stage.
package admin
