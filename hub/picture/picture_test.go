package picture_test

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"kickstand/hub/picture"
	"kickstand/protocol"
)

// halves is a picture whose left half is red and right half blue.
func halves(w, h int) image.Image {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range w * h {
		c := color.RGBA{220, 0, 0, 255}
		if i%w >= w/2 {
			c = color.RGBA{0, 0, 220, 255}
		}
		m.SetRGBA(i%w, i/w, c)
	}
	return m
}

func asJPEG(tb testing.TB, m image.Image) []byte {
	tb.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 95}); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func asPNG(tb testing.TB, m image.Image) []byte {
	tb.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// turned is a JPEG whose Exif says how the camera was held, with a secret in it.
func turned(tb testing.TB, m image.Image, orientation uint16, order binary.AppendByteOrder) []byte {
	tb.Helper()
	mark := "II*\x00"
	if order == binary.AppendByteOrder(binary.BigEndian) {
		mark = "MM\x00*"
	}
	exif := order.AppendUint32([]byte("Exif\x00\x00"+mark), 8)
	exif = order.AppendUint16(exif, 1)
	exif = order.AppendUint16(exif, 0x0112)
	exif = order.AppendUint16(exif, 3)
	exif = order.AppendUint32(exif, 1)
	exif = order.AppendUint16(exif, orientation)
	exif = append(exif, 0, 0, 0, 0, 0, 0)
	exif = append(exif, "GPS 49.2827 N"...)
	raw := asJPEG(tb, m)
	head := binary.BigEndian.AppendUint16([]byte{0xff, 0xd8, 0xff, 0xe1}, uint16(len(exif)+2))
	return append(append(head, exif...), raw[2:]...)
}

func decoded(t *testing.T, raw []byte) image.Image {
	t.Helper()
	jpg, why := picture.Judge(raw)
	if why != "" {
		t.Fatal(why)
	}
	p := protocol.Picture{Item: "itm-1", Mark: picture.Mark(jpg), JPEG: jpg}
	if err := p.Check(); err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(jpg, []byte("GPS")) {
		t.Error("it says where it was taken")
	}
	m, err := jpeg.Decode(bytes.NewReader(jpg))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// where is the side of the red half.
func where(m image.Image) string {
	red := func(x, y int) bool {
		r, _, _, _ := m.At(m.Bounds().Dx()*x/8, m.Bounds().Dy()*y/8).RGBA()
		return r > 0x8000
	}
	switch topLeft, topRight, bottomLeft, bottomRight := red(1, 1), red(7, 1), red(1, 7), red(7, 7); {
	case topLeft && bottomLeft && !topRight && !bottomRight:
		return "left"
	case topRight && bottomRight && !topLeft && !bottomLeft:
		return "right"
	case topLeft && topRight && !bottomLeft && !bottomRight:
		return "top"
	case bottomLeft && bottomRight && !topLeft && !topRight:
		return "bottom"
	}
	return "nowhere"
}

// TestPhotosComeOutUpright has a camera held in all eight ways of Exif.
func TestPhotosComeOutUpright(t *testing.T) {
	for o, want := range []string{"left", "left", "right", "right", "left", "top", "top", "bottom", "bottom"} {
		for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
			m := decoded(t, turned(t, halves(1600, 800), uint16(o), order))
			b := m.Bounds()
			if where(m) != want || max(b.Dx(), b.Dy()) != picture.Side || (o >= 5) != (b.Dy() > b.Dx()) {
				t.Errorf("orientation %d, %v: red is %s in %v, want %s", o, order, where(m), b, want)
			}
		}
	}
}

func TestSmallPicturesStayAndClearOnesBecomeWhite(t *testing.T) {
	if b := decoded(t, asPNG(t, halves(60, 90))).Bounds(); b.Dx() != 60 || b.Dy() != 90 {
		t.Errorf("a small one became %v", b)
	}
	m := decoded(t, asPNG(t, image.NewNRGBA(image.Rect(0, 0, 50, 50))))
	if r, g, b, _ := m.At(25, 25).RGBA(); min(r, g, b) < 0xf000 {
		t.Error("what is clear is not white")
	}
}

func TestBadPicturesAreRefusedInWords(t *testing.T) {
	good := asJPEG(t, halves(64, 64))
	bomb := asPNG(t, halves(8, 8))
	binary.BigEndian.PutUint32(bomb[16:], 60_000) // claims to be 60,000 wide
	for name, c := range map[string]struct {
		raw  []byte
		says string
	}{
		"nothing":       {nil, "neither"},
		"a page":        {[]byte("<html>"), "neither"},
		"a GIF":         {[]byte("GIF89a\x01\x00\x01\x00\x00\x00\x00"), "neither"},
		"half of one":   {good[:len(good)/2], "damaged"},
		"a bad size":    {bomb, "damaged"},
		"a huge upload": {make([]byte, picture.MaxUpload+1), "too large"},
	} {
		t.Run(name, func(t *testing.T) {
			if jpg, why := picture.Judge(c.raw); jpg != nil || !strings.Contains(why, c.says) {
				t.Errorf("it says %q, want %q", why, c.says)
			}
		})
	}
}

// FuzzJudge wants no file to make it panic or to come out as no picture.
func FuzzJudge(f *testing.F) {
	f.Add(turned(f, halves(40, 20), 6, binary.BigEndian))
	f.Add(asPNG(f, halves(20, 40)))
	f.Fuzz(func(t *testing.T, raw []byte) {
		jpg, why := picture.Judge(raw)
		if (jpg == nil) == (why == "") {
			t.Fatalf("%d bytes and %q", len(jpg), why)
		}
		if jpg == nil {
			return
		}
		if m, err := jpeg.Decode(bytes.NewReader(jpg)); err != nil || max(m.Bounds().Dx(), m.Bounds().Dy()) > picture.Side {
			t.Errorf("%v, %v", m, err)
		}
	})
}
