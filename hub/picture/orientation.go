package picture

import (
	"bytes"
	"encoding/binary"
	"image"
)

// orientation is how a camera was held when it took a JPEG, 1 to 8 as tag 0x0112
// of Exif 2.32 has it; 1, upright, when the file does not say.
func orientation(raw []byte) int {
	exif := exifOf(raw)
	if len(exif) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.LittleEndian
	if exif[0] == 'M' {
		order = binary.BigEndian
	}
	at := uint64(order.Uint32(exif[4:]))
	if at+2 > uint64(len(exif)) {
		return 1
	}
	entries := exif[at+2:]
	for range order.Uint16(exif[at:]) {
		if len(entries) < 12 {
			break
		}
		if v := int(order.Uint16(entries[8:])); order.Uint16(entries) == 0x0112 && v >= 1 && v <= 8 {
			return v
		}
		entries = entries[12:]
	}
	return 1
}

// exifOf finds the TIFF structure in the APP1 segment of a JPEG, nil when there is
// none before the picture.
func exifOf(raw []byte) []byte {
	head := []byte("Exif\x00\x00")
	if len(raw) < 2 || raw[0] != 0xff || raw[1] != 0xd8 {
		return nil
	}
	for raw = raw[2:]; len(raw) >= 4 && raw[0] == 0xff; {
		marker, size := raw[1], int(binary.BigEndian.Uint16(raw[2:]))
		if marker == 0xda || size < 2 || len(raw) < 2+size {
			return nil
		}
		if body := raw[4 : 2+size]; marker == 0xe1 && bytes.HasPrefix(body, head) {
			return body[len(head):]
		}
		raw = raw[2+size:]
	}
	return nil
}

// upright turns and mirrors a picture so that its orientation is 1.
func upright(m *image.RGBA, orientation int) *image.RGBA {
	if orientation == 1 {
		return m
	}
	w, h := m.Rect.Dx(), m.Rect.Dy()
	to := image.Rect(0, 0, w, h)
	if orientation >= 5 {
		to = image.Rect(0, 0, h, w)
	}
	out := image.NewRGBA(to)
	for y := range to.Dy() {
		for x := range to.Dx() {
			from := source(orientation, x, y, w, h)
			copy(out.Pix[out.PixOffset(x, y):][:4], m.Pix[m.PixOffset(from.X, from.Y):])
		}
	}
	return out
}

// source is the pixel of a picture of w by h that belongs at x, y once it is upright.
func source(orientation, x, y, w, h int) image.Point {
	switch orientation {
	case 2:
		return image.Pt(w-1-x, y)
	case 3:
		return image.Pt(w-1-x, h-1-y)
	case 4:
		return image.Pt(x, h-1-y)
	case 5:
		return image.Pt(y, x)
	case 6:
		return image.Pt(y, h-1-x)
	case 7:
		return image.Pt(w-1-y, h-1-x)
	case 8:
		return image.Pt(w-1-y, x)
	}
	return image.Pt(x, y)
}
