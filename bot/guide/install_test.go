package guide

import (
	"encoding/xml"
	"os"
	"regexp"
	"strings"
	"testing"
)

// block is a fenced block of the installation guide.
type block struct{ language, text string }

var fence = regexp.MustCompile("(?ms)^```(\\w+)\n(.*?)^```$")

func blocks(t *testing.T) (all []block) {
	t.Helper()
	text, err := os.ReadFile("instalacion.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, found := range fence.FindAllStringSubmatch(string(text), -1) {
		all = append(all, block{found[1], found[2]})
	}
	return all
}

// only returns the one block of a language.
func only(t *testing.T, language string) string {
	t.Helper()
	var text string
	for _, b := range blocks(t) {
		if b.language == language {
			if text != "" {
				t.Fatalf("more than one block of %s", language)
			}
			text = b.text
		}
	}
	return text
}

// What the proxies pass on, by path: Teams' messages and the pages, and nothing that is for this machine.
var passed = map[string]bool{
	"api/messages": true, "guia": true, "guia/autorizar": true, "oficio/ABCD-EFGH": true, "oficio/archivo/x": true, "flujo.svg": true, "panel": true, "panel/turno/director": true,
	"metrics": false, "readyz": false, "healthz": false, "": false, "api/messages/x": false, "x/api/messages": false, "oficio": false,
}

// The web.config of IIS is XML, and its first rule passes on what it should; the last refuses all others.
func TestIISPassesOnWhatItShould(t *testing.T) {
	t.Parallel()
	var config struct {
		Rules []struct {
			Match struct {
				URL string `xml:"url,attr"`
			} `xml:"match"`
			Action struct {
				Type string `xml:"type,attr"`
				URL  string `xml:"url,attr"`
			} `xml:"action"`
		} `xml:"system.webServer>rewrite>rules>rule"`
	}
	if err := xml.Unmarshal([]byte(only(t, "xml")), &config); err != nil {
		t.Fatal(err)
	}
	if len(config.Rules) != 2 || config.Rules[0].Action.URL != "http://127.0.0.1:3978/{R:0}" ||
		config.Rules[1].Match.URL != ".*" || config.Rules[1].Action.Type != "CustomResponse" {
		t.Fatalf("rules: %+v", config.Rules)
	}
	match := regexp.MustCompile("(?i)" + config.Rules[0].Match.URL) // IIS compares without case
	for path, want := range passed {
		if match.MatchString(path) != want || want && match.FindString(path) != path { // {R:0} is the match
			t.Errorf("/%s is passed on: %v, want %v", path, !want, want)
		}
	}
}

var location = regexp.MustCompile(`location (=?) *(\S+) *\{ *(proxy_pass|return 404)`)

// nginx takes an exact location first, else the longest prefix.
func TestNginxPassesOnWhatItShould(t *testing.T) {
	t.Parallel()
	all := location.FindAllStringSubmatch(only(t, "nginx"), -1)
	if len(all) < 5 {
		t.Fatalf("only %d locations", len(all))
	}
	for path, want := range passed {
		path = "/" + path
		var longest, does string
		for _, found := range all {
			exact, prefix, act := found[1] == "=", found[2], found[3]
			if exact && path == prefix {
				longest, does = path+"exact", act
			}
			if !exact && strings.HasPrefix(path, prefix) && len(prefix) > len(longest) {
				longest, does = prefix, act
			}
		}
		if got := does == "proxy_pass"; got != want {
			t.Errorf("%s is passed on: %v, want %v", path, got, want)
		}
	}
}

// Each block for a Linux shell has a PowerShell one after it, but those that set Linux up.
func TestEachShellBlockHasAPowerShellOne(t *testing.T) {
	t.Parallel()
	onlyLinux := regexp.MustCompile(`useradd|ALTAS_CONFIG=|centres import /srv`) // the Windows section has altas.cmd and the task
	all := blocks(t)
	checked := 0
	for i, b := range all {
		if b.language != "sh" || onlyLinux.MatchString(b.text) {
			continue
		}
		checked++
		if i+1 == len(all) || all[i+1].language != "powershell" {
			t.Errorf("no PowerShell after:\n%s", b.text)
		}
	}
	if checked < 4 {
		t.Errorf("only %d blocks are checked", checked)
	}
}
