package raster_test

import (
	"fmt"
	"image"
	"image/color"
	"os"

	"kickstand/display/raster"
	"kickstand/display/scene"
)

// Paint a first frame in full, then only what changed.
func Example() {
	p, err := raster.New(raster.Options{System: os.DirFS("/usr/share/fonts")})
	if err != nil {
		fmt.Println(err)
		return
	}
	face := scene.Face{Weight: scene.Medium, Px: 32, Tabular: true}
	white := scene.Op{Kind: scene.OpFill, Rect: scene.Rect{W: 320, H: 200}, Color: color.RGBA{255, 255, 255, 255}}
	clock := scene.Op{Kind: scene.OpText, Rect: scene.Rect{X: 20, Y: 20, W: 90, H: 40}, Color: color.RGBA{A: 255}, Face: face, Text: "14:05"}

	before := scene.List{W: 320, H: 200, Ops: []scene.Op{white, clock}}
	screen := image.NewRGBA(image.Rect(0, 0, 320, 200))
	p.Paint(screen, before)

	clock.Text = "14:06"
	after := scene.List{W: 320, H: 200, Ops: []scene.Op{white, clock}}
	dirty := raster.Diff(before, after)
	p.PaintRects(screen, after, dirty)
	fmt.Println(dirty)
	// Output: [(15,20)-(115,60)]
}
