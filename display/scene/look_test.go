package scene_test

import (
	"flag"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"kickstand/display/raster"
	"kickstand/display/scene"
)

var (
	look  = flag.String("look", "", "paint the screens as PNG files into this folder")
	large = flag.Bool("large", false, "of -look: large text")
	match = flag.String("match", "*", "of -look: panel-theme-screen, a shell pattern")
)

// TestLook paints nothing unless it is asked to.
func TestLook(t *testing.T) {
	if *look == "" {
		t.Skip("paints pictures for people; run with -look FOLDER")
	}
	p := painter(t)
	for name, v := range allViews() {
		for _, panel := range scene.Panels() {
			for _, theme := range scene.Themes() {
				file := panel.Name + "-" + string(theme) + "-" + name
				if ok, _ := filepath.Match(*match, file); !ok {
					continue
				}
				l := scene.Layout(v, panel, scene.Prefs{Theme: theme, Large: *large}, p, scene.UI{})
				img := image.NewRGBA(image.Rect(0, 0, panel.W, panel.H))
				p.Paint(img, l)
				save(t, filepath.Join(*look, file+".png"), img)
			}
		}
	}
}

func save(t *testing.T, path string, img image.Image) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(f, img); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

func painter(t testing.TB) *raster.Painter {
	t.Helper()
	p, err := raster.New(raster.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestLookAtIcons paints all icons on one sheet when asked to.
func TestLookAtIcons(t *testing.T) {
	if *look == "" {
		t.Skip("paints pictures for people; run with -look FOLDER")
	}
	const cols, cell = 9, 110
	l := scene.List{W: cols * cell, H: 5 * cell}
	l.Ops = append(l.Ops, scene.Op{Kind: scene.OpFill, Rect: scene.Rect{W: l.W, H: l.H}, Color: color.RGBA{R: 255, G: 255, B: 255, A: 255}})
	for i, name := range scene.Icons() {
		r := scene.Rect{X: i%cols*cell + 20, Y: i/cols*cell + 20, W: cell - 40, H: cell - 40}
		l.Ops = append(l.Ops, scene.Op{Kind: scene.OpIcon, Rect: r, Icon: name, Color: color.RGBA{R: 30, G: 34, B: 39, A: 255}})
	}
	img := image.NewRGBA(image.Rect(0, 0, l.W, l.H))
	painter(t).Paint(img, l)
	save(t, filepath.Join(*look, "icons.png"), img)
}
