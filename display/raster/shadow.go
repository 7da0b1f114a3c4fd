package raster

import (
	"image"

	"kickstand/display/scene"
)

// defaultBlur is how far a shadow reaches when its Op names no Width, in pixels.
const defaultBlur = 24

// blurOf is how far the shadow of op reaches around it: Op.Width, or the
// default, but no more than the shape has room for.
func blurOf(op *scene.Op) int {
	blur := op.Width
	if blur <= 0 {
		blur = defaultBlur
	}
	return max(min(blur, min(op.Rect.W, op.Rect.H)/2-cornerRadius(op)), 1)
}

// shadowRect is where the shadow of op falls: around it and a little lower, as
// if lit from above.
func shadowRect(op *scene.Op) image.Rectangle {
	blur := blurOf(op)
	return rect(op.Rect).Inset(-blur).Add(image.Pt(0, blur/4))
}

// shadow draws the soft shadow of op from one blurred corner and its edges. The
// middle, which what floats covers anyway, is left out.
func (p *Painter) shadow(dst *image.RGBA, op *scene.Op, clip image.Rectangle) {
	r := shadowRect(op)
	m := p.corner(cornerKey{radius: cornerRadius(op), blur: blurOf(op)})
	p.corners(dst, m, r, clip, op.Color)
	n := m.w
	for i := range n {
		c := op.Color
		a := uint32(m.pix[i*n+n-1])
		c.R, c.G, c.B, c.A = part(c.R, a), part(c.G, a), part(c.B, a), part(c.A, a)
		fillRect(dst, image.Rect(r.Min.X+n, r.Min.Y+i, r.Max.X-n, r.Min.Y+i+1), clip, c)
		fillRect(dst, image.Rect(r.Min.X+n, r.Max.Y-i-1, r.Max.X-n, r.Max.Y-i), clip, c)
		fillRect(dst, image.Rect(r.Min.X+i, r.Min.Y+n, r.Min.X+i+1, r.Max.Y-n), clip, c)
		fillRect(dst, image.Rect(r.Max.X-i-1, r.Min.Y+n, r.Max.X-i, r.Max.Y-n), clip, c)
	}
}

// part is a/255 of the channel v.
func part(v uint8, a uint32) uint8 { return uint8((uint32(v)*a + 127) / 255) }

// shadowCorner is the upper left corner of a blurred rounded rectangle that
// begins blur pixels inside the mask.
func shadowCorner(radius, blur int) *mask {
	n := radius + 2*blur
	size := 2*n + 1
	pix := make([]uint8, size*size)
	for y := blur; y < size-blur; y++ {
		for x := blur; x < size-blur; x++ {
			mx, my := min(x, size-1-x), min(y, size-1-y)
			pix[y*size+x] = disc(radius, mx-blur, my-blur)
		}
	}
	for _, box := range []int{blur / 3, blur / 3, blur - 2*(blur/3)} {
		pix = transposedBlur(transposedBlur(pix, size, box), size, box)
	}
	m := &mask{pix: make([]uint8, n*n), w: n, h: n}
	for y := range n {
		copy(m.pix[y*n:(y+1)*n], pix[y*size:y*size+n])
	}
	return m
}

// transposedBlur replaces each pixel of a square by the mean of those within
// box of it in its row, and swaps rows with columns.
func transposedBlur(pix []uint8, size, box int) []uint8 {
	out := make([]uint8, len(pix))
	for y := range size {
		row := pix[y*size : (y+1)*size]
		sum := 0
		for x := -box; x < size; x++ {
			if x+box < size {
				sum += int(row[x+box])
			}
			if x-box-1 >= 0 {
				sum -= int(row[x-box-1])
			}
			if x >= 0 {
				out[x*size+y] = uint8((sum + box) / (2*box + 1))
			}
		}
	}
	return out
}
