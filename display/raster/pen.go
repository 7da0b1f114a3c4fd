package raster

import "math/bits"

// nearest is how far every pixel is from the strokes of an icon. A stroke with
// round ends and joins is all that is nearer than half its width, so no outline
// of it is ever needed and overlaps cannot show.
type nearest struct {
	w, h int
	half int64   // half the stroke, in units
	far  []int64 // squared distance of each pixel's middle, in units
}

// newNearest has everything out of reach.
func newNearest(w, h int, half int64) *nearest {
	n := &nearest{w: w, h: h, half: half, far: make([]int64, w*h)}
	for i := range n.far {
		n.far[i] = 1 << 62
	}
	return n
}

// polyline draws a stroke along the points.
func (n *nearest) polyline(points []point) {
	if len(points) == 1 {
		n.segment(points[0], points[0])
	}
	for i := 1; i < len(points); i++ {
		n.segment(points[i-1], points[i])
	}
}

// segment looks at the pixels that a piece of a stroke can touch.
func (n *nearest) segment(a, b point) {
	reach := n.half + unit
	x0, x1 := max((min(a.x, b.x)-reach)/unit, 0), min((max(a.x, b.x)+reach)/unit, int64(n.w-1))
	y0, y1 := max((min(a.y, b.y)-reach)/unit, 0), min((max(a.y, b.y)+reach)/unit, int64(n.h-1))
	for y := y0; y <= y1; y++ {
		for x := x0; x <= x1; x++ {
			i := int(y)*n.w + int(x)
			n.far[i] = min(n.far[i], distance(point{x*unit + unit/2, y*unit + unit/2}, a, b))
		}
	}
}

// distance is the squared distance of p from the piece a to b.
func distance(p, a, b point) int64 {
	dx, dy := b.x-a.x, b.y-a.y
	px, py := p.x-a.x, p.y-a.y
	along, length := px*dx+py*dy, dx*dx+dy*dy
	switch {
	case along <= 0 || length == 0:
		return px*px + py*py
	case along >= length:
		qx, qy := p.x-b.x, p.y-b.y
		return qx*qx + qy*qy
	}
	d := (px*dy - py*dx) / root(length)
	return d * d
}

// cover turns distances into coverage: full inside the stroke, none a pixel
// further out.
func (n *nearest) cover(m *mask) {
	reach := n.half + unit/2
	for i, d := range n.far {
		if d < reach*reach {
			m.pix[i] = uint8(min((reach-root(d))*255/unit, 255))
		}
	}
}

// root is the whole square root of v.
func root(v int64) int64 {
	if v <= 0 {
		return 0
	}
	r := int64(1) << ((bits.Len64(uint64(v)) + 1) / 2)
	for {
		next := (r + v/r) / 2
		if next >= r {
			return r
		}
		r = next
	}
}
