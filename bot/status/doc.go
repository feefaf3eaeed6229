// Package status is what people ask about requests in their own chat: how one stands, which
// they have, who is on one; and ending one's own. It keeps what it showed up to date.
package status
