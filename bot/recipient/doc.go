// Package recipient keeps where a person or a stage is reached in Teams: conversation
// references, channels, outages, and messages that Teams refused.
package recipient
