// Package access decides who may request accounts, see and correct a request, search, name
// substitutes and bind a channel. It also counts each person's inquiries about others.
package access
