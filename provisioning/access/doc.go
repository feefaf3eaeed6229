// Package access says who may ask for accounts, see and correct a request, search, stand in for
// an approver and bind a channel, and counts what people ask about others.
package access
