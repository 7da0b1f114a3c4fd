package printertest

import (
	"fmt"
	"image"
	"image/color"
	"slices"
	"strings"

	"codeberg.org/go-fonts/dejavu/dejavusansmono"
	"codeberg.org/go-fonts/dejavu/dejavusansmonobold"
	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// maxRows bounds the length of one document in dots: about five metres.
const maxRows = 40000

// Document is one piece of paper: what came out up to a cut, or what hangs out
// of the printer. In Text a picture is "[image WxH]", a code of the printer's own
// is "[qr DATA]", "[ean13 DATA]" or "[code128 DATA]".
type Document struct {
	N        int    // 1 for the first since Start
	Text     string // a line per printed line, none blank at the end; see below for pictures
	Complete bool   // it was cut, or followed by a request for proof
	Raw      []byte // the commands that made it
	Hazards  int    // real-time commands that stood inside data
	Wrapped  int    // lines the printer had to break because they were too long

	paper paper
}

// Image draws the paper at one pixel a dot: black on white.
func (d Document) Image() image.Image { return d.paper.draw() }

// paper is what was printed, as marks at positions.
type paper struct {
	width  int
	height int
	marks  []mark
}

// mark is either a row of letters or dots.
type mark struct {
	x, y    int
	letters []letter
	height  int
	dots    *dots
}

type letter struct {
	r     rune
	cell  Cell
	style style
}

type style struct {
	wide, tall, bold, underline, inverse bool
}

func (l letter) size() (w, h int) {
	w, h = l.cell.Width, l.cell.Height
	if l.style.wide {
		w *= 2
	}
	if l.style.tall {
		h *= 2
	}
	return w, h
}

// dots is a picture, one bit a dot, row by row without gaps: 1 is black.
type dots struct {
	w, h int
	on   []byte
}

func newDots(w, h int) *dots { return &dots{w: w, h: h, on: make([]byte, (w*h+7)/8)} }

func (d *dots) blacken(x, y int) {
	i := y*d.w + x
	d.on[i/8] |= 1 << (i % 8)
}

func (d *dots) black(x, y int) bool {
	i := y*d.w + x
	return d.on[i/8]>>(i%8)&1 != 0
}

// draw is the paper as a picture, with a white row at least.
func (p paper) draw() *image.Paletted {
	img := image.NewPaletted(image.Rect(0, 0, p.width, max(1, p.height)), color.Palette{color.White, color.Black})
	pen := pen{img: img}
	defer pen.close()
	for _, m := range p.marks {
		if m.dots != nil {
			pen.stamp(m)
			continue
		}
		x := m.x
		for _, l := range m.letters {
			w, h := l.size()
			pen.letter(l, x, m.y+m.height-h)
			x += w
		}
	}
	return img
}

// pen draws marks. Faces are parsed when first needed.
type pen struct {
	img   *image.Paletted
	faces map[faceKey]font.Face
}

type faceKey struct {
	cell Cell
	bold bool
}

func (p *pen) close() {
	for _, f := range p.faces {
		// A face in memory has nothing that could fail to close.
		_ = f.Close()
	}
}

func (p *pen) set(x, y int) {
	if image.Pt(x, y).In(p.img.Rect) {
		p.img.SetColorIndex(x, y, 1)
	}
}

func (p *pen) stamp(m mark) {
	for i := range m.dots.w * m.dots.h {
		if x, y := i%m.dots.w, i/m.dots.w; m.dots.black(x, y) {
			p.set(m.x+x, m.y+y)
		}
	}
}

func (p *pen) face(k faceKey) font.Face {
	if f, ok := p.faces[k]; ok {
		return f
	}
	data := dejavusansmono.TTF
	if k.bold {
		data = dejavusansmonobold.TTF
	}
	parsed, err := opentype.Parse(data)
	if err != nil {
		panic("printertest: font of module dejavu: " + err.Error())
	}
	size := min(float64(k.cell.Width)*1.66, float64(k.cell.Height)*0.86)
	f, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingFull})
	if err != nil {
		panic("printertest: font face: " + err.Error())
	}
	if p.faces == nil {
		p.faces = map[faceKey]font.Face{}
	}
	p.faces[k] = f
	return f
}

// letter draws one letter with its top left corner at x, y.
func (p *pen) letter(l letter, x, y int) {
	w, h := l.size()
	sx, sy := w/l.cell.Width, h/l.cell.Height
	cell := p.shape(l)
	for cy := range h {
		line := l.style.underline && cy >= h-2
		for cx := range w {
			on := cell.black(cx/sx, cy/sy) || line
			if on != l.style.inverse {
				p.set(x+cx, y+cy)
			}
		}
	}
}

// shape is the letter in its cell at single size.
func (p *pen) shape(l letter) *dots {
	d := newDots(l.cell.Width, l.cell.Height)
	f := p.face(faceKey{l.cell, l.style.bold})
	dr, mask, at, _, ok := f.Glyph(fixed.P(0, l.cell.Height*4/5), l.r)
	if !ok {
		return d
	}
	r := dr.Intersect(image.Rect(0, 0, d.w, d.h))
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			if _, _, _, a := mask.At(at.X+x-dr.Min.X, at.Y+y-dr.Min.Y).RGBA(); a > 0x6fff {
				d.blacken(x, y)
			}
		}
	}
	return d
}

// sheet is the document being printed.
type sheet struct {
	paper
	lines   []string
	raw     []byte
	hazards int
	wrapped int
	// joins is the width of the picture that ended at the current position, so
	// that the slices of one picture count as one; 0 after anything else.
	joins int
}

func (s *sheet) blank() bool { return len(s.marks) == 0 }

func (s *sheet) feed(rows int) {
	s.height = min(s.height+rows, maxRows)
	s.joins = 0
}

// picture adds dots at x. A picture right under one of the same width is the
// same picture.
func (s *sheet) picture(x int, d *dots, label string) {
	s.marks = append(s.marks, mark{x: x, y: s.height, dots: d})
	joins := s.joins
	high := d.h
	s.feed(d.h)
	if label != "" {
		s.lines = append(s.lines, label)
		return
	}
	if joins == d.w && len(s.lines) > 0 {
		var w, h int
		if _, err := fmt.Sscanf(s.lines[len(s.lines)-1], "[image %dx%d]", &w, &h); err == nil {
			high += h
			s.lines = s.lines[:len(s.lines)-1]
		}
	}
	s.lines = append(s.lines, fmt.Sprintf("[image %dx%d]", d.w, high))
	s.joins = d.w
}

// document is a copy of the sheet for the outside.
func (s *sheet) document(n int, complete bool) Document {
	p := s.paper
	p.marks = slices.Clone(p.marks)
	return Document{
		N: n, Complete: complete,
		Text: strings.TrimRight(strings.Join(s.lines, "\n"), "\n"), Raw: slices.Clone(s.raw),
		Hazards: s.hazards, Wrapped: s.wrapped, paper: p,
	}
}
