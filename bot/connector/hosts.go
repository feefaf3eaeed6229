package connector

import (
	"net"
	"net/url"
	"strings"
)

// hosts decides which addresses may receive the bot's token, or be the service URL of an
// incoming activity.
type hosts struct {
	configured map[string]bool // lower case, host or host:port
}

func newHosts(further []string) hosts {
	set := make(map[string]bool, len(further))
	for _, h := range further {
		set[strings.ToLower(strings.TrimSpace(h))] = true
	}
	return hosts{configured: set}
}

// trusts reports whether a service URL is one of Teams' or a configured one.
// smba.trafficmanager.net is trusted by its full name: anyone may register another name under
// trafficmanager.net.
func (h hosts) trusts(address string) bool {
	u, err := url.Parse(address)
	if err != nil || !plainAddress(u) {
		return false
	}
	if h.isConfigured(u) {
		return u.Scheme == "https" || u.Scheme == "http"
	}
	return u.Scheme == "https" && (u.Port() == "" || u.Port() == "443") && isTeams(strings.ToLower(u.Hostname()))
}

// mayFetch reports whether keys may be read from an address: https anywhere (the address is
// configured, or from a document that was), plain http only on loopback or a configured host.
func (h hosts) mayFetch(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil {
		return false
	}
	if u.Scheme == "https" {
		return true
	}
	return u.Scheme == "http" && (h.isConfigured(u) || isLoopback(u.Hostname()))
}

func (h hosts) isConfigured(u *url.URL) bool {
	return h.configured[strings.ToLower(u.Host)] || h.configured[strings.ToLower(u.Hostname())]
}

// isTeams reports whether a host is one of the public and US government service hosts of Teams'
// bots.
// https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/send-proactive-messages
func isTeams(host string) bool {
	if host == "smba.trafficmanager.net" {
		return true
	}
	for _, domain := range []string{".botframework.com", ".teams.microsoft.com", ".teams.microsoft.us", ".botframework.azure.us"} {
		if strings.HasSuffix(host, domain) {
			return true
		}
	}
	return false
}

// plainAddress reports whether a service URL has none of the parts that it does not need and
// that could hide another host.
func plainAddress(u *url.URL) bool {
	return u.Host != "" && u.User == nil && u.RawQuery == "" && u.Fragment == "" && u.Opaque == "" &&
		!strings.Contains(u.Path, "..")
}

func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

func isHTTPS(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Scheme == "https" && u.Host != "" && u.User == nil
}

// isHost reports whether text is host or host:port only.
func isHost(text string) bool {
	text = strings.TrimSpace(text)
	u, err := url.Parse("//" + text)
	return err == nil && text != "" && u.Host == text && u.Hostname() != "" && !strings.Contains(text, "*")
}
