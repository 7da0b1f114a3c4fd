package printertest

import (
	"fmt"
	"strings"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/code128"
	"github.com/boombuler/barcode/ean"
	"github.com/boombuler/barcode/qr"
)

// do carries out a command that only touches paper and settings, and reports
// whether it means anything to this model.
func (h *head) do(c []byte) bool {
	switch c[0] {
	case esc:
		return h.doESC(c)
	case gs:
		return h.doGS(c)
	case fs:
		return h.doFS(c)
	case lf:
		h.newline()
	case cr, nul, can, ff:
	case ht:
		h.put(' ')
	default:
		h.char(c[0])
	}
	return true
}

func (h *head) doESC(c []byte) bool {
	switch c[1] {
	case '@':
		h.reset()
	case 't':
		t, ok := h.model.Tables[c[2]]
		if !ok {
			return false
		}
		h.table = t
	case 'a':
		h.align = c[2] & 3
	case 'E', 'G':
		h.style.bold = c[2]&1 != 0
	case '-':
		h.style.underline = c[2]&3 != 0
	case 'M':
		h.font(c[2]&1 != 0)
	case '!':
		n := c[2]
		h.font(n&1 != 0)
		h.style.bold, h.style.tall = n&8 != 0, n&16 != 0
		h.style.wide, h.style.underline = n&32 != 0, n&128 != 0
	case '2':
		h.spacing = defaultSpacing
	case '3':
		h.spacing = int(c[2])
	case 'd':
		h.flush()
		h.feedLines(int(c[2]))
	case 'J':
		h.flush()
		h.sheet.feed(int(c[2]))
	case '*':
		return h.columns(c)
	case 'R':
		// Only the US set, which leaves ASCII alone, is in this printer.
		return c[2] == 0
	default:
		return false
	}
	return true
}

func (h *head) font(b bool) {
	h.cell = h.model.FontA
	if b {
		h.cell = h.model.FontB
	}
}

// feedLines feeds n blank lines, which show in the text between others.
func (h *head) feedLines(n int) {
	for range n {
		if len(h.sheet.lines) > 0 {
			h.sheet.lines = append(h.sheet.lines, "")
		}
		h.sheet.feed(h.spacing)
	}
}

// columns is ESC *: eight or 24 dots down, column by column.
func (h *head) columns(c []byte) bool {
	if c[2] != 33 {
		return false
	}
	w := word(c, 3)
	d := newDots(w, 24)
	for i, v := range c[5:] {
		x, y := i/3, i%3*8
		for bit := range 8 {
			if v>>(7-bit)&1 != 0 {
				d.blacken(x, y+bit)
			}
		}
	}
	h.strip = d
	return true
}

func (h *head) doGS(c []byte) bool {
	switch c[1] {
	case '!':
		h.style.wide, h.style.tall = c[2]>>4 == 1, c[2]&15 == 1
		return c[2]>>4 <= 1 && c[2]&15 <= 1
	case 'B':
		h.style.inverse = c[2]&1 != 0
	case 'h':
		h.barH = int(c[2])
	case 'w':
		h.barW = int(c[2])
	case 'f':
	case 'H':
		h.barText = c[2] == 2
	case 'v':
		return h.raster(c)
	case 'k':
		return h.barcode(c)
	case '(':
		return h.qr(c)
	default:
		return false
	}
	return true
}

func (h *head) doFS(c []byte) bool {
	switch c[1] {
	case '.':
		h.chinese, h.lead = false, 0
	case '&':
		h.chinese = true
	}
	return true
}

// raster is GS v 0.
func (h *head) raster(c []byte) bool {
	if h.model.NoRaster || c[3] != 0 {
		return false
	}
	stride, rows := word(c, 4), word(c, 6)
	if stride == 0 || rows == 0 || stride*8 > h.model.Dots+7 {
		return false
	}
	h.flush()
	d := newDots(stride*8, rows)
	for i, v := range c[8:] {
		for bit := range 8 {
			if v>>(7-bit)&1 != 0 {
				d.blacken(i%stride*8+bit, i/stride)
			}
		}
	}
	h.sheet.picture(h.left(d.w), d, "")
	return true
}

// barcode is GS k, function B.
func (h *head) barcode(c []byte) bool {
	if h.model.NoBarcode || c[2] < 65 {
		return false
	}
	data, name := string(c[4:]), ""
	var code barcode.Barcode
	var err error
	switch c[2] {
	case 67:
		name = "ean13"
		code, err = ean.Encode(data)
	case 73:
		name = "code128"
		if !strings.HasPrefix(data, "{B") {
			return false
		}
		data = strings.ReplaceAll(data[2:], "{{", "{")
		code, err = code128.Encode(data)
	default:
		return false
	}
	if err != nil || h.barW < 2 || h.barW > 6 {
		return false
	}
	return h.bars(code, name, data)
}

// bars prints a barcode; one that is too wide prints nothing, as on a real
// printer, and counts as not understood.
func (h *head) bars(code barcode.Barcode, name, data string) bool {
	modules := code.Bounds().Dx()
	if modules*h.barW > h.model.Dots {
		return false
	}
	h.flush()
	d := newDots(modules*h.barW, h.barH)
	for i := range d.w * d.h {
		if black(code, i%d.w/h.barW, 0) {
			d.blacken(i%d.w, i/d.w)
		}
	}
	h.sheet.picture(h.left(d.w), d, fmt.Sprintf("[%s %s]", name, data))
	if h.barText {
		h.caption(data)
	}
	return true
}

// caption prints the text under a barcode, which the text of the document
// already has in the barcode's label.
func (h *head) caption(data string) {
	var line []letter
	for _, r := range data {
		line = append(line, letter{r: r, cell: h.model.FontA})
	}
	w := len(line) * h.model.FontA.Width
	h.sheet.marks = append(h.sheet.marks, mark{x: h.left(w), y: h.sheet.height, letters: line, height: h.model.FontA.Height})
	h.sheet.feed(h.spacing)
}

func black(code barcode.Barcode, x, y int) bool {
	r, _, _, _ := code.At(code.Bounds().Min.X+x, code.Bounds().Min.Y+y).RGBA()
	return r == 0
}

// qr is GS ( k for QR codes: model, module size, error level, data, print.
func (h *head) qr(c []byte) bool {
	if h.model.NoQR || c[2] != 'k' || len(c) < 8 || c[5] != 49 {
		return false
	}
	switch c[6] {
	case 65:
		return c[7] == 50
	case 67:
		h.qrModule = int(c[7])
		return c[7] >= 1 && c[7] <= 16
	case 69:
		return c[7] == 49
	case 80:
		h.qrData = append([]byte(nil), c[8:]...)
		return c[7] == 48
	case 81:
		return h.printQR()
	}
	return false
}

func (h *head) printQR() bool {
	code, err := qr.Encode(string(h.qrData), qr.M, qr.Unicode)
	if err != nil || len(h.qrData) == 0 {
		return false
	}
	side := code.Bounds().Dx() * h.qrModule
	if side > h.model.Dots {
		return false
	}
	h.flush()
	// The margin above and below is the receipt's own white space; printers add
	// none.
	d := newDots(side, side)
	for i := range side * side {
		if black(code, i%side/h.qrModule, i/side/h.qrModule) {
			d.blacken(i%side, i/side)
		}
	}
	h.sheet.picture(h.left(side), d, fmt.Sprintf("[qr %s]", h.qrData))
	return true
}
