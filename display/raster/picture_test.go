package raster_test

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"testing"

	"kickstand/display/scene"
)

// photo is a JPEG of one colour.
func photo(t *testing.T, w, h int, c color.Color) string {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range w * h {
		m.Set(i%w, i/w, c)
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestPicture draws a wide picture in the middle of a square, and nothing of what
// cannot be read.
func TestPicture(t *testing.T) {
	good := photo(t, 80, 40, color.RGBA{200, 30, 30, 255})
	for name, c := range map[string]struct {
		data string
		red  bool
	}{
		"a picture":    {good, true},
		"half of one":  {good[:len(good)/3], false},
		"text":         {"no picture", false},
		"nothing":      {"", false},
		"only a claim": {good[:2] + "\xff\xc0\x00\x11\x08\xff\xff\xff\xff\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01", false},
	} {
		t.Run(name, func(t *testing.T) {
			dst := image.NewRGBA(image.Rect(0, 0, 120, 120))
			newPainter(t).Paint(dst, scene.List{W: 120, H: 120, Ops: []scene.Op{
				{Kind: scene.OpFill, Rect: scene.Rect{W: 120, H: 120}, Color: color.RGBA{255, 255, 255, 255}},
				{Kind: scene.OpPicture, Rect: scene.Rect{X: 10, Y: 10, W: 100, H: 100}, Picture: c.data},
			}})
			if mid := dst.RGBAAt(60, 60); (mid.G < 100) != c.red {
				t.Errorf("the middle is %v", mid)
			}
			for _, p := range []image.Point{{5, 60}, {60, 30}, {60, 90}, {115, 60}} {
				if c := dst.RGBAAt(p.X, p.Y); c.G < 250 {
					t.Errorf("%v outside the picture is %v", p, c)
				}
			}
		})
	}
}
