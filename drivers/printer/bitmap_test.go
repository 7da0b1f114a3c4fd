package printer_test

import (
	"image"
	"image/color"
	"testing"

	"kickstand/drivers/printer"
)

func TestBitmapKeepsTheShareOfBlack(t *testing.T) {
	tests := []struct {
		name string
		ink  color.Color
		want int // percent of black dots
	}{
		{"black", color.Black, 100},
		{"white", color.White, 0},
		{"transparent is paper", color.NRGBA{R: 0, G: 0, B: 0, A: 0}, 0},
		{"half grey is a pattern", color.Gray{Y: 128}, 50},
		{"dark red", color.RGBA{R: 120, A: 255}, 86},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			img := image.NewNRGBA(image.Rect(5, 5, 105, 105))
			for y := 5; y < 105; y++ {
				for x := 5; x < 105; x++ {
					img.Set(x, y, test.ink)
				}
			}
			b, err := printer.NewBitmap(img, 0)
			if err != nil {
				t.Fatal(err)
			}
			n := 0
			for y := range b.Height {
				for x := range b.Width {
					if b.At(x, y) {
						n++
					}
				}
			}
			if got := n / 100; got < test.want-2 || got > test.want+2 {
				t.Errorf("%d %% black, want about %d %%", got, test.want)
			}
		})
	}
}

func TestBitmapFitsTheWidthAskedFor(t *testing.T) {
	b, err := printer.NewBitmap(image.NewGray(image.Rect(0, 0, 800, 200)), 384)
	if err != nil || b.Width != 384 || b.Height != 96 || len(b.Bits) != 48*96 {
		t.Errorf("got %d x %d, %v; want 384 x 96", b.Width, b.Height, err)
	}
	for _, r := range []image.Rectangle{{}, image.Rect(0, 0, 5000, 10), image.Rect(0, 0, 10, 5000)} {
		if _, err := printer.NewBitmap(image.NewGray(r), 384); err == nil {
			t.Errorf("a picture of %v was taken", r.Size())
		}
	}
}
