// Package privacy keeps who has acknowledged the privacy notice, which version of it, and when.
// Before the acknowledgement of the version in force no CURP is taken from a person.
package privacy
