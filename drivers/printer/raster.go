package printer

import "fmt"

// realTime reports whether two neighbouring bytes could be taken for the start
// of a real-time command: DLE EOT, DLE ENQ or DLE DC4.
func realTime(a, b byte) bool {
	return a == dle && (b == 0x04 || b == 0x05 || b == 0x14)
}

// nudge blackens one dot, next to a black one, wherever picture data would read
// as a real-time command. See the package comment.
func nudge(data []byte) {
	for i := 1; i < len(data); i++ {
		if realTime(data[i-1], data[i]) {
			data[i] |= 0x08
		}
	}
}

// image prints a picture block. The printed form is kept, so a logo costs a
// copy from the second receipt on.
func (e *Encoder) image(b Block) error {
	if err := b.Image.check(); err != nil {
		return err
	}
	e.align(b.Style.Align)
	for i := range e.logos {
		if e.logos[i].of == b.Image {
			e.out = append(e.out, e.logos[i].bytes...)
			return nil
		}
	}
	start := len(e.out)
	e.raster(b.Image.narrowed(e.profile.Dots))
	form := append([]byte(nil), e.out[start:]...)
	e.logos[e.nextOld] = logo{of: b.Image, bytes: form}
	e.nextOld = (e.nextOld + 1) % len(e.logos)
	return nil
}

// raster sends a picture no wider than the paper.
func (e *Encoder) raster(b *Bitmap) {
	if e.profile.Raster == ESCStar {
		e.columnImage(b)
		return
	}
	stride := b.Stride()
	step := max(1, min(e.profile.sliceRows(), e.profile.sliceBytes()/stride))
	for y := 0; y < b.Height; y += step {
		rows := min(step, b.Height-y)
		e.out = append(e.out, gs, 'v', '0', 0, byte(stride), byte(stride>>8), byte(rows), 0)
		start := len(e.out)
		e.out = append(e.out, b.Bits[y*stride:(y+rows)*stride]...)
		nudge(e.out[start:])
	}
}

// columnImage sends a picture in strips of 24 rows, each column three bytes.
// The line spacing is set below the height of a strip, so strips touch; the last
// one is fed like a line.
func (e *Encoder) columnImage(b *Bitmap) {
	e.out = append(e.out, esc, '3', 16)
	for y := 0; y < b.Height; y += 24 {
		e.out = append(e.out, esc, '*', 33, byte(b.Width), byte(b.Width>>8))
		start := len(e.out)
		for x := range b.Width {
			e.out = append(e.out, b.column(x, y), b.column(x, y+8), b.column(x, y+16))
		}
		nudge(e.out[start:])
		if y+24 >= b.Height {
			e.out = append(e.out, esc, '2')
		}
		e.out = append(e.out, lf)
	}
}

// column is eight dots downwards from x, y; the top one in the highest bit.
func (b *Bitmap) column(x, y int) byte {
	stride, mask := b.Stride(), byte(0x80>>(x%8))
	v := byte(0)
	for i := range min(8, b.Height-y) {
		if b.Bits[(y+i)*stride+x/8]&mask != 0 {
			v |= 0x80 >> i
		}
	}
	return v
}

// drawCode prints a picture of a code in the middle of the paper or where align
// says.
func (e *Encoder) drawCode(b *Bitmap, align Align) error {
	if b.Width > e.profile.Dots {
		return fmt.Errorf("code of %d dots is wider than the paper, %d dots", b.Width, e.profile.Dots)
	}
	e.align(align)
	e.raster(b)
	return nil
}
