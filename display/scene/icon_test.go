package scene_test

import (
	"testing"

	"kickstand/display/scene"
)

func TestIconsLieOnTheirGrid(t *testing.T) {
	for _, name := range scene.Icons() {
		p, ok := scene.Icon(name)
		if !ok || len(p.Lines) == 0 {
			t.Errorf("%s is not drawn", name)
		}
		half := p.Stroke / 2
		for _, c := range p.Lines {
			points := []scene.Point{c.Start}
			for _, b := range c.Pieces {
				points = append(points, b.D)
			}
			for _, q := range points {
				if q.X < half || q.Y < half || q.X > p.W*100-half || q.Y > p.H*100-half {
					t.Errorf("%s: %v is not on the grid of %d by %d", name, q, p.W, p.H)
				}
			}
		}
	}
	if _, ok := scene.Icon("no such icon"); ok {
		t.Error("an icon nobody drew is there")
	}
}

// TestEveryIconOfTheShopIsDrawn looks at the operations of all screens.
func TestEveryIconOfTheShopIsDrawn(t *testing.T) {
	fonts := painter(t)
	for name, v := range allViews() {
		for _, op := range scene.Layout(v, scene.Panels()[2], scene.Prefs{}, fonts, scene.UI{}).Ops {
			if _, ok := scene.Icon(op.Icon); op.Kind == scene.OpIcon && !ok {
				t.Errorf("%s: there is no icon %q", name, op.Icon)
			}
		}
	}
}
