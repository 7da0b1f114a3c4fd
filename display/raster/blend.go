package raster

import (
	"image"
	"image/color"
)

// mask is coverage, 0 to 255 a pixel, to be painted in some colour. Its upper
// left pixel belongs dx, dy from the point it is drawn at.
type mask struct {
	pix    []uint8
	w, h   int
	dx, dy int
}

// flip mirrors a mask while it is drawn: one quarter serves four corners.
type flip struct{ x, y bool }

// fillRect fills r with c, inside clip.
func fillRect(dst *image.RGBA, r, clip image.Rectangle, c color.RGBA) {
	r = r.Intersect(clip).Intersect(dst.Rect)
	if r.Empty() || c.A == 0 {
		return
	}
	if c.A == 255 {
		copyRows(dst, r, c)
		return
	}
	for y := r.Min.Y; y < r.Max.Y; y++ {
		i := dst.PixOffset(r.Min.X, y)
		row := dst.Pix[i : i+4*r.Dx()]
		for ; len(row) >= 4; row = row[4:] {
			blend(row, c, 255)
		}
	}
}

// copyRows fills r with the opaque colour c: one row by hand, the others by copy.
func copyRows(dst *image.RGBA, r image.Rectangle, c color.RGBA) {
	n := 4 * r.Dx()
	i := dst.PixOffset(r.Min.X, r.Min.Y)
	first := dst.Pix[i : i+n]
	copy(first, []uint8{c.R, c.G, c.B, 255})
	for done := 4; done < n; done *= 2 {
		copy(first[done:], first[:done])
	}
	for y := r.Min.Y + 1; y < r.Max.Y; y++ {
		i += dst.Stride
		copy(dst.Pix[i:i+n], first)
	}
}

// fillMask paints c through m with its upper left pixel at x, y, inside clip.
// curve, when not nil, maps coverage first.
func fillMask(dst *image.RGBA, m *mask, x, y int, f flip, clip image.Rectangle, c color.RGBA, curve *[256]uint8) {
	r := image.Rect(x, y, x+m.w, y+m.h).Intersect(clip).Intersect(dst.Rect)
	if r.Empty() {
		return
	}
	for py := r.Min.Y; py < r.Max.Y; py++ {
		my, mx, step := py-y, r.Min.X-x, 1
		if f.y {
			my = m.h - 1 - my
		}
		if f.x {
			mx, step = m.w-1-mx, -1
		}
		i := dst.PixOffset(r.Min.X, py)
		maskRow(dst.Pix[i:i+4*r.Dx()], m.pix[my*m.w:(my+1)*m.w], mx, step, c, curve)
	}
}

// maskRow paints one row of pixels through the coverage cov[at], cov[at+step] ...
func maskRow(row, cov []uint8, at, step int, c color.RGBA, curve *[256]uint8) {
	for ; len(row) >= 4; row, at = row[4:], at+step {
		a := cov[at]
		if a == 0 {
			continue
		}
		if curve != nil {
			a = curve[a]
		}
		blend(row, c, uint32(a))
	}
}

// blend lays c, alpha-premultiplied, with coverage cov 0 to 255 over the first
// pixel of p, which is opaque and stays so.
func blend(p []uint8, c color.RGBA, cov uint32) {
	a := uint32(c.A) * cov
	if a == 255*255 {
		p[0], p[1], p[2], p[3] = c.R, c.G, c.B, 255
		return
	}
	rest := 255*255 - a
	p[0] = over(uint32(c.R)*cov*255, uint32(p[0])*rest)
	p[1] = over(uint32(c.G)*cov*255, uint32(p[1])*rest)
	p[2] = over(uint32(c.B)*cov*255, uint32(p[2])*rest)
	p[3] = 255
}

// over adds what the colour and what the ground give, each scaled by 255*255,
// and rounds to a channel.
func over(above, below uint32) uint8 {
	return uint8(min((above+below+255*255/2)/(255*255), 255))
}

// textCurve bends the coverage of text so that its strokes look equally heavy
// in light and in dark: blending in sRGB values alone makes light text on a
// dark ground look thin. lum is the luminance of the text, 0 to 255.
func textCurve(lum int) [256]uint8 {
	gain := 20 + lum*70/255
	var t [256]uint8
	for a := range t {
		t[a] = uint8(min(a+gain*a*(255-a)/(255*255), 255))
	}
	return t
}

// luminance is the brightness of c as a rough weighted mean, 0 to 255.
func luminance(c color.RGBA) int {
	return (int(c.R)*54 + int(c.G)*183 + int(c.B)*19) / 256
}
