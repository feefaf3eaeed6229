package diagram

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image/png"
	"io"
	"strings"
	"testing"
)

// chart has every shape, and markup in its texts.
func chart() Chart {
	return Chart{
		Language: "es-MX", Title: "Título con ñ & <marcas>", Description: "Dicho \"entero\".", End: "Termina", Notes: []string{"Una nota."},
		Steps: []Step{
			{By: "Quien solicita", Text: "Llena el formulario."},
			{By: "Quien decide", Text: strings.Repeat("Revisa la información y decide. ", 5), Decision: true, Exits: []Exit{
				{When: "Si la devuelve", Text: "Se corrige.", To: ToStart}, {When: "Si la rechaza", Text: "Termina.", To: ToEnd},
			}},
			{By: "La máquina", Text: "Crea la cuenta.", Tone: Machine, Exits: []Exit{{When: "Si hay duda", Text: "Se pregunta.", To: ToStep}}},
		},
	}
}

func drawn(t *testing.T, c Chart) *Picture {
	t.Helper()
	p, err := Draw(c)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestSVGHasATitleADescriptionAndEveryText(t *testing.T) {
	t.Parallel()
	svg := drawn(t, chart()).SVG()
	said := map[string]string{}
	decoder := xml.NewDecoder(bytes.NewReader(svg))
	element := ""
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("not well-formed: %v", err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			element = token.Name.Local
		case xml.CharData:
			said[element] += string(token) + " "
		}
	}
	if strings.TrimSpace(said["title"]) != chart().Title || strings.TrimSpace(said["desc"]) != chart().Description {
		t.Errorf("title %q, desc %q", said["title"], said["desc"])
	}
	words := strings.Join(strings.Fields(said["text"]), " ")
	for _, s := range chart().Steps {
		for _, want := range []string{s.By, strings.TrimSpace(s.Text)} {
			if !strings.Contains(words, want) {
				t.Errorf("the picture does not say %q", want)
			}
		}
	}
	for _, never := range []string{"<script", "href", "url("} {
		if bytes.Contains(svg, []byte(never)) {
			t.Errorf("the picture has %s", never)
		}
	}
}

// Every line of text is inside the picture, and no text of a box is wider than the box.
func TestTextsFit(t *testing.T) {
	t.Parallel()
	p := drawn(t, chart())
	for _, each := range p.texts {
		right := each.at.x + p.fonts.width(each.says, each.bold, each.size)
		if each.at.x < margin || right > p.Width-margin || each.at.y < margin || each.at.y > p.Height-margin/2 {
			t.Errorf("%q from %v to %v at %v, in %v by %v", each.says, each.at.x, right, each.at.y, p.Width, p.Height)
		}
		if inColumn := each.at.x < margin+stepWidth; inColumn && each.size == textSize && each.says != "Una nota." && right > margin+stepWidth-padding+0.1 {
			t.Errorf("%q leaves its box", each.says)
		}
	}
}

// Boxes of steps and of exits do not overlap.
func TestBoxesDoNotOverlap(t *testing.T) {
	t.Parallel()
	p := drawn(t, chart())
	type box struct{ left, top, right, bottom float64 }
	var boxes []box
	for _, s := range p.shapes {
		b := box{s.corners[0].x, s.corners[0].y, s.corners[0].x, s.corners[0].y}
		for _, c := range s.corners {
			b = box{min(b.left, c.x), min(b.top, c.y), max(b.right, c.x), max(b.bottom, c.y)}
		}
		for _, other := range boxes {
			if b.left < other.right && other.left < b.right && b.top < other.bottom && other.top < b.bottom {
				t.Errorf("%v is over %v", b, other)
			}
		}
		boxes = append(boxes, b)
	}
	if len(boxes) != 7 {
		t.Errorf("%d boxes, want 3 steps, 3 exits and the end", len(boxes))
	}
}

func TestPNGFitsAndIsAlwaysTheSame(t *testing.T) {
	t.Parallel()
	p := drawn(t, chart())
	first, err := p.PNG(400, 300)
	if err != nil {
		t.Fatal(err)
	}
	again, err := drawn(t, chart()).PNG(400, 300)
	if err != nil || !bytes.Equal(first, again) {
		t.Errorf("the same chart is drawn in two ways (%v)", err)
	}
	if !bytes.Equal(p.SVG(), drawn(t, chart()).SVG()) {
		t.Error("the same chart is written in two ways")
	}
	img, err := png.Decode(bytes.NewReader(first))
	if err != nil {
		t.Fatal(err)
	}
	if size := img.Bounds().Size(); size.X > 400 || size.Y > 300 || size.X < 399 {
		t.Errorf("%v in 400 by 300", size)
	}
	dark := 0
	for y := range img.Bounds().Dy() {
		for x := range img.Bounds().Dx() {
			if r, _, _, _ := img.At(x, y).RGBA(); r < 0x8000 {
				dark++
			}
		}
	}
	if share := dark * 100 / (img.Bounds().Dx() * img.Bounds().Dy()); share < 2 || share > 40 {
		t.Errorf("%d %% of the picture is dark", share)
	}
}

func TestAChartNeedsAStep(t *testing.T) {
	t.Parallel()
	if _, err := Draw(Chart{Title: "Nada"}); err == nil {
		t.Error("drawn without a step")
	}
}
