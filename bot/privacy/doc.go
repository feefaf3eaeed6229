// Package privacy shows the privacy notice, stores that a person acknowledged it, and then opens the
// form that it was shown before.
package privacy
