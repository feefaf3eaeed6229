// Package letter is the oficio de respuesta: what a letter says of a request that has ended, and how
// it is written, part by part, from a template. It holds no password and no CURP, and a rejection no
// address.
package letter
