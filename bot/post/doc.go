// Package post keeps messages up to date. A post is a message that stands somewhere, a card
// mostly: Ensure sends it or replaces it until it shows what it should, so that doing it again
// changes nothing.
package post
