package web

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/code128"
	"github.com/boombuler/barcode/qr"

	"kickstand/hub/sale"
	"kickstand/hub/store"
	"kickstand/protocol/slip"
)

// receipt answers with the receipt of a sale as an image of its paper.
func (o *office) receipt(w http.ResponseWriter, r *http.Request) {
	f, err := o.Store.SaleFile(r.Context(), r.PathValue("name"))
	if errors.Is(err, store.ErrNotFound) {
		http.Error(w, "No such sale.", http.StatusNotFound)
		return
	}
	if err != nil {
		o.trouble(w, r, err)
		return
	}
	image, err := paper(o.document(r.Context(), f))
	if err != nil {
		o.trouble(w, r, fmt.Errorf("draw receipt of %s: %w", f.ID, err))
		return
	}
	w.Header().Set("Content-Type", "image/svg+xml")
	_, _ = w.Write([]byte(image)) // the reader has gone: nobody to tell
}

// document is the stored receipt of a sale. One that cannot be had there is
// built from the sale, which is what it was made of.
func (o *office) document(ctx context.Context, f store.SaleFile) slip.Doc {
	if o.Receipts != nil {
		d, err := o.Receipts.Open(ctx, f.ID)
		if err == nil {
			return d
		}
		o.Log.Warn("stored receipt not shown", "sale", f.ID, "error", err)
	}
	return slip.Build(f.Document, 0, sale.Number(f.Number))
}

// Measures of the drawn paper, in its own units: 48 columns of type on a roll
// of 80 mm.
const (
	columns    = 48
	colWidth   = 7.0
	typeSize   = 11.6
	lineHeight = 17.0
	sideMargin = 28.0
	topMargin  = 30.0
	paperWidth = columns*colWidth + 2*sideMargin
	shadow     = 8.0 // room around the paper
)

// roll is a receipt while it is drawn.
type roll struct {
	b strings.Builder
	y float64
}

// paper draws a receipt as an SVG document that needs nothing else: text as
// text, codes as bars. It uses no style sheet, so that the page's policy can
// forbid them.
func paper(d slip.Doc) (string, error) {
	r := &roll{y: topMargin}
	for _, l := range d.Lines {
		if err := r.line(l); err != nil {
			return "", err
		}
	}
	height := r.y + topMargin
	var out strings.Builder
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %g %g" width="%g" height="%g" role="img">`,
		paperWidth+2*shadow, height+2*shadow, paperWidth+2*shadow, height+2*shadow)
	fmt.Fprintf(&out, "<title>%s</title>", escape(d.Title))
	edge := outline(height)
	fmt.Fprintf(&out, `<path d="%s" fill="#000" fill-opacity="0.05" transform="translate(0 4)"/>`, edge)
	fmt.Fprintf(&out, `<path d="%s" fill="#000" fill-opacity="0.10" transform="translate(0 1)"/>`, edge)
	fmt.Fprintf(&out, `<path d="%s" fill="#fffefb" stroke="#d9d2c5" stroke-width="0.6"/>`, edge)
	fmt.Fprintf(&out, `<g font-family="ui-monospace,'DejaVu Sans Mono','Liberation Mono',Menlo,Consolas,monospace" font-size="%g" fill="#26231f">`, typeSize)
	out.WriteString(r.b.String())
	out.WriteString("</g></svg>\n")
	return out.String(), nil
}

// outline is the edge of the paper, torn along the cutter's teeth.
func outline(height float64) string {
	const teeth, depth = 49, 3.2
	step := paperWidth / teeth
	var b strings.Builder
	fmt.Fprintf(&b, "M%g %gH%gV%g", shadow, shadow, shadow+paperWidth, shadow+height-depth)
	for range teeth {
		fmt.Fprintf(&b, "l%.3f %gl%.3f %g", -step/2, depth, -step/2, -depth)
	}
	b.WriteString("Z")
	return b.String()
}

func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a Builder never fails
	return b.String()
}

func (r *roll) line(l slip.Line) error {
	switch {
	case l.Rule:
		r.y += lineHeight * 0.6
		fmt.Fprintf(&r.b, `<path d="M%g %gh%g" stroke="#26231f" stroke-width="0.8" stroke-dasharray="4 3"/>`, shadow+sideMargin, shadow+r.y, columns*colWidth)
		r.y += lineHeight * 0.15
		return nil
	case l.Code != "":
		return r.bars(l.Code)
	case l.QR != "":
		return r.square(l.QR)
	}
	r.words(l)
	return nil
}

// face is how a style is set: scale of type and line, weight.
func face(s slip.Style) (scale float64, bold, centred bool) {
	switch s {
	case slip.Center:
		return 1, false, true
	case slip.Strong:
		return 1, true, false
	case slip.Head:
		return 1.7, true, true
	case slip.Total:
		return 1.35, true, false
	case slip.Notice:
		return 1.2, true, true
	}
	return 1, false, false
}

// words sets text, wrapped at the width of the paper.
func (r *roll) words(l slip.Line) {
	scale, bold, centred := face(l.Style)
	room := int(columns / scale)
	left := wrap(l.Left, room-l.Indent-taken(l.Right))
	for i, text := range left {
		r.y += lineHeight * scale
		if l.Style == slip.Notice {
			fmt.Fprintf(&r.b, `<rect x="%g" y="%g" width="%g" height="%g" fill="#26231f"/>`,
				shadow+sideMargin, shadow+r.y-lineHeight*scale*0.8, columns*colWidth, lineHeight*scale*1.1)
		}
		x, anchor := shadow+sideMargin+float64(l.Indent)*colWidth*scale, "start"
		if centred {
			x, anchor = shadow+paperWidth/2, "middle"
		}
		r.text(x, anchor, scale, bold, l.Style == slip.Notice, text)
		if i == 0 && l.Right != "" {
			r.text(shadow+paperWidth-sideMargin, "end", scale, bold, false, l.Right)
		}
	}
	if l.Style == slip.Head || l.Style == slip.Notice {
		r.y += lineHeight * 0.4
	}
}

// taken is how many columns the right side needs, with a gap.
func taken(right string) int {
	if right == "" {
		return 0
	}
	return utf8.RuneCountInString(right) + 1
}

func (r *roll) text(x float64, anchor string, scale float64, bold, light bool, text string) {
	fmt.Fprintf(&r.b, `<text x="%g" y="%g" xml:space="preserve"`, x, shadow+r.y)
	if anchor != "start" {
		fmt.Fprintf(&r.b, ` text-anchor="%s"`, anchor)
	}
	if scale != 1 {
		fmt.Fprintf(&r.b, ` font-size="%g"`, typeSize*scale)
	}
	if bold {
		r.b.WriteString(` font-weight="700"`)
	}
	if light {
		r.b.WriteString(` fill="#fffefb"`)
	}
	fmt.Fprintf(&r.b, ">%s</text>", escape(text))
}

// wrap breaks text at spaces into lines of at most room runes; longer words
// are cut. An empty text is one empty line.
func wrap(text string, room int) []string {
	room = max(room, 8)
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		for utf8.RuneCountInString(word) > room {
			if line != "" {
				lines, line = append(lines, line), ""
			}
			cut := []rune(word)
			lines, word = append(lines, string(cut[:room])), string(cut[room:])
		}
		switch {
		case line == "":
			line = word
		case utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) <= room:
			line += " " + word
		default:
			lines, line = append(lines, line), word
		}
	}
	if line != "" || len(lines) == 0 {
		lines = append(lines, line)
	}
	return lines
}

// bars draws Code 128 with its text below.
func (r *roll) bars(code string) error {
	c, err := code128.Encode(code)
	if err != nil {
		return fmt.Errorf("code %.40q: %w", code, err)
	}
	const height = 46.0
	module := min(2, columns*colWidth/float64(c.Bounds().Dx()+20)) // 10 quiet modules on each side
	x := shadow + (paperWidth-float64(c.Bounds().Dx())*module)/2
	r.y += lineHeight
	r.modules(c, x, r.y, module, height)
	r.y += height
	r.y += lineHeight * 0.9
	r.text(shadow+paperWidth/2, "middle", 1, false, false, code)
	return nil
}

// square draws a QR code.
func (r *roll) square(text string) error {
	c, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return fmt.Errorf("QR code %.40q: %w", text, err)
	}
	module := 130 / float64(c.Bounds().Dx())
	r.y += lineHeight
	r.modules(c, shadow+(paperWidth-130)/2, r.y, module, module)
	r.y += 130
	return nil
}

// modules draws the dark modules of a code as one path, run by run.
func (r *roll) modules(c barcode.Barcode, x, y, module, height float64) {
	r.b.WriteString(`<path shape-rendering="crispEdges" d="`)
	for row := range c.Bounds().Dy() {
		for col := 0; col < c.Bounds().Dx(); {
			run := 0
			for col+run < c.Bounds().Dx() && dark(c, col+run, row) {
				run++
			}
			if run > 0 {
				fmt.Fprintf(&r.b, "M%.2f %.2fh%.2fv%.2fh%.2fz", x+float64(col)*module, shadow+y+float64(row)*height, float64(run)*module, height, -float64(run)*module)
			}
			col += max(run, 1)
		}
	}
	r.b.WriteString(`"/>`)
}

func dark(c barcode.Barcode, x, y int) bool {
	v, _, _, _ := c.At(x, y).RGBA()
	return v < 0x8000
}
