package raster

import (
	"image"

	"kickstand/display/scene"
)

type iconKey struct {
	name string
	w, h int
}

// icon draws an icon centred in its rectangle, as large as that allows. A name
// that nobody drew is left out.
func (p *Painter) icon(dst *image.RGBA, op *scene.Op, clip image.Rectangle) {
	key := iconKey{op.Icon, op.Rect.W, op.Rect.H}
	m, ok := p.icons.get(key)
	if !ok {
		m = iconMask(op.Icon, op.Rect.W, op.Rect.H)
		p.icons.put(key, m, 64+len(m.pix))
	}
	fillMask(dst, m, op.Rect.X+m.dx, op.Rect.Y+m.dy, flip{}, clip, op.Color, nil)
}

// iconMask rasterises an icon for a rectangle of w by h pixels.
func iconMask(name string, w, h int) *mask {
	path, ok := scene.Icon(name)
	if !ok || w <= 0 || h <= 0 || path.W <= 0 || path.H <= 0 {
		return &mask{}
	}
	n := scaled{num: int64(w) * unit, den: int64(path.W) * 100}
	if w*path.H > h*path.W {
		n = scaled{num: int64(h) * unit, den: int64(path.H) * 100}
	}
	m := &mask{w: int(n.of(path.W*100) / unit), h: int(n.of(path.H*100) / unit)}
	m.dx, m.dy = (w-m.w)/2, (h-m.h)/2
	m.pix = make([]uint8, m.w*m.h)
	near := newNearest(m.w, m.h, max(n.of(path.Stroke)/2, unit*2/5))
	var filled outline
	for _, c := range path.Lines {
		o := n.flatten(c)
		if c.Filled {
			filled.contours = append(filled.contours, o.contours...)
			continue
		}
		near.polyline(o.contours[0])
	}
	near.cover(m)
	if len(filled.contours) > 0 {
		m.unite(filled.mask())
	}
	return m
}

// unite adds the coverage of o, which stands where its dx and dy say.
func (m *mask) unite(o *mask) {
	for y := range o.h {
		for x := range o.w {
			mx, my := x+o.dx, y+o.dy
			if mx >= 0 && my >= 0 && mx < m.w && my < m.h {
				at := my*m.w + mx
				m.pix[at] = max(m.pix[at], o.pix[y*o.w+x])
			}
		}
	}
}

// scaled turns hundredths of an icon's unit into units of an outline.
type scaled struct{ num, den int64 }

func (s scaled) of(v int) int64 { return divide(int64(v)*s.num, s.den) }

func (s scaled) at(p scene.Point) point { return point{s.of(p.X), s.of(p.Y)} }

// flatten is the curve as one contour of straight pieces.
func (s scaled) flatten(c scene.Curve) outline {
	var o outline
	o.moveTo(s.at(c.Start))
	for _, b := range c.Pieces {
		o.cubeTo(s.at(b.B), s.at(b.C), s.at(b.D))
	}
	return o
}
