// Package post keeps messages up to date. A post is one message in Teams, mostly a card.
// EnsureFor and EnsureAt send it, or update it until it shows the given card; they are
// idempotent.
package post
