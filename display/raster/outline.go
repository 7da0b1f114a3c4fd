package raster

import (
	"image"
	"image/draw"

	"golang.org/x/image/vector"
)

// The unit of outlines is 1/256 pixel, y downwards. Whole numbers make every
// machine flatten a curve to the same points.
const unit = 256

// point is a place on an outline, in units.
type point struct{ x, y int64 }

// outline collects closed, flattened contours.
type outline struct {
	contours [][]point
}

// moveTo begins a contour.
func (o *outline) moveTo(p point) { o.contours = append(o.contours, []point{p}) }

// lineTo adds a straight piece.
func (o *outline) lineTo(p point) {
	last := len(o.contours) - 1
	if last < 0 {
		o.moveTo(p)
		return
	}
	o.contours[last] = append(o.contours[last], p)
}

// pen is the current point.
func (o *outline) pen() point {
	if len(o.contours) == 0 {
		return point{}
	}
	c := o.contours[len(o.contours)-1]
	return c[len(c)-1]
}

// quadTo adds a quadratic Bézier curve.
func (o *outline) quadTo(b, c point) {
	a := o.pen()
	n := pieces(a.x-2*b.x+c.x, a.y-2*b.y+c.y)
	for i := int64(1); i <= n; i++ {
		j := n - i
		o.lineTo(point{
			divide(j*j*a.x+2*i*j*b.x+i*i*c.x, n*n),
			divide(j*j*a.y+2*i*j*b.y+i*i*c.y, n*n),
		})
	}
}

// cubeTo adds a cubic Bézier curve.
func (o *outline) cubeTo(b, c, d point) {
	a := o.pen()
	bend := max(abs(a.x-2*b.x+c.x)+abs(a.y-2*b.y+c.y), abs(b.x-2*c.x+d.x)+abs(b.y-2*c.y+d.y))
	n := pieces(3*bend, 0)
	for i := int64(1); i <= n; i++ {
		j := n - i
		o.lineTo(point{
			divide(j*j*j*a.x+3*j*j*i*b.x+3*j*i*i*c.x+i*i*i*d.x, n*n*n),
			divide(j*j*j*a.y+3*j*j*i*b.y+3*j*i*i*c.y+i*i*i*d.y, n*n*n),
		})
	}
}

// pieces is how many straight pieces a curve with this second difference needs
// to stay within about 1/32 pixel of itself.
func pieces(ddx, ddy int64) int64 {
	n := int64(1)
	for bend := (abs(ddx) + abs(ddy)) / 4; bend > unit/32 && n < 32; n++ {
		bend = (abs(ddx) + abs(ddy)) / (4 * (n + 1) * (n + 1))
	}
	return n
}

// abs is the size of v.
func abs(v int64) int64 { return max(v, -v) }

// divide rounds n/d to the nearest whole number, d > 0.
func divide(n, d int64) int64 {
	if n < 0 {
		return -((-n + d/2) / d)
	}
	return (n + d/2) / d
}

// mask rasterises the outline with the non-zero rule, grey by area.
func (o *outline) mask() *mask {
	r := o.bounds()
	m := &mask{w: r.Dx(), h: r.Dy(), dx: r.Min.X, dy: r.Min.Y}
	if r.Empty() {
		m.w, m.h = 0, 0
		return m
	}
	z := vector.NewRasterizer(m.w, m.h)
	z.DrawOp = draw.Src
	for _, c := range o.contours {
		for i, p := range c {
			x, y := float32(p.x-int64(r.Min.X)*unit)/unit, float32(p.y-int64(r.Min.Y)*unit)/unit
			if i == 0 {
				z.MoveTo(x, y)
				continue
			}
			z.LineTo(x, y)
		}
		z.ClosePath()
	}
	a := image.NewAlpha(image.Rect(0, 0, m.w, m.h))
	z.Draw(a, a.Rect, image.Opaque, image.Point{})
	m.pix = a.Pix
	return m
}

// bounds is the smallest rectangle of whole pixels around the outline.
func (o *outline) bounds() image.Rectangle {
	var r image.Rectangle
	for _, c := range o.contours {
		for _, p := range c {
			x, y := int(p.x>>8), int(p.y>>8)
			r = r.Union(image.Rect(x, y, x+1, y+1))
			if p.x&(unit-1) == 0 && p.y&(unit-1) == 0 {
				continue
			}
			r = r.Union(image.Rect(x, y, int((p.x+unit-1)>>8), int((p.y+unit-1)>>8)))
		}
	}
	return r
}
