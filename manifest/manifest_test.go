package manifest_test

import (
	"archive/zip"
	"bytes"
	"flag"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/manifest"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func example() manifest.Config {
	return manifest.Config{
		BotID: "22222222-2222-4222-8222-222222222222", Version: "1.0.0", Developer: "SEDU Coahuila, DGTI",
		Website: "https://www.seducoahuila.gob.mx", Privacy: "https://www.seducoahuila.gob.mx/privacidad",
		Terms: "https://www.seducoahuila.gob.mx/terminos", Domain: "altas.seducoahuila.gob.mx",
	}
}

func pack(t *testing.T) map[string][]byte {
	t.Helper()
	var buffer bytes.Buffer
	if err := manifest.Write(&buffer, example()); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(buffer.Bytes()), int64(buffer.Len()))
	if err != nil {
		t.Fatal(err)
	}
	files := make(map[string][]byte)
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if files[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

func TestPackageIsGolden(t *testing.T) {
	t.Parallel()
	files := pack(t)
	for _, name := range []string{"manifest.json", "en.json"} {
		path := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(path, files[name], 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(files[name])); diff != "" {
			t.Errorf("%s differs (-golden +now):\n%s", name, diff)
		}
	}
}

func TestIconsHaveTheirSizes(t *testing.T) {
	t.Parallel()
	files := pack(t)
	for name, size := range map[string]int{"color.png": 192, "outline.png": 32} {
		img, err := png.Decode(bytes.NewReader(files[name]))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if b := img.Bounds(); b.Dx() != size || b.Dy() != size {
			t.Errorf("%s is %v, want %d×%d", name, b, size, size)
		}
	}
	outline, err := png.Decode(bytes.NewReader(files["outline.png"]))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, _, alpha := outline.At(0, 0).RGBA(); alpha != 0 {
		t.Error("the outline icon's ground is not transparent")
	}
}

func TestEveryFaultIsNamedAtOnce(t *testing.T) {
	t.Parallel()
	err := manifest.Write(io.Discard, manifest.Config{BotID: "x", Version: "1", Website: "http://a", Privacy: "", Terms: "https://a"})
	if err == nil {
		t.Fatal("an empty configuration was packed")
	}
	for _, want := range []string{"-bot", "BOT_APP_ID", "-version", "-developer", "-website", "-privacy"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not named in: %v", want, err)
		}
	}
}

// Teams trusts the domains of the package: one name, no address and no neighbours.
func TestDomains(t *testing.T) {
	t.Parallel()
	for domain, fits := range map[string]bool{
		"": true, "altas.seducoahuila.gob.mx": true,
		"https://altas.seducoahuila.gob.mx": false, "altas.seducoahuila.gob.mx/guia": false, "*.gob.mx": false, "localhost": false, "altas:443": false,
	} {
		c := example()
		c.Domain = domain
		if err := c.Validate(); (err == nil) != fits {
			t.Errorf("domain %q: %v", domain, err)
		}
	}
}
