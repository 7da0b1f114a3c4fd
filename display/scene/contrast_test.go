package scene_test

import (
	"image/color"
	"math"
	"testing"

	"kickstand/display/scene"
)

// checkContrast wants every text and icon to stand out from what lies beneath
// it: WCAG 2.2, 1.4.3 (4.5:1) and 1.4.6 (7:1) for text, 1.4.11 (3:1) for icons.
func checkContrast(t *testing.T, theme scene.Theme, l scene.List) {
	t.Helper()
	text, icon := 4.5, 3.0
	if theme == scene.Contrast {
		text = 7
	}
	for i, op := range l.Ops {
		want := text
		switch {
		case op.Kind == scene.OpIcon && op.Icon != "bicycle-spokes":
			want = icon
		case op.Kind != scene.OpText:
			continue
		}
		below := beneath(l.Ops[:i], shown(op))
		if got := ratio(op.Color, below); got < want {
			t.Errorf("%q%q in %v on %v: contrast %.2f, want %v", op.Text, op.Icon, op.Color, below, got, want)
		}
	}
}

// beneath is the colour under the middle of r.
func beneath(ops []scene.Op, r scene.Rect) color.RGBA {
	x, y := r.X+r.W/2, r.Y+r.H/2
	for i := len(ops) - 1; i >= 0; i-- {
		if op := ops[i]; op.Kind == scene.OpFill && op.Color.A == 255 && shown(op).Has(x, y) {
			return op.Color
		}
	}
	return color.RGBA{}
}

// ratio is the contrast of two colours as WCAG 2.2 defines it.
func ratio(a, b color.RGBA) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(c color.RGBA) float64 {
	part := func(v uint8) float64 {
		f := float64(v) / 255
		if f <= 0.04045 {
			return f / 12.92
		}
		return math.Pow((f+0.055)/1.055, 2.4)
	}
	return 0.2126*part(c.R) + 0.7152*part(c.G) + 0.0722*part(c.B)
}

// TestControlsStandOut wants the outline of keys and buttons, or their fill, to
// be seen against what is around them.
func TestControlsStandOut(t *testing.T) {
	fonts := painter(t)
	for _, theme := range scene.Themes() {
		for _, name := range []string{"pay", "search", "sale-7", "operators"} {
			l := scene.Layout(views()[name], scene.Panels()[0], scene.Prefs{Theme: theme}, fonts, scene.UI{})
			for _, id := range []string{"pay", "search", "back", "key:1", "cash:31000", "key:a", "operator:mae", "undo"} {
				n, ok := l.Find(id)
				if !ok || !n.Enabled {
					continue
				}
				if got := edgeContrast(l, n.Rect); got < 3 {
					t.Errorf("%s, %s: %q has a contrast of %.2f, want 3", theme, name, id, got)
				}
			}
		}
	}
}

// edgeContrast is the better of outline and fill of what is drawn in r.
func edgeContrast(l scene.List, r scene.Rect) float64 {
	best := 0.0
	around := color.RGBA{}
	for _, op := range l.Ops {
		switch {
		case op.Rect == r && (op.Kind == scene.OpStroke || op.Kind == scene.OpFill):
			best = max(best, ratio(op.Color, around))
		case op.Kind == scene.OpFill && op.Color.A == 255 && op.Rect.W > r.W && shown(op).Has(r.X, r.Y):
			around = op.Color
		}
	}
	return best
}
