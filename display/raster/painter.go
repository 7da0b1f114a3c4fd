package raster

import (
	"image"
	"image/color"
	"io/fs"

	"github.com/go-text/typesetting/shaping"

	"kickstand/display/scene"
)

// Options are the means of a Painter. The zero value works everywhere, without
// fonts for scripts beyond Latin, Greek, Cyrillic and what DejaVu has.
type Options struct {
	// System is the system's font folder, such as os.DirFS("/usr/share/fonts").
	// Nil is none; files that are missing are done without.
	System fs.FS
	// CacheBytes bounds the glyph, icon and text caches together, roughly.
	// Zero is 8 MiB.
	CacheBytes int
}

// Painter turns lists into pixels. It implements scene.Fonts.
type Painter struct {
	faces     *typefaces
	shaper    shaping.HarfbuzzShaper
	segmenter shaping.Segmenter
	curves    [8][256]uint8

	runs   *cache[runKey, *run]
	glyphs *cache[glyphKey, *mask]
	masks  *cache[cornerKey, *mask]
	icons  *cache[iconKey, *mask]
	codes  *cache[string, *mask]

	pictures *cache[pictureKey, *image.RGBA]
}

var _ scene.Fonts = (*Painter)(nil)

// New returns a Painter with its fonts parsed. It fails only when a built-in
// font does not parse.
func New(o Options) (*Painter, error) {
	faces, err := openTypefaces(o.System)
	if err != nil {
		return nil, err
	}
	limit := o.CacheBytes
	if limit <= 0 {
		limit = 8 << 20
	}
	return &Painter{
		faces:  faces,
		curves: curves(),
		runs:   newCache[runKey, *run](limit / 4),
		glyphs: newCache[glyphKey, *mask](limit / 2),
		masks:  newCache[cornerKey, *mask](limit / 16),
		icons:  newCache[iconKey, *mask](limit / 8),
		codes:  newCache[string, *mask](limit / 16),

		pictures: newCache[pictureKey, *image.RGBA](limit / 8),
	}, nil
}

// Paint draws all of l into dst, whose upper left corner is the screen's.
func (p *Painter) Paint(dst *image.RGBA, l scene.List) {
	p.PaintRects(dst, l, []image.Rectangle{dst.Rect})
}

// PaintRects draws the part of l that lies in rects and touches no pixel
// outside. Where l paints nothing, black remains.
func (p *Painter) PaintRects(dst *image.RGBA, l scene.List, rects []image.Rectangle) {
	for _, r := range rects {
		r = r.Intersect(dst.Rect)
		if r.Empty() {
			continue
		}
		first := ground(l.Ops, r)
		if first < 0 {
			fillRect(dst, r, r, color.RGBA{A: 255})
			first = 0
		}
		for i := first; i < len(l.Ops); i++ {
			p.paint(dst, &l.Ops[i], r)
		}
	}
}

// ground is the last op that hides everything before it in r, or -1.
func ground(ops []scene.Op, r image.Rectangle) int {
	for i := len(ops) - 1; i >= 0; i-- {
		op := &ops[i]
		if op.Kind != scene.OpFill || op.Color.A != 255 {
			continue
		}
		if r.In(rect(op.Rect).Inset(cornerRadius(op))) && r.In(within(op, r)) {
			return i
		}
	}
	return -1
}

// paint draws one op inside r.
func (p *Painter) paint(dst *image.RGBA, op *scene.Op, r image.Rectangle) {
	clip := Bounds(*op).Intersect(r)
	if clip.Empty() {
		return
	}
	switch op.Kind {
	case scene.OpFill:
		p.fill(dst, op, clip)
	case scene.OpStroke:
		p.stroke(dst, op, clip)
	case scene.OpText:
		p.text(dst, op, clip)
	case scene.OpIcon:
		p.icon(dst, op, clip)
	case scene.OpShadow:
		p.shadow(dst, op, clip)
	case scene.OpQR:
		p.code(dst, op, clip)
	case scene.OpPicture:
		p.picture(dst, op, clip)
	}
}

// Bounds is all that op may touch: its rectangle, the reach of a shadow, the
// lean of letters, and all of it inside the clip.
func Bounds(op scene.Op) image.Rectangle {
	r := rect(op.Rect)
	switch op.Kind {
	case scene.OpShadow:
		r = shadowRect(&op)
	case scene.OpText:
		r = textBounds(&op)
	}
	return r.Intersect(within(&op, r))
}

// within is the clip of op, or r when it has none.
func within(op *scene.Op, r image.Rectangle) image.Rectangle {
	if op.Clip == (scene.Rect{}) {
		return r
	}
	return rect(op.Clip)
}

// rect is r as an image.Rectangle.
func rect(r scene.Rect) image.Rectangle { return image.Rect(r.X, r.Y, r.X+r.W, r.Y+r.H) }
