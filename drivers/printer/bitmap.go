package printer

import (
	"fmt"
	"image"
	"image/color"
)

// Bitmap is a black and white picture, one bit a dot, as thermal paper shows
// it. Treat it as read-only once it is in a document.
type Bitmap struct {
	Width  int `json:"width"`  // dots
	Height int `json:"height"` // dots
	// Bits holds the rows from the top; each row is Stride bytes, the leftmost
	// dot in the highest bit, 1 is black.
	Bits []byte `json:"bits"`
}

// maxSide bounds pictures: no receipt paper is wider, no logo sensibly longer.
const maxSide = 4096

// Stride is the number of bytes in a row.
func (b *Bitmap) Stride() int { return (b.Width + 7) / 8 }

// At reports whether the dot at x, y is black. Dots outside are white.
func (b *Bitmap) At(x, y int) bool {
	if x < 0 || y < 0 || x >= b.Width || y >= b.Height {
		return false
	}
	return b.Bits[y*b.Stride()+x/8]&(0x80>>(x%8)) != 0
}

// NewBitmap turns a picture into black and white dots, at most width dots wide
// (0 keeps the picture's own width, which is then at most 4096). Greys become
// patterns of dots (Floyd-Steinberg error diffusion); transparent parts stay
// white.
func NewBitmap(img image.Image, width int) (*Bitmap, error) {
	r := img.Bounds()
	if r.Empty() || r.Dx() > maxSide || r.Dy() > maxSide {
		return nil, fmt.Errorf("picture of %dx%d dots: want 1 to %d each way", r.Dx(), r.Dy(), maxSide)
	}
	w, h := r.Dx(), r.Dy()
	if width > 0 && w > width {
		w, h = width, max(1, h*width/r.Dx())
	}
	return dither(luminance(img, w, h), w, h), nil
}

// luminance averages the picture over w by h boxes; 0 is black, 255 white.
func luminance(img image.Image, w, h int) []float32 {
	r := img.Bounds()
	grey := make([]float32, w*h)
	for y := range h {
		y0, y1 := r.Min.Y+y*r.Dy()/h, r.Min.Y+max((y+1)*r.Dy()/h, y*r.Dy()/h+1)
		for x := range w {
			x0, x1 := r.Min.X+x*r.Dx()/w, r.Min.X+max((x+1)*r.Dx()/w, x*r.Dx()/w+1)
			grey[y*w+x] = boxMean(img, image.Rect(x0, y0, x1, y1))
		}
	}
	return grey
}

func boxMean(img image.Image, box image.Rectangle) float32 {
	var sum float32
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			sum += onWhite(img.At(x, y))
		}
	}
	return sum / float32(box.Dx()*box.Dy())
}

// onWhite is the luminance of c laid over white paper (ITU-R BT.601 weights).
func onWhite(c color.Color) float32 {
	r, g, b, a := c.RGBA()
	y := 0.299*float32(r) + 0.587*float32(g) + 0.114*float32(b)
	return (y + float32(0xffff-a)) / 0xffff * 255
}

// dither makes dots of greys, passing each dot's rounding error on to its
// neighbours.
func dither(grey []float32, w, h int) *Bitmap {
	b := &Bitmap{Width: w, Height: h, Bits: make([]byte, (w+7)/8*h)}
	spread := func(x, y int, e float32) {
		if x >= 0 && x < w && y < h {
			grey[y*w+x] += e
		}
	}
	for y := range h {
		for x := range w {
			v := grey[y*w+x]
			e := v - 255
			if v < 128 {
				b.set(x, y)
				e = v
			}
			spread(x+1, y, e*7/16)
			spread(x-1, y+1, e*3/16)
			spread(x, y+1, e*5/16)
			spread(x+1, y+1, e*1/16)
		}
	}
	return b
}

func (b *Bitmap) set(x, y int) { b.Bits[y*b.Stride()+x/8] |= 0x80 >> (x % 8) }

func newBlank(w, h int) *Bitmap {
	return &Bitmap{Width: w, Height: h, Bits: make([]byte, (w+7)/8*h)}
}

// check refuses a bitmap whose parts contradict each other, such as one from
// damaged JSON.
func (b *Bitmap) check() error {
	if b == nil {
		return fmt.Errorf("picture is missing")
	}
	if b.Width < 1 || b.Height < 1 || b.Width > maxSide || b.Height > maxSide || len(b.Bits) != b.Stride()*b.Height {
		return fmt.Errorf("picture says %dx%d dots but holds %d bytes", b.Width, b.Height, len(b.Bits))
	}
	return nil
}

// narrowed is b scaled to at most width dots; a dot is black when at least half
// of what it covers was.
func (b *Bitmap) narrowed(width int) *Bitmap {
	if b.Width <= width {
		return b
	}
	h := max(1, b.Height*width/b.Width)
	out := newBlank(width, h)
	for y := range h {
		y0, y1 := y*b.Height/h, max((y+1)*b.Height/h, y*b.Height/h+1)
		for x := range width {
			x0, x1 := x*b.Width/width, max((x+1)*b.Width/width, x*b.Width/width+1)
			if 2*b.count(x0, y0, x1, y1) >= (x1-x0)*(y1-y0) {
				out.set(x, y)
			}
		}
	}
	return out
}

func (b *Bitmap) count(x0, y0, x1, y1 int) int {
	n := 0
	for y := y0; y < y1; y++ {
		for x := x0; x < x1; x++ {
			if b.At(x, y) {
				n++
			}
		}
	}
	return n
}
