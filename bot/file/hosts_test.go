package file

import (
	"strings"
	"testing"
)

func TestWhereFilesMayGo(t *testing.T) {
	t.Parallel()
	hosts, err := NewHosts([]string{"files.example:8443", "Intranet.example"})
	if err != nil {
		t.Fatal(err)
	}
	for address, want := range map[string]bool{
		"https://sedu-my.sharepoint.com/personal/x?tempauth=1": true,
		"https://SEDU-my.SharePoint.com:443/x":                 true,
		"https://sedu.sharepoint.us/x":                         true,
		"https://sedu.sharepoint-mil.us/x":                     true,
		"https://sedu.sharepoint.cn/x":                         true,
		"https://files.example:8443/x":                         true,
		"http://files.example:8443/x":                          true,
		"http://intranet.example/x":                            true,

		"http://sedu.sharepoint.com/x":                 false,
		"https://sedu.sharepoint.com:8443/x":           false,
		"https://sharepoint.com/x":                     false,
		"https://evilsharepoint.com/x":                 false,
		"https://sedu.sharepoint.com.evil.example/x":   false,
		"https://sedu.sharepoint.com@evil.example/x":   false,
		"https://evil.example/.sharepoint.com":         false,
		"https://evil.example#.sharepoint.com":         false,
		"https://evil.example\\.sharepoint.com/":       false,
		"https://smba.trafficmanager.net/x":            false,
		"https://127.0.0.1/x":                          false,
		"https://169.254.169.254/metadata":             false,
		"http://files.example/x":                       false,
		"https://user:pass@sedu-my.sharepoint.com/x":   false,
		"ftp://files.example:8443/x":                   false,
		"file:///etc/passwd":                           false,
		"https:sedu.sharepoint.com":                    false,
		"//sedu.sharepoint.com/x":                      false,
		"":                                             false,
		"https://sedu.sharepoint.com\x00.evil.example": false,
	} {
		if err := hosts.check(address); (err == nil) != want {
			t.Errorf("%q: %v, allowed %v", address, err, want)
		}
	}
	if err := (Hosts{}).check("https://u.example/x?tempauth=s3cret"); err == nil || strings.Contains(err.Error(), "s3cret") {
		t.Errorf("err = %v, without what the address permits", err)
	}
}

func TestHostsNameEveryFault(t *testing.T) {
	t.Parallel()
	_, err := NewHosts([]string{"https://a.example", "b.example/x", "*.example", "c.example"})
	want := `"https://a.example": want host or host:port, nothing else
"b.example/x": want host or host:port, nothing else
"*.example": want host or host:port, nothing else`
	if err == nil || err.Error() != want {
		t.Errorf("err = %v, want\n%s", err, want)
	}
}
