package raster

import (
	"image"
	"slices"
	"unicode"

	"github.com/go-text/typesetting/di"
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype"
	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/image/math/fixed"

	"kickstand/display/scene"
)

// Ascent and descent of a line, in 1/1000 em. They are Roboto's, and hold for
// every fallback too, so that a line is equally high in every script.
const (
	ascent  = 928
	descent = 244
)

// run is one shaped line, glyphs from left to right.
type run struct {
	glyphs []glyph
	width  int // 1/64 pixel
}

// glyph is one glyph, x and y (downwards) in 1/64 pixel from the line's origin.
type glyph struct {
	tf   *typeface
	gid  font.GID
	x, y int
}

type runKey struct {
	face scene.Face
	text string
}

type glyphKey struct {
	gid font.GID
	px  uint16
	tf  uint8
	sub uint8 // quarter pixels
}

// fontmap answers the segmenter for one weight.
type fontmap struct {
	faces  *typefaces
	weight scene.Weight
}

// ResolveFace implements shaping.Fontmap.
func (m fontmap) ResolveFace(r rune) *font.Face { return m.faces.find(r, m.weight).face }

// Width implements scene.Fonts.
func (p *Painter) Width(f scene.Face, text string) int {
	return (p.shape(f, text).width + 63) / 64
}

// Height implements scene.Fonts.
func (p *Painter) Height(f scene.Face) (up, down int) {
	return (f.Px*ascent + 999) / 1000, (f.Px*descent + 999) / 1000
}

// shape returns the line as glyphs, from the cache where it was shaped before.
func (p *Painter) shape(f scene.Face, text string) *run {
	f = sound(f)
	key := runKey{f, text}
	if r, ok := p.runs.get(key); ok {
		return r
	}
	r := p.shapeNew(f, text)
	p.runs.put(key, r, 64+len(text)+32*len(r.glyphs))
	return r
}

// sound makes any face one that can be drawn.
func sound(f scene.Face) scene.Face {
	f.Weight = min(f.Weight, scene.Bold)
	f.Px = min(max(f.Px, 1), 512)
	return f
}

// shapeNew splits the line by direction, script and font and shapes each part.
func (p *Painter) shapeNew(f scene.Face, text string) *run {
	in := shaping.Input{
		Text:      []rune(text),
		Direction: direction(text),
		Size:      fixed.I(f.Px),
		Language:  language.NewLanguage("en"),
	}
	in.RunEnd = len(in.Text)
	if f.Tabular {
		in.FontFeatures = []shaping.FontFeature{{Tag: opentype.MustNewTag("tnum"), Value: 1}}
	}
	parts := slices.Clone(p.segmenter.Split(in, fontmap{p.faces, f.Weight}))
	visual(parts, in.Direction)
	r := &run{}
	for _, part := range parts {
		p.append(r, part)
	}
	return r
}

// append shapes one part and puts its glyphs at the end of r.
func (p *Painter) append(r *run, part shaping.Input) {
	if part.RunStart >= part.RunEnd {
		return
	}
	tf := p.faces.byFace[part.Face]
	out := p.shaper.ShapeNoExtents(part)
	for _, g := range out.Glyphs {
		r.glyphs = append(r.glyphs, glyph{tf, g.GlyphID, r.width + int(g.XOffset), -int(g.YOffset)})
		r.width += int(g.Advance)
	}
}

// direction is that of the first letter that has one.
func direction(text string) di.Direction {
	for _, r := range text {
		if unicode.In(r, unicode.Hebrew, unicode.Arabic, unicode.Syriac, unicode.Thaana) {
			return di.DirectionRTL
		}
		if unicode.IsLetter(r) {
			return di.DirectionLTR
		}
	}
	return di.DirectionLTR
}

// visual puts parts from logical into visual order: all of them reversed in a
// right to left line, and every stretch against the line turned round.
func visual(parts []shaping.Input, line di.Direction) {
	if line == di.DirectionRTL {
		slices.Reverse(parts)
	}
	for i := 0; i < len(parts); {
		j := i + 1
		for j < len(parts) && parts[j].Direction == parts[i].Direction {
			j++
		}
		if parts[i].Direction != line {
			slices.Reverse(parts[i:j])
		}
		i = j
	}
}

// text draws one line: left aligned, the baseline an ascent below the top of
// its rectangle. Letters may lean out of that sideways by an eighth of an em.
func (p *Painter) text(dst *image.RGBA, op *scene.Op, clip image.Rectangle) {
	f := sound(op.Face)
	up, _ := p.Height(f)
	base := op.Rect.Y + up
	curve := &p.curves[luminance(op.Color)>>5]
	for _, g := range p.shape(f, op.Text).glyphs {
		x := op.Rect.X*64 + g.x + 8
		m := p.glyph(g, f.Px, uint8(x>>4&3))
		fillMask(dst, m, x>>6+m.dx, base+(g.y+32)>>6+m.dy, flip{}, clip, op.Color, curve)
	}
}

// glyph returns the coverage of g, sub quarter pixels right of a whole one.
func (p *Painter) glyph(g glyph, px int, sub uint8) *mask {
	key := glyphKey{g.gid, uint16(px), g.tf.id, sub}
	if m, ok := p.glyphs.get(key); ok {
		return m
	}
	m := g.tf.mask(g.gid, px, sub)
	p.glyphs.put(key, m, 64+len(m.pix))
	return m
}

// mask rasterises one glyph.
func (tf *typeface) mask(gid font.GID, px int, sub uint8) *mask {
	data, ok := tf.face.GlyphDataOutline(gid)
	if !ok {
		return &mask{}
	}
	s, shift := tf.scaleAt(px), int64(sub)*unit/4
	at := func(q opentype.SegmentPoint) point {
		return point{s.plain(round(q.X)) + shift, -s.y(round(q.Y))}
	}
	var o outline
	for _, seg := range data.Segments {
		a := seg.Args
		switch seg.Op {
		case opentype.SegmentOpMoveTo:
			o.moveTo(at(a[0]))
		case opentype.SegmentOpLineTo:
			o.lineTo(at(a[0]))
		case opentype.SegmentOpQuadTo:
			o.quadTo(at(a[0]), at(a[1]))
		case opentype.SegmentOpCubeTo:
			o.cubeTo(at(a[0]), at(a[1]), at(a[2]))
		}
	}
	return o.mask()
}

// round is the nearest whole font unit.
func round(v float32) int64 {
	if v < 0 {
		return -int64(0.5 - v)
	}
	return int64(v + 0.5)
}

// curves are the text curves by the upper three bits of the luminance.
func curves() [8][256]uint8 {
	var t [8][256]uint8
	for i := range t {
		t[i] = textCurve(i * 255 / 7)
	}
	return t
}

// leaning is how far glyphs may stand out of their rectangle on both sides.
func leaning(f scene.Face) int { return f.Px/8 + 1 }

// textBounds is all that an OpText may touch.
func textBounds(op *scene.Op) image.Rectangle {
	r := rect(op.Rect)
	lean := leaning(op.Face)
	return image.Rect(r.Min.X-lean, r.Min.Y, r.Max.X+lean, r.Max.Y)
}
