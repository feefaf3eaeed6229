// Package preference is what a person chooses of how they are answered: the language, and the
// buttons that serve on their device.
package preference
