// Package preference handles what a person chooses about replies: the language, and buttons that
// work on their device.
package preference
