// Package calendar computes working time: the hours of an organisation's working days, and when a
// deadline falls due in them.
package calendar
