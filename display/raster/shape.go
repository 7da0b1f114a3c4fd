package raster

import (
	"image"
	"image/color"

	"kickstand/display/scene"
)

// cornerKey names the mask of one upper left corner. width 0 is filled, else
// the line width of an outline; blur is that of a shadow.
type cornerKey struct{ radius, width, blur int }

// fill draws a filled rectangle with rounded corners.
func (p *Painter) fill(dst *image.RGBA, op *scene.Op, clip image.Rectangle) {
	r := rect(op.Rect)
	rad := cornerRadius(op)
	if rad <= 0 {
		fillRect(dst, r, clip, op.Color)
		return
	}
	p.corners(dst, p.corner(cornerKey{radius: rad}), r, clip, op.Color)
	fillRect(dst, image.Rect(r.Min.X+rad, r.Min.Y, r.Max.X-rad, r.Min.Y+rad), clip, op.Color)
	fillRect(dst, image.Rect(r.Min.X, r.Min.Y+rad, r.Max.X, r.Max.Y-rad), clip, op.Color)
	fillRect(dst, image.Rect(r.Min.X+rad, r.Max.Y-rad, r.Max.X-rad, r.Max.Y), clip, op.Color)
}

// stroke draws the outline of a rectangle, all of it inside.
func (p *Painter) stroke(dst *image.RGBA, op *scene.Op, clip image.Rectangle) {
	r := rect(op.Rect)
	w := min(max(op.Width, 1), r.Dx()/2, r.Dy()/2)
	c := max(cornerRadius(op), w)
	if w <= 0 {
		return
	}
	p.corners(dst, p.corner(cornerKey{radius: cornerRadius(op), width: w}), r, clip, op.Color)
	fillRect(dst, image.Rect(r.Min.X+c, r.Min.Y, r.Max.X-c, r.Min.Y+w), clip, op.Color)
	fillRect(dst, image.Rect(r.Min.X+c, r.Max.Y-w, r.Max.X-c, r.Max.Y), clip, op.Color)
	fillRect(dst, image.Rect(r.Min.X, r.Min.Y+c, r.Min.X+w, r.Max.Y-c), clip, op.Color)
	fillRect(dst, image.Rect(r.Max.X-w, r.Min.Y+c, r.Max.X, r.Max.Y-c), clip, op.Color)
}

// cornerRadius is the radius of op, at most half its shorter side.
func cornerRadius(op *scene.Op) int {
	return min(op.Radius, op.Rect.W/2, op.Rect.H/2)
}

// corners draws m in all four corners of r, mirrored.
func (p *Painter) corners(dst *image.RGBA, m *mask, r, clip image.Rectangle, c color.RGBA) {
	right, bottom := r.Max.X-m.w, r.Max.Y-m.h
	fillMask(dst, m, r.Min.X, r.Min.Y, flip{}, clip, c, nil)
	fillMask(dst, m, right, r.Min.Y, flip{x: true}, clip, c, nil)
	fillMask(dst, m, r.Min.X, bottom, flip{y: true}, clip, c, nil)
	fillMask(dst, m, right, bottom, flip{x: true, y: true}, clip, c, nil)
}

// corner returns the upper left corner of a shape.
func (p *Painter) corner(k cornerKey) *mask {
	if m, ok := p.masks.get(k); ok {
		return m
	}
	var m *mask
	switch {
	case k.blur > 0:
		m = shadowCorner(k.radius, k.blur)
	case k.width > 0:
		m = ringCorner(k.radius, k.width)
	default:
		m = roundCorner(k.radius)
	}
	p.masks.put(k, m, 64+len(m.pix))
	return m
}

// roundCorner is the upper left quarter of a disc.
func roundCorner(radius int) *mask {
	m := &mask{pix: make([]uint8, radius*radius), w: radius, h: radius}
	for y := range radius {
		for x := range radius {
			m.pix[y*radius+x] = disc(radius, x, y)
		}
	}
	return m
}

// ringCorner is the upper left quarter of a ring, or of a square frame.
func ringCorner(radius, width int) *mask {
	n := max(radius, width)
	m := &mask{pix: make([]uint8, n*n), w: n, h: n}
	for y := range n {
		for x := range n {
			cov := disc(radius, x, y)
			if x >= width && y >= width {
				cov -= min(cov, disc(radius-width, x-width, y-width))
			}
			m.pix[y*n+x] = cov
		}
	}
	return m
}

// disc is how much of pixel x, y lies in a shape whose upper left corner has
// this radius, sampled 16 by 16. Outside the corner's square all of it does.
func disc(radius, x, y int) uint8 {
	const n = 16
	if x >= radius || y >= radius {
		return 255
	}
	in := 0
	limit := 4 * n * n * radius * radius
	for sy := range n {
		for sx := range n {
			dx, dy := 2*(n*(radius-x)-sx)-1, 2*(n*(radius-y)-sy)-1
			if dx*dx+dy*dy <= limit {
				in++
			}
		}
	}
	return uint8(in * 255 / (n * n))
}
