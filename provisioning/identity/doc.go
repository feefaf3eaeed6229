// Package identity is whom an account is for, and by what they are known: a Holder, which is a
// Person or a Centre, with their keys CURP and CCT, their names, also as directories that others
// filled write them, and the addresses made of them. A CURP is printed masked. Of the project it
// imports only packages problem and input.
package identity
