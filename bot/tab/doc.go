// Package tab is the personal tab in Teams: a person's requests, the accounts to hand over, what waits for
// the stages they decide at and, for administrators, everything. Its pages are rendered here and only read;
// every act is done in a chat or a channel.
package tab
