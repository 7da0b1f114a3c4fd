package printertest

import (
	"strings"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// head is the print mechanism: the settings commands change, and the line being
// filled.
type head struct {
	model Model
	sheet *sheet

	table    *charmap.Charmap
	cell     Cell
	style    style
	align    byte
	spacing  int
	chinese  bool
	lead     byte // first half of a double-byte character
	line     []letter
	strip    *dots // ESC * data waiting for its line feed
	barH     int
	barW     int
	barText  bool
	qrModule int
	qrData   []byte
}

// defaultSpacing is the line pitch after ESC 2 in dots.
const defaultSpacing = 30

// reset is ESC @.
func (h *head) reset() {
	*h = head{
		model: h.model, sheet: h.sheet,
		table: h.model.Tables[0], cell: h.model.FontA, spacing: defaultSpacing,
		chinese: h.model.DoubleByte, barH: 162, barW: 3, qrModule: 3,
	}
	if h.table == nil {
		h.table = charmap.CodePage437
	}
}

// char sets one byte of text into the line.
func (h *head) char(b byte) {
	switch {
	case h.chinese && h.lead != 0:
		out, err := simplifiedchinese.GB18030.NewDecoder().Bytes([]byte{h.lead, b})
		h.lead = 0
		if err != nil {
			out = []byte("�")
		}
		for _, r := range string(out) {
			h.put(r)
		}
	case h.chinese && b >= 0x81:
		h.lead = b
	case b < 0x80:
		h.put(rune(b))
	default:
		h.put(h.table.DecodeByte(b))
	}
}

func (h *head) put(r rune) {
	l := letter{r: r, cell: h.cell, style: h.style}
	w, _ := l.size()
	if h.width()+w > h.model.Dots {
		h.sheet.wrapped++
		h.newline()
	}
	h.line = append(h.line, l)
}

func (h *head) width() int {
	n := 0
	for _, l := range h.line {
		w, _ := l.size()
		n += w
	}
	return n
}

// left is where something w dots wide begins.
func (h *head) left(w int) int {
	room := max(0, h.model.Dots-w)
	switch h.align {
	case 1:
		return room / 2
	case 2:
		return room
	}
	return 0
}

// newline prints the line being filled and feeds.
func (h *head) newline() {
	if h.strip != nil {
		h.sheet.picture(h.left(h.strip.w), h.strip, "")
		// The feed is as high as the strip when the spacing is less.
		if h.spacing > h.strip.h {
			h.sheet.feed(h.spacing - h.strip.h)
		}
		h.strip = nil
		return
	}
	high := 0
	var text strings.Builder
	for _, l := range h.line {
		_, lh := l.size()
		high = max(high, lh)
		text.WriteRune(l.r)
	}
	if len(h.line) > 0 {
		h.sheet.marks = append(h.sheet.marks, mark{x: h.left(h.width()), y: h.sheet.height, letters: h.line, height: high})
	}
	if len(h.line) > 0 || len(h.sheet.lines) > 0 {
		h.sheet.lines = append(h.sheet.lines, strings.TrimRight(text.String(), " "))
	}
	h.line = nil
	h.sheet.feed(max(h.spacing, high))
}

// flush prints what a picture or code command finds in the line.
func (h *head) flush() {
	if len(h.line) > 0 || h.strip != nil {
		h.newline()
	}
}
