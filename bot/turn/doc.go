// Package turn represents one activity being handled: who acts, from which conversation, in
// which language; and it sends the replies.
package turn
