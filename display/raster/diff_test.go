package raster_test

import (
	"bytes"
	"image"
	"image/color"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"kickstand/display/raster"
	"kickstand/display/scene"
)

// TestDiffOneButton sees a pressed button, and nothing else, as dirty.
func TestDiffOneButton(t *testing.T) {
	a := list(400, 300,
		scene.Op{Kind: scene.OpFill, Rect: scene.Rect{X: 10, Y: 10, W: 100, H: 50}, Radius: 8, Color: green},
		scene.Op{Kind: scene.OpFill, Rect: scene.Rect{X: 200, Y: 200, W: 100, H: 50}, Radius: 8, Color: green},
	)
	b := list(400, 300, a.Ops[1], a.Ops[2])
	b.Ops[2].Color = ink
	want := []image.Rectangle{image.Rect(200, 200, 300, 250)}
	if diff := cmp.Diff(want, raster.Diff(a, b)); diff != "" {
		t.Error(diff)
	}
	if got := raster.Diff(a, a); got != nil {
		t.Errorf("a list differs from itself in %v", got)
	}
	if diff := cmp.Diff([]image.Rectangle{image.Rect(0, 0, 500, 300)}, raster.Diff(a, list(500, 300))); diff != "" {
		t.Error(diff)
	}
}

// randomOp draws an op of any kind, from few values so that lists share some.
func randomOp(t *rapid.T) scene.Op {
	pick := func(name string, vs ...int) int { return rapid.SampledFrom(vs).Draw(t, name) }
	op := scene.Op{
		Kind:   scene.OpKind(pick("kind", 1, 1, 2, 3, 5, 6)),
		Rect:   scene.Rect{X: pick("x", -10, 5, 40, 90), Y: pick("y", -10, 5, 40, 90), W: pick("w", 0, 9, 60), H: pick("h", 0, 9, 40)},
		Color:  color.RGBA{R: uint8(pick("red", 0, 50)), A: uint8(pick("alpha", 80, 255))},
		Radius: pick("radius", 0, 6),
		Text:   rapid.SampledFrom([]string{"jay", "Wide"}).Draw(t, "text"),
		Face:   scene.Face{Px: pick("px", 12, 30)},
		Code:   "k",
	}
	if pick("clip", 0, 0, 1) == 1 {
		op.Clip = scene.Rect{X: 20, Y: 20, W: 60, H: 60}
	}
	return op
}

// TestDirtyEqualsFull is the promise that keeps the last customer off the
// screen: painting only what Diff names gives the same bytes as painting all.
func TestDirtyEqualsFull(t *testing.T) {
	p := newPainter(t)
	rapid.Check(t, func(t *rapid.T) {
		pool := rapid.SliceOfN(rapid.Custom(randomOp), 1, 8).Draw(t, "ops")
		some := rapid.SliceOfN(rapid.SampledFrom(pool), 0, 10)
		before, after := list(120, 120, some.Draw(t, "before")...), list(120, 120, some.Draw(t, "after")...)
		dirty := raster.Diff(before, after)
		for i, r := range dirty {
			for _, s := range dirty[i+1:] {
				if r.Overlaps(s) {
					t.Fatalf("%v and %v overlap", r, s)
				}
			}
		}
		got, want := paint(p, before), paint(p, after)
		p.PaintRects(got, after, dirty)
		if !bytes.Equal(want.Pix, got.Pix) {
			t.Fatalf("dirty painting of %v differs from a full one", dirty)
		}
	})
}
