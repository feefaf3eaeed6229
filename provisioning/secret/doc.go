// Package secret is temporary passwords: drawn so that they can be read and dictated in Spanish,
// and printed, logged and encoded as "[redacted]". Of the project it imports only package input.
package secret
