// Package notify sends the notices to people and stages' channels, each once and in order.
package notify
