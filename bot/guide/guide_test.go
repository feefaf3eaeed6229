package guide

import (
	"bytes"
	"strings"
	"testing"
)

// each calls the function with each page in each of its languages.
func each(t *testing.T, do func(t *testing.T, p Page, locale string)) {
	t.Helper()
	for _, p := range append([]Page{Filling}, Below...) {
		for _, locale := range []string{spanish, english} {
			if p == Filling && locale == english {
				continue
			}
			t.Run(string(p)+" "+locale, func(t *testing.T) { do(t, p, locale) })
		}
	}
}

// key as text: the test of package bot renders the pages with the bot's own texts.
func sameKey(key string) string { return key }

func TestRender(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, p Page, locale string) {
		html, err := Render(p, locale, sameKey)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{`<html lang="` + locale + `">`, "<h1", "</table></div>", "@media print"} {
			if !bytes.Contains(html, []byte(want)) {
				t.Errorf("the page has no %s", want)
			}
		}
		for _, never := range []string{"{{", "http://", "https://", "<script", "src=", "<title>Altas: </title>"} {
			if bytes.Contains(html, []byte(never)) {
				t.Errorf("the page has %s", never)
			}
		}
		if strings.Count(string(html), "<table>") != strings.Count(string(html), "</table></div>") {
			t.Error("a table does not scroll by itself")
		}
	})
}

func TestCodesStayOnOneLine(t *testing.T) {
	t.Parallel()
	html, err := Render(Filling, spanish, sameKey)
	if err != nil {
		t.Fatal(err)
	}
	for _, code := range []string{"F-008", "PE-DS-DGTI-011", "SEDU/SRS/045/2026", "05DPR0221C", "GAPM120515MCLRRRA4"} {
		whole, all := strings.Count(string(html), `<span class="code">`+code+"</span>"), strings.Count(string(html), code)
		if whole == 0 || whole != all {
			t.Errorf("%s may break in %d of %d places", code, all-whole, all)
		}
	}
	if got, want := finished(`<a href="X-12/3">CURP</a> OBSERVACIONES`), `<a href="X-12/3">CURP</a> OBSERVACIONES`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// A page in one language names what the same page in the other does, in the same order.
func TestBothLanguagesNameTheSame(t *testing.T) {
	t.Parallel()
	for _, p := range Below {
		var named [2]string
		for i, locale := range []string{spanish, english} {
			text, err := files.ReadFile(p.file(locale))
			if err != nil {
				t.Fatal(err)
			}
			seen := map[string]bool{}
			for _, found := range key.FindAllStringSubmatch(string(text), -1) {
				if !seen[found[1]] {
					named[i] += found[1] + "\n"
				}
				seen[found[1]] = true
			}
		}
		if named[0] != named[1] {
			t.Errorf("%s: in Spanish\n%s\nin English\n%s", p, named[0], named[1])
		}
	}
}

func TestTheBotsTextThatIsMissingIsAnError(t *testing.T) {
	t.Parallel()
	if _, err := Render(Approving, english, func(string) string { return "" }); err == nil || !strings.Contains(err.Error(), "button.turn") {
		t.Errorf("a page names what the bot does not have: %v", err)
	}
	if _, err := Render("nada", spanish, sameKey); err == nil {
		t.Error("a page that is not there is drawn")
	}
}
