package raster

import (
	"image"
	"image/color"

	"github.com/boombuler/barcode/qr"

	"kickstand/display/scene"
)

// quiet is the light margin around a QR code, in modules (ISO/IEC 18004).
const quiet = 4

// code draws a QR code on its own white ground, centred in its rectangle, with
// modules of whole pixels. A content that no code holds leaves the ground white.
func (p *Painter) code(dst *image.RGBA, op *scene.Op, clip image.Rectangle) {
	r := rect(op.Rect)
	fillRect(dst, r, clip, color.RGBA{255, 255, 255, 255})
	m := p.modules(op.Code)
	size := min(r.Dx(), r.Dy()) / (m.w + 2*quiet)
	if m.w == 0 || size < 1 {
		return
	}
	x0, y0 := r.Min.X+(r.Dx()-size*m.w)/2, r.Min.Y+(r.Dy()-size*m.h)/2
	for i, dark := range m.pix {
		if dark == 0 {
			continue
		}
		x, y := x0+i%m.w*size, y0+i/m.w*size
		fillRect(dst, image.Rect(x, y, x+size, y+size), clip, op.Color)
	}
}

// modules returns the QR code of content with one pixel a module.
func (p *Painter) modules(content string) *mask {
	if m, ok := p.codes.get(content); ok {
		return m
	}
	m := &mask{}
	if q, err := qr.Encode(content, qr.M, qr.Auto); err == nil {
		b := q.Bounds()
		m.w, m.h, m.pix = b.Dx(), b.Dy(), make([]uint8, b.Dx()*b.Dy())
		for i := range m.pix {
			if y, _, _, _ := q.At(b.Min.X+i%m.w, b.Min.Y+i/m.w).RGBA(); y == 0 {
				m.pix[i] = 255
			}
		}
	}
	p.codes.put(content, m, 64+len(m.pix)+len(content))
	return m
}
