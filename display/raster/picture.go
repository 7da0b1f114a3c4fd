package raster

import (
	"image"
	"image/jpeg"
	"strings"

	"golang.org/x/image/draw"

	"kickstand/display/scene"
)

// mostPixels is the largest side of a picture that is decoded: a picture of a few
// bytes can claim to be of any size.
const mostPixels = 2048

type pictureKey struct {
	data string
	w, h int
}

// picture draws a JPEG as large as its rectangle allows, in the middle of it. One
// that cannot be read leaves the ground as it is.
func (p *Painter) picture(dst *image.RGBA, op *scene.Op, clip image.Rectangle) {
	r := rect(op.Rect)
	m := p.scaled(pictureKey{op.Picture, r.Dx(), r.Dy()})
	at := image.Pt(r.Min.X+(r.Dx()-m.Rect.Dx())/2, r.Min.Y+(r.Dy()-m.Rect.Dy())/2)
	part := m.Rect.Add(at).Intersect(clip)
	draw.Draw(dst, part, m, part.Min.Sub(at), draw.Src)
}

// scaled returns a picture in the size that fits, empty when it cannot be read.
func (p *Painter) scaled(k pictureKey) *image.RGBA {
	if m, ok := p.pictures.get(k); ok {
		return m
	}
	m := fit(k)
	p.pictures.put(k, m, 64+len(m.Pix)+len(k.data))
	return m
}

func fit(k pictureKey) *image.RGBA {
	none := image.NewRGBA(image.Rectangle{})
	size, err := jpeg.DecodeConfig(strings.NewReader(k.data))
	if err != nil || size.Width < 1 || size.Height < 1 || size.Width > mostPixels || size.Height > mostPixels {
		return none
	}
	src, err := jpeg.Decode(strings.NewReader(k.data))
	if err != nil {
		return none
	}
	w, h := k.w, size.Height*k.w/size.Width
	if h > k.h {
		w, h = size.Width*k.h/size.Height, k.h
	}
	m := image.NewRGBA(image.Rect(0, 0, max(w, 1), max(h, 1)))
	draw.CatmullRom.Scale(m, m.Rect, src, src.Bounds(), draw.Src, nil)
	return m
}
