package raster_test

import (
	"fmt"
	"image"
	"image/color"
	"testing"

	"kickstand/display/raster"
	"kickstand/display/scene"
)

// saleLike is as much to paint as a busy sale screen: a strip, seven lines with
// three texts each, a column of buttons with shadows, and a total.
func saleLike(p *raster.Painter, w, h int) scene.List {
	white := color.RGBA{255, 255, 255, 255}
	var ops []scene.Op
	text := func(x, y int, f scene.Face, s string) { ops = append(ops, line(p, x, y, f, s)) }
	text(20, 12, scene.Face{Px: 18}, "Demo Cycles   Ana")
	text(w-90, 12, scene.Face{Px: 18, Tabular: true}, "14:05")
	row := (h - 120) / 7
	for i := range 7 {
		y := 60 + i*row
		ops = append(ops, scene.Op{Kind: scene.OpFill, Rect: scene.Rect{X: 16, Y: y, W: w*3/5 - 32, H: row - 6}, Radius: 8, Color: white})
		ops = append(ops, scene.Op{Kind: scene.OpStroke, Rect: scene.Rect{X: 16, Y: y, W: w*3/5 - 32, H: row - 6}, Radius: 8, Width: 1, Color: color.RGBA{200, 200, 196, 255}})
		text(32, y+6, scene.Face{Px: 22, Weight: scene.Medium}, fmt.Sprintf("Inner tube 700x%d-32C Presta", 20+i))
		text(32, y+34, scene.Face{Px: 16}, fmt.Sprintf("SKU 10-%04d", 37*i))
		text(w*3/5-130, y+12, scene.Face{Px: 24, Tabular: true}, fmt.Sprintf("%d.99 $", 11*i+10))
	}
	for i := range 8 {
		r := scene.Rect{X: w*3/5 + 20 + i%2*(w/5), Y: 60 + i/2*(h-80)/4, W: w/5 - 28, H: (h-80)/4 - 20}
		ops = append(ops, scene.Op{Kind: scene.OpShadow, Rect: r, Radius: 12, Color: color.RGBA{A: 60}})
		ops = append(ops, scene.Op{Kind: scene.OpFill, Rect: r, Radius: 12, Color: green})
		op := line(p, r.X+20, r.Y+30, scene.Face{Px: 26, Weight: scene.Medium}, fmt.Sprintf("Action %d", i))
		op.Color = white
		ops = append(ops, op)
	}
	text(20, h-50, scene.Face{Px: 40, Weight: scene.Bold, Tabular: true}, "Total 1,234.56 $")
	return list(w, h, ops...)
}

// BenchmarkFull repaints a whole screen (aim: 20 ms).
func BenchmarkFull(b *testing.B) {
	for _, size := range []image.Point{{1024, 600}, {1280, 800}, {1920, 1080}} {
		b.Run(fmt.Sprintf("%dx%d", size.X, size.Y), func(b *testing.B) {
			p := newPainter(b)
			l := saleLike(p, size.X, size.Y)
			img := paint(p, l)
			b.ReportAllocs()
			for b.Loop() {
				p.Paint(img, l)
			}
		})
	}
}

// BenchmarkFirst is a whole screen with cold caches: the first frame.
func BenchmarkFirst(b *testing.B) {
	for b.Loop() {
		p := newPainter(b)
		paint(p, saleLike(p, 1024, 600))
	}
}

// BenchmarkButton finds and repaints one pressed button (aim: 4 ms).
func BenchmarkButton(b *testing.B) {
	p := newPainter(b)
	up := saleLike(p, 1024, 600)
	down := saleLike(p, 1024, 600)
	for i := range down.Ops {
		if down.Ops[i].Kind == scene.OpFill && down.Ops[i].Color == green {
			down.Ops[i].Color = ink
			break
		}
	}
	img := paint(p, up)
	b.ReportAllocs()
	for b.Loop() {
		p.PaintRects(img, down, raster.Diff(up, down))
		p.PaintRects(img, up, raster.Diff(down, up))
	}
}

// BenchmarkWidth measures a text that was measured before.
func BenchmarkWidth(b *testing.B) {
	p := newPainter(b)
	b.ReportAllocs()
	for b.Loop() {
		p.Width(scene.Face{Px: 22, Weight: scene.Medium}, "Inner tube 700x28-32C Presta 48 mm")
	}
}
