package connector

import "testing"

// The bot's token is sent to the service URL, and an activity is accepted by its service URL.
func TestTrustedHosts(t *testing.T) {
	t.Parallel()
	h := newHosts([]string{"127.0.0.1:9000", " Teams.Local "})
	for address, want := range map[string]bool{
		"https://smba.trafficmanager.net/amer/":         true,
		"https://SMBA.trafficmanager.net/amer/":         true,
		"https://smba.trafficmanager.net:443/amer/":     true,
		"https://eu.botframework.com/":                  true,
		"https://europe.teams.microsoft.com/x":          true,
		"https://gov.teams.microsoft.us/":               true,
		"https://gov.botframework.azure.us/":            true,
		"http://127.0.0.1:9000/":                        true,
		"https://teams.local:1/":                        true,
		"http://smba.trafficmanager.net/":               false,
		"ftp://127.0.0.1:9000/":                         false,
		"http://127.0.0.1:9001/":                        false,
		"https://smba.trafficmanager.net:8443/":         false,
		"https://evil.trafficmanager.net/":              false,
		"https://botframework.com/":                     false,
		"https://evilbotframework.com/":                 false,
		"https://teams.microsoft.com.evil.example/":     false,
		"https://smba.trafficmanager.net@evil.example/": false,
		"https://a@smba.trafficmanager.net/":            false,
		"https://smba.trafficmanager.net/?to=evil":      false,
		"https://smba.trafficmanager.net/#x":            false,
		"https://smba.trafficmanager.net/amer/../../x":  false,
		"https:smba.trafficmanager.net":                 false,
		"//smba.trafficmanager.net/":                    false,
		"https://smba.trafficmanager.net/%zz":           false,
		"":                                              false,
	} {
		if got := h.trusts(address); got != want {
			t.Errorf("trusts(%q) = %v, want %v", address, got, want)
		}
	}
}

func TestWhereKeysMayBeReadFrom(t *testing.T) {
	t.Parallel()
	h := newHosts([]string{"teams.local"})
	for address, want := range map[string]bool{
		"https://login.botframework.com/v1/keys": true,
		"http://127.0.0.1:9000/keys":             true,
		"http://[::1]:9000/keys":                 true,
		"http://localhost/keys":                  true,
		"http://teams.local/keys":                true,
		"http://login.botframework.com/v1/keys":  false,
		"ftp://127.0.0.1/keys":                   false,
		"file:///etc/keys":                       false,
		"https:///keys":                          false,
		"https://a@login.botframework.com/keys":  false,
		"https://login.botframework.com/%zz":     false,
		"":                                       false,
	} {
		if got := h.mayFetch(address); got != want {
			t.Errorf("mayFetch(%q) = %v, want %v", address, got, want)
		}
	}
}
