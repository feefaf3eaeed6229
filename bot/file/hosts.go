package file

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// Hosts are hosts that files may be uploaded to besides Microsoft's. The zero value has none.
type Hosts struct {
	configured map[string]bool // lower case, host or host:port
}

// NewHosts returns the hosts of a list of host or host:port. The error names each that is
// something else.
func NewHosts(further []string) (Hosts, error) {
	h := Hosts{configured: make(map[string]bool, len(further))}
	var faults []error
	for _, text := range further {
		u, err := url.Parse("//" + text)
		if err != nil || text == "" || u.Host != text || u.Hostname() == "" || strings.Contains(text, "*") {
			faults = append(faults, fmt.Errorf("%q: want host or host:port, nothing else", text))
		}
		h.configured[strings.ToLower(text)] = true
	}
	return h, errors.Join(faults...)
}

// check returns an error unless a file may be uploaded to an address: https at SharePoint, where
// everybody's OneDrive is, or at a configured host; plain http only there. The address comes from
// the person's client. The error has only its host.
func (h Hosts) check(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || u.Opaque != "" {
		return errors.New("not an address of a host")
	}
	if h.configured[strings.ToLower(u.Host)] || h.configured[strings.ToLower(u.Hostname())] {
		if u.Scheme == "https" || u.Scheme == "http" {
			return nil
		}
	}
	if u.Scheme == "https" && (u.Port() == "" || u.Port() == "443") && isSharePoint(strings.ToLower(u.Hostname())) {
		return nil
	}
	return fmt.Errorf("%s://%s is no host that files may be uploaded to (BOT_FILE_HOSTS)", u.Scheme, u.Host)
}

// sharePoint are the domains of SharePoint Online: worldwide and GCC, GCC High, DoD, and China.
// https://learn.microsoft.com/microsoft-365/enterprise/urls-and-ip-address-ranges
// https://learn.microsoft.com/microsoft-365/enterprise/microsoft-365-u-s-government-gcc-high-endpoints
// https://learn.microsoft.com/microsoft-365/enterprise/microsoft-365-u-s-government-dod-endpoints
// https://learn.microsoft.com/microsoft-365/enterprise/urls-and-ip-address-ranges-21vianet
var sharePoint = []string{".sharepoint.com", ".sharepoint.us", ".sharepoint-mil.us", ".sharepoint.cn"}

func isSharePoint(host string) bool {
	for _, domain := range sharePoint {
		if strings.HasSuffix(host, domain) {
			return true
		}
	}
	return false
}
