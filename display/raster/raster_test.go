package raster_test

import (
	"bytes"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"testing/fstest"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"kickstand/display/raster"
	"kickstand/display/scene"
)

var update = flag.Bool("update", false, "write the golden pictures anew")

var (
	paper = color.RGBA{0xf6, 0xf4, 0xef, 0xff}
	ink   = color.RGBA{0x1c, 0x1f, 0x23, 0xff}
	green = color.RGBA{0x1b, 0x6b, 0x4a, 0xff}
)

func newPainter(t testing.TB) *raster.Painter {
	t.Helper()
	p, err := raster.New(raster.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// list is a screen of w by h with a ground and these ops.
func list(w, h int, ops ...scene.Op) scene.List {
	ground := scene.Op{Kind: scene.OpFill, Rect: scene.Rect{W: w, H: h}, Color: paper}
	return scene.List{W: w, H: h, Ops: append([]scene.Op{ground}, ops...)}
}

// line is an op of text at x, y.
func line(p *raster.Painter, x, y int, f scene.Face, text string) scene.Op {
	up, down := p.Height(f)
	return scene.Op{Kind: scene.OpText, Rect: scene.Rect{X: x, Y: y, W: p.Width(f, text), H: up + down}, Color: ink, Face: f, Text: text}
}

func paint(p *raster.Painter, l scene.List) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, l.W, l.H))
	p.Paint(img, l)
	return img
}

// compare checks img against the golden picture of that name, byte by byte.
func compare(t *testing.T, name string, img *image.RGBA) {
	t.Helper()
	file := filepath.Join("testdata", name+".png")
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	golden, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want, err := png.Decode(bytes.NewReader(golden))
	if err != nil {
		t.Fatal(err)
	}
	if want.Bounds() != img.Rect {
		t.Fatalf("%s: want %v, got %v", file, want.Bounds(), img.Rect)
	}
	for y := range img.Rect.Dy() {
		for x := range img.Rect.Dx() {
			if w, g := color.RGBAModel.Convert(want.At(x, y)), img.RGBAAt(x, y); w != g {
				t.Fatalf("%s: first difference at %d,%d: want %v, got %v (look at it, then -update)", file, x, y, w, g)
			}
		}
	}
}

// TestGolden pins what every kind of op looks like, to the byte.
func TestGolden(t *testing.T) {
	p := newPainter(t)
	white := color.RGBA{255, 255, 255, 255}
	button := scene.Rect{X: 20, Y: 20, W: 200, H: 64}
	tests := map[string]scene.List{
		"button": list(240, 104,
			scene.Op{Kind: scene.OpShadow, Rect: button, Radius: 12, Color: color.RGBA{A: 70}},
			scene.Op{Kind: scene.OpFill, Rect: button, Radius: 12, Color: green},
			scene.Op{Kind: scene.OpStroke, Rect: button, Radius: 12, Width: 2, Color: ink},
			scene.Op{Kind: scene.OpText, Rect: scene.Rect{X: 62, Y: 36, W: 140, H: 32}, Color: white, Face: scene.Face{Weight: scene.Medium, Px: 26}, Text: "Pay cash"},
		),
		"weights": list(360, 120,
			line(p, 8, 4, scene.Face{Px: 17}, "Chain lube 120 ml, wet — fits AVATAR"),
			line(p, 8, 28, scene.Face{Px: 22, Weight: scene.Medium}, "Tour de Vélo à l'été"),
			line(p, 8, 58, scene.Face{Px: 26, Weight: scene.Bold}, "Привет, ποδήλατο"),
			line(p, 8, 90, scene.Face{Px: 20, Tabular: true}, "1,111.10  8,888.80 $"),
		),
		"right to left": list(240, 40, line(p, 8, 6, scene.Face{Px: 22}, "שלום 42 מחיר")),
		"code":          list(120, 120, scene.Op{Kind: scene.OpQR, Rect: scene.Rect{X: 4, Y: 4, W: 112, H: 112}, Color: ink, Code: "K3-000123"}),
		"clip": list(80, 60,
			scene.Op{Kind: scene.OpFill, Rect: scene.Rect{X: 10, Y: 10, W: 60, H: 40}, Clip: scene.Rect{X: 30, Y: 5, W: 30, H: 30}, Radius: 20, Color: color.RGBA{R: 60, A: 128}},
		),
	}
	for name, l := range tests {
		t.Run(name, func(t *testing.T) { compare(t, name, paint(p, l)) })
	}
}

// TestTabular keeps columns of money straight: every digit is equally wide.
func TestTabular(t *testing.T) {
	p := newPainter(t)
	for w := scene.Regular; w <= scene.Bold; w++ {
		f := scene.Face{Weight: w, Px: 37, Tabular: true}
		want := p.Width(f, "1111111111")
		for d := '0'; d <= '9'; d++ {
			text := string([]rune{d, d, d, d, d, d, d, d, d, d})
			if got := p.Width(f, text); got != want {
				t.Errorf("weight %d: ten %c are %d px wide, ten 1 are %d", w, d, got, want)
			}
		}
	}
}

// TestTextInside holds the width to its promise: nothing is drawn right of it
// but the lean of a letter.
func TestTextInside(t *testing.T) {
	p := newPainter(t)
	for _, text := range []string{"Kickstand", "fjord", "AVATAR", "1 024.50", "שלום", ""} {
		f := scene.Face{Px: 40}
		w := p.Width(f, text)
		img := paint(p, list(w+40, 60, scene.Op{Kind: scene.OpText, Rect: scene.Rect{X: 10, Y: 5, W: w, H: 50}, Color: ink, Face: f, Text: text}))
		for y := range 60 {
			for x := w + 10 + 6; x < w+40; x++ {
				if img.RGBAAt(x, y) != paper {
					t.Fatalf("%q: ink at %d,%d, beyond its width %d", text, x, y, w)
				}
			}
		}
	}
}

// TestMissingFonts draws an empty box, and no panic, for a rune no font has.
func TestMissingFonts(t *testing.T) {
	broken := fstest.MapFS{"opentype/noto/NotoSansCJK-Regular.ttc": {Data: []byte("this is no font")}}
	p, err := raster.New(raster.Options{System: broken})
	if err != nil {
		t.Fatal(err)
	}
	if w := p.Width(scene.Face{Px: 20}, "自転車"); w == 0 {
		t.Error("three runes without a font have no width")
	}
}

// TestCodeReads has an independent reader decode what was painted.
func TestCodeReads(t *testing.T) {
	p := newPainter(t)
	for _, want := range []string{"K3-000123", "https://shop.example/r/7f3a9c?d=kiosk-1&n=000123", "vélo 自転車"} {
		img := paint(p, list(220, 240, scene.Op{Kind: scene.OpQR, Rect: scene.Rect{X: 10, Y: 20, W: 200, H: 200}, Color: ink, Code: want}))
		bits, err := gozxing.NewBinaryBitmapFromImage(img)
		if err != nil {
			t.Fatal(err)
		}
		got, err := qrcode.NewQRCodeReader().Decode(bits, nil)
		if err != nil {
			t.Fatalf("%q: %v", want, err)
		}
		if got.GetText() != want {
			t.Errorf("want %q, read %q", want, got.GetText())
		}
	}
}

// TestBounded paints texts that never repeat and wants the memory back.
func TestBounded(t *testing.T) {
	const limit = 1 << 20
	p, err := raster.New(raster.Options{CacheBytes: limit})
	if err != nil {
		t.Fatal(err)
	}
	img := image.NewRGBA(image.Rect(0, 0, 200, 40))
	show := func(from, to int) {
		for i := from; i < to; i++ {
			p.Paint(img, list(200, 40, line(p, 5, 5, scene.Face{Px: 12 + i%60}, fmt.Sprintf("Customer %d", i))))
		}
	}
	show(0, 2000)
	before := heap()
	show(2000, 12000)
	if grown := heap() - before; grown > limit {
		t.Errorf("10,000 texts more took %d bytes more; the caches may hold %d in all", grown, limit)
	}
	runtime.KeepAlive(p)
}

// heap is how much memory is in use after a collection.
func heap() int {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}

// TestOddOps paints what no layout should ask for without leaving the image.
func TestOddOps(t *testing.T) {
	p := newPainter(t)
	for _, r := range []scene.Rect{{}, {X: -50, Y: -50, W: 20, H: 20}, {X: 5, Y: 5, W: 1, H: 1}, {X: 5, Y: 5, W: -7, H: 9}, {X: 35, Y: 35, W: 900, H: 3}} {
		for kind := scene.OpKind(0); kind <= scene.OpQR+1; kind++ {
			paint(p, list(40, 40, scene.Op{Kind: kind, Rect: r, Radius: 40, Width: 30, Color: ink, Text: "gj\x00", Face: scene.Face{Px: -3, Weight: 9}, Icon: "none", Code: "x"}))
		}
	}
}
