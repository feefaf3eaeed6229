// Package recipient keeps where a person or a stage is reached in Teams: chats, channels, and
// what of either is out of reach, or refused, now.
package recipient
