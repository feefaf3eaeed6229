package words

import (
	"html"
	"strings"
	"testing"
	"unicode"
)

func TestTyped(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, said, quoted string }{
		"nothing odd":               {"estado 2026-000123", "estado 2026-000123", ""},
		"nothing":                   {"", "", ""},
		"a quote":                   {`<quoted messageId="1732900000000"/> estado`, "estado", "1732900000000"},
		"a quote, no slash":         {`<quoted messageId='17'> estado`, "estado", "17"},
		"a quote with its text":     {"<quoted messageId=\"17\">turnar\n2026-000001</quoted>\nestado", "estado", "17"},
		"two quotes":                {`<quoted messageId="17"/> <quoted messageId="18"/> estado`, "estado", "17"},
		"a quote of no message":     {`<quoted/> estado`, "estado", ""},
		"a quote alone":             {`<quoted messageId="17"/>`, "", "17"},
		"a quote behind":            {`estado <Quoted MessageID="17" />`, "estado", "17"},
		"a tag that was typed":      {`&lt;quoted messageId=&quot;17&quot;/&gt; estado`, `<quoted messageId="17"/> estado`, ""},
		"HTML":                      {"devolver la CURP &lt; 18 &amp; sin CCT&nbsp;", "devolver la CURP < 18 & sin CCT", ""},
		"spaces as HTML":            {"turnar&#160;2026&#x2011;000123&#8203;", "turnar 2026-000123", ""},
		"zero width":                {"estado\u200b", "estado", ""},
		"mark of direction":         {"\u200eestado\u200e \u202a2026-000123\u202c", "estado 2026-000123", ""},
		"byte order mark":           {"\ufeffestado", "estado", ""},
		"no-break spaces":           {"mis\u00a0solicitudes\u202fde\u3000hoy", "mis solicitudes de hoy", ""},
		"non-breaking hyphen":       {"estado 2026\u2011000123", "estado 2026-000123", ""},
		"en dash":                   {"2026\u2013000123", "2026-000123", ""},
		"em dash with spaces":       {"2026 \u2014 000123", "2026-000123", ""},
		"no-break spaces at a dash": {"2026\u00a0-\u00a0000123", "2026-000123", ""},
		"minus":                     {"2026\u2212000123", "2026-000123", ""},
		"soft hyphen in a folio":    {"2026\u00ad000123", "2026-000123", ""},
		"soft hyphen in a word":     {"soli\u00adcitar", "solicitar", ""},
		"a soft hyphen at a dash":   {"2026\u00ad\u2011 000123", "2026-000123", ""},
		"zero width in a folio":     {"2026-\u200b000123", "2026-000123", ""},
		"wide letters and digits":   {"ｅｓｔａｄｏ ２０２６－０００１２３", "estado 2026-000123", ""},
		"a line's stamp":            {"reintentar 2026\u2013000123\u20130001", "reintentar 2026-000123-0001", ""},
		"dashes of a text":          {"devolver falta la CURP \u2013 y la CCT", "devolver falta la CURP \u2013 y la CCT", ""},
		"a range":                   {"excluir 2\u20134 no laboran ahí", "excluir 2\u20134 no laboran ahí", ""},
		"lines":                     {"devolver\u2028falta la CURP\r\ny la CCT", "devolver\nfalta la CURP\r\ny la CCT", ""},
		"people":                    {"suplente <at>Ana</at> al 1/1/2027", "suplente <at>Ana</at> al 1/1/2027", ""},
	} {
		if said, quoted := Typed(c.text); said != c.said || quoted != c.quoted {
			t.Errorf("%s: %q is read as %q quoting %q, want %q quoting %q", name, c.text, said, quoted, c.said, c.quoted)
		}
	}
}

// The result has no invisible characters and no unusual spaces, and reads as itself when written
// again.
func FuzzTyped(f *testing.F) {
	for _, seed := range []string{
		`<quoted messageId="1"/> estado`, "2026\u2011000123\u200b", "&#8203;&nbsp;&amp;lt;", "\u200e２０２６－０００１２３", "<quoted", "2026 - 000123 - 0001", "2026\u00ad\u2011 000123\ufeff",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		said, _ := Typed(text)
		for _, r := range said {
			if unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Zs, r) && r != ' ' {
				t.Fatalf("%q is read as %q, with %U", text, said, r)
			}
		}
		if said != strings.TrimSpace(said) {
			t.Fatalf("%q is read as %q", text, said)
		}
		if again, quoted := Typed(html.EscapeString(said)); again != said || quoted != "" {
			t.Fatalf("%q is read as %q, and that as %q quoting %q", text, said, again, quoted)
		}
	})
}
