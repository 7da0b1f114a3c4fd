package printer

import (
	"fmt"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/code128"
	"github.com/boombuler/barcode/ean"
	"github.com/boombuler/barcode/qr"
)

// quiet is the white margin of a QR code in modules (ISO/IEC 18004).
const quiet = 4

// qr prints a QR code with error correction level M.
func (e *Encoder) qr(b Block) error {
	if b.N < 0 || b.N > 16 {
		return fmt.Errorf("module of %d dots: want 1 to 16, or 0", b.N)
	}
	modules := qrModules(len(b.Text))
	if b.Text == "" || modules == 0 {
		return fmt.Errorf("qr data of %d bytes: want 1 to %d", len(b.Text), qrCapacity[39])
	}
	// A printer that refuses a wide code prints nothing at all, so the size is
	// settled here, for the byte mode a printer may choose.
	module := min(e.moduleSize(b.N), e.profile.Dots/(modules+2*quiet))
	if module < 2 {
		return fmt.Errorf("qr code of %d modules is too wide for %d dots", modules, e.profile.Dots)
	}
	if e.profile.QR == Native && nativeQR(b.Text) {
		e.align(b.Style.Align)
		e.nativeQR(b.Text, byte(module))
		return nil
	}
	code, err := qr.Encode(b.Text, qr.M, qr.Unicode)
	if err != nil {
		return fmt.Errorf("qr code: %w", err)
	}
	side := (code.Bounds().Dx() + 2*quiet) * module
	m := newBlank(side, side)
	drawModules(m, code, quiet*module, module, code.Bounds().Dy(), module)
	return e.drawCode(m, b.Style.Align)
}

// moduleSize is the size asked for, or about 0.75 mm, which phones read easily.
func (e *Encoder) moduleSize(n int) int {
	if n > 0 {
		return n
	}
	return max(4, e.profile.DPI*3/100)
}

// nativeQR reports whether data can travel in a command as it is.
func nativeQR(data string) bool {
	for i := range len(data) {
		if data[i] < ' ' {
			return false
		}
	}
	return len(data) <= 1000
}

// nativeQR sends GS ( k, functions 165, 167, 169, 180 and 181, with the white
// margin above and below that printers leave to the host.
func (e *Encoder) nativeQR(data string, module byte) {
	n := len(data) + 3
	margin := quiet * int(module)
	e.feedDots(margin)
	defer e.feedDots(margin)
	e.out = append(e.out, gs, '(', 'k', 4, 0, '1', 'A', '2', 0)
	e.out = append(e.out, gs, '(', 'k', 3, 0, '1', 'C', module)
	e.out = append(e.out, gs, '(', 'k', 3, 0, '1', 'E', '1')
	e.out = append(e.out, gs, '(', 'k', byte(n), byte(n>>8), '1', 'P', '0')
	e.out = append(e.out, data...)
	e.out = append(e.out, gs, '(', 'k', 3, 0, '1', 'Q', '0')
}

// qrCapacity is the number of bytes a QR code of version 1 to 40 holds at level
// M in byte mode (ISO/IEC 18004, table 7).
var qrCapacity = [40]int{
	14, 26, 42, 62, 84, 106, 122, 152, 180, 213,
	251, 287, 331, 362, 412, 450, 504, 560, 624, 666,
	711, 779, 857, 911, 997, 1059, 1125, 1190, 1264, 1370,
	1452, 1538, 1628, 1722, 1809, 1911, 1989, 2099, 2213, 2331,
}

// qrModules is the side of the smallest code for n bytes, 0 when none holds
// them.
func qrModules(n int) int {
	for i, c := range qrCapacity {
		if n <= c {
			return 21 + 4*i
		}
	}
	return 0
}

// drawModules blackens the modules of a code into m from x = left and the same
// distance down for square codes; each module is w by h dots.
func drawModules(m *Bitmap, code barcode.Barcode, left, w, rows, h int) {
	r := code.Bounds()
	top := (m.Height - rows*h) / 2
	for y := range rows {
		for x := range r.Dx() {
			if c, _, _, _ := code.At(r.Min.X+x, r.Min.Y+y).RGBA(); c != 0 {
				continue
			}
			for i := range w * h {
				m.set(left+x*w+i%w, top+y*h+i/w)
			}
		}
	}
}

// barcode prints an EAN-13 or Code 128 code, with its text beneath when asked.
func (e *Encoder) barcode(b Block) error {
	height := b.N
	if height == 0 {
		height = 80
	}
	if height < 16 || height > 255 {
		return fmt.Errorf("barcode height of %d dots: want 16 to 255, or 0", b.N)
	}
	data, modules, err := checkBarcode(b.Symbology, b.Text)
	if err != nil {
		return err
	}
	if w := e.barWidth(modules); e.profile.Barcode == Native && w >= 2 {
		e.align(b.Style.Align)
		e.nativeBarcode(b.Symbology, data, byte(w), byte(height), b.ShowText)
		return nil
	}
	return e.drawBarcode(b, data, height)
}

// barWidth is the widest bar, 3 dots at most, at which modules and the white
// margins of ten modules fit the paper; 0 when none does.
func (e *Encoder) barWidth(modules int) int {
	return min(3, e.profile.Dots/(modules+20))
}

// checkBarcode returns the data with its check digit and the modules the code
// takes at most.
func checkBarcode(s Symbology, data string) (string, int, error) {
	switch s {
	case EAN13:
		full, err := withCheckDigit(data)
		return full, 95, err
	case Code128:
		if len(data) < 1 || len(data) > 60 {
			return "", 0, fmt.Errorf("code 128 of %d characters: want 1 to 60", len(data))
		}
		for i := range len(data) {
			if data[i] < ' ' || data[i] > '~' {
				return "", 0, fmt.Errorf("code 128 %q: character %d is not printable ascii", data, i+1)
			}
		}
		return data, 11*(len(data)+2) + 13, nil
	}
	return "", 0, fmt.Errorf("barcode symbology %q is not known", s)
}

// withCheckDigit completes or verifies an EAN-13 number (GS1 General
// Specifications, check digit by weights 1 and 3).
func withCheckDigit(data string) (string, error) {
	if len(data) != 12 && len(data) != 13 {
		return "", fmt.Errorf("ean-13 %q has %d digits: want 12 or 13", data, len(data))
	}
	sum := 0
	for i := range len(data) {
		d := int(data[i] - '0')
		if data[i] < '0' || data[i] > '9' {
			return "", fmt.Errorf("ean-13 %q is not all digits", data)
		}
		if i < 12 {
			sum += d * (1 + 2*(i%2))
		}
	}
	check := byte('0' + (10-sum%10)%10)
	if len(data) == 13 && data[12] != check {
		return "", fmt.Errorf("ean-13 %q: check digit is wrong, want %c", data, check)
	}
	return data[:12] + string(check), nil
}

// nativeBarcode sends GS h, w, f, H and GS k (function B). Code 128 goes in
// code set B, where an opening brace is doubled.
func (e *Encoder) nativeBarcode(s Symbology, data string, width, height byte, text bool) {
	e.out = append(e.out, gs, 'h', height, gs, 'w', width, gs, 'f', 0, gs, 'H', 2*bit(text))
	if s == EAN13 {
		e.out = append(e.out, gs, 'k', 67, 13)
		e.out = append(e.out, data...)
		return
	}
	e.out = append(e.out, gs, 'k', 73, 0, '{', 'B')
	start := len(e.out)
	for i := range len(data) {
		if data[i] == '{' {
			e.out = append(e.out, '{')
		}
		e.out = append(e.out, data[i])
	}
	e.out[start-3] = byte(len(e.out) - start + 2)
}

func (e *Encoder) drawBarcode(b Block, data string, height int) error {
	encode := code128.Encode
	if b.Symbology == EAN13 {
		encode = ean.Encode
	}
	code, err := encode(data)
	if err != nil {
		return fmt.Errorf("%s %q: %w", b.Symbology, data, err)
	}
	modules := code.Bounds().Dx()
	w := e.barWidth(modules)
	if w < 1 {
		return fmt.Errorf("%s %q is too wide for %d dots", b.Symbology, data, e.profile.Dots)
	}
	m := newBlank((modules+20)*w, height)
	drawModules(m, code, 10*w, w, 1, height)
	if err := e.drawCode(m, b.Style.Align); err != nil || !b.ShowText {
		return err
	}
	e.left = clean(e.left[:0], data)
	return e.print(e.left, Style{Align: b.Style.Align})
}
