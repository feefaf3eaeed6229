package guide

import (
	"bytes"
	"strings"
	"testing"
)

func TestFilling(t *testing.T) {
	t.Parallel()
	html, err := Filling()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`<html lang="es-MX">`, "<h1", "F-008", "<td>Ñáñez</td>", "</div>\n"} {
		if !bytes.Contains(html, []byte(want)) {
			t.Errorf("the page has no %s", want)
		}
	}
	for _, never := range []string{"<!-- text -->", "http://", "https://", "<script", "src="} {
		if bytes.Contains(html, []byte(never)) {
			t.Errorf("the page has %s", never)
		}
	}
	if strings.Count(string(html), "<table>") != strings.Count(string(html), "</table></div>") {
		t.Error("a table does not scroll by itself")
	}
}
