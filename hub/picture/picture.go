// Package picture makes pictures of items out of what people upload, and hands
// them to the devices that show them.
//
// It promises that what [Judge] returns is a small upright JPEG with nothing in it
// but the picture: no place, no camera, no hidden file. It refuses what is neither
// JPEG nor PNG, and what would take too much memory to look at, in words for the
// person who chose the file.
//
// A [Desk] is a hub.Journey; give it to the hub.
package picture

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	_ "image/png" // image.Decode reads it then

	"golang.org/x/image/draw"

	"kickstand/hub/audit"
	"kickstand/protocol"
)

const (
	// MaxUpload is the largest file that is looked at, in bytes.
	MaxUpload = 12 << 20
	// Side is the longer side of a picture as it is kept, in pixels.
	Side = 640

	mostPixels = 64_000_000 // of a JPEG, which takes 1.5 to 3 bytes each
	mostPNG    = 24_000_000 // of a PNG, which takes 4 to 8
)

// What Judge says to people.
const (
	wordNone  = "This is neither a JPEG nor a PNG. Choose a photo, or save the picture as JPEG first."
	wordLarge = "This picture is too large. Make it smaller than 12 MB and 24 megapixels first."
	wordTorn  = "This picture is damaged: it ends too early or makes no sense. Choose another copy of it."
)

// Judge makes the picture of an item out of a file, or says why it cannot, for the
// person who chose it.
func Judge(raw []byte) (jpg []byte, why string) {
	if len(raw) > MaxUpload {
		return nil, wordLarge
	}
	size, format, err := image.DecodeConfig(bytes.NewReader(raw))
	most := map[string]int{"jpeg": mostPixels, "png": mostPNG}[format]
	switch {
	case most == 0:
		return nil, wordNone
	case err != nil || size.Width < 1 || size.Height < 1:
		return nil, wordTorn
	case size.Width > most/size.Height:
		return nil, wordLarge
	}
	src, _, err := image.Decode(bytes.NewReader(raw))
	if err != nil {
		return nil, wordTorn
	}
	return encode(upright(small(src), orientation(raw)))
}

// small is a picture of at most Side by Side pixels on white.
func small(src image.Image) *image.RGBA {
	w, h := src.Bounds().Dx(), src.Bounds().Dy()
	if long := max(w, h); long > Side {
		w, h = max(w*Side/long, 1), max(h*Side/long, 1)
	}
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(m, m.Rect, image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.BiLinear.Scale(m, m.Rect, src, src.Bounds(), draw.Over, nil)
	return m
}

// encode takes the best quality that fits.
func encode(m image.Image) ([]byte, string) {
	for _, quality := range []int{85, 75, 60, 40, 20} {
		var b bytes.Buffer
		if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: quality}); err != nil {
			return nil, wordTorn
		}
		if b.Len() <= protocol.MaxPicture {
			return b.Bytes(), ""
		}
	}
	return nil, wordLarge
}

// Mark is the mark of a picture: the same for the same picture only.
func Mark(jpg []byte) string { return audit.Digest(jpg)[:16] }
