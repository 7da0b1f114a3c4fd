package raster_test

import (
	"image"
	"image/color"
	"testing"

	"kickstand/display/scene"
)

// TestIconsStayInTheirPlace paints every icon in places of all shapes and wants
// some of it there and nothing elsewhere.
func TestIconsStayInTheirPlace(t *testing.T) {
	p := newPainter(t)
	for _, name := range scene.Icons() {
		for _, r := range []scene.Rect{{X: 20, Y: 20, W: 24, H: 24}, {X: 5, Y: 30, W: 90, H: 33}, {X: 31, Y: 3, W: 17, H: 90}} {
			img := paint(p, list(100, 100, scene.Op{Kind: scene.OpIcon, Rect: r, Color: ink, Icon: name}))
			in, out := painted(img, r)
			if in == 0 || out != 0 {
				t.Errorf("%s in %v: %d pixels inside, %d outside", name, r, in, out)
			}
		}
	}
}

func TestUnknownIconPaintsNothing(t *testing.T) {
	r := scene.Rect{X: 10, Y: 10, W: 50, H: 50}
	if in, out := painted(paint(newPainter(t), list(100, 100, scene.Op{Kind: scene.OpIcon, Rect: r, Color: ink, Icon: "unicycle"})), r); in+out != 0 {
		t.Errorf("%d pixels are painted", in+out)
	}
}

// painted counts the pixels that are not paper, inside r and outside.
func painted(img *image.RGBA, r scene.Rect) (in, out int) {
	for y := range img.Rect.Dy() {
		for x := range img.Rect.Dx() {
			switch {
			case color.RGBAModel.Convert(img.At(x, y)) == color.Color(paper):
			case r.Has(x, y):
				in++
			default:
				out++
			}
		}
	}
	return in, out
}
