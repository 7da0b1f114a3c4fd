package scene_test

import (
	"image"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"kickstand/device/flow"
	"kickstand/display/scene"
)

// TestReceiptCodeIsLarge wants a code that a telephone reads at 30 cm: a tenth of
// that, on every panel, and more where no trouble takes the room.
func TestReceiptCodeIsLarge(t *testing.T) {
	all := map[string]flow.View{}
	for name, v := range allViews() {
		if v.QR != nil && v.Dialog == nil {
			all[name] = v
		}
	}
	if len(all) < 3 {
		t.Fatalf("only %d screens have a code", len(all))
	}
	everyLayout(t, all, func(t *testing.T, v flow.View, p scene.Panel, _ scene.Prefs, l scene.List) {
		for _, op := range l.Ops {
			if op.Kind != scene.OpQR {
				continue
			}
			least := 42.0
			if v.Banner != nil {
				least = 30
			}
			if mm := float64(min(op.Rect.W, op.Rect.H)) / p.PxPerMM; mm < least {
				t.Errorf("the code is %.1f mm wide, want %v", mm, least)
			}
			return
		}
		t.Error("there is no code")
	})
}

// TestReceiptCodeIsRead has an independent reader read the code from the painted
// screen, as large as it is and at the size that a telephone sees of it.
func TestReceiptCodeIsRead(t *testing.T) {
	reader, err := exec.LookPath("zbarimg")
	if err != nil {
		t.Skip("zbarimg is not installed; make test installs it")
	}
	p := painter(t)
	for name, v := range map[string]flow.View{"kiosk": views()["qr"], "counter": views()["qr-counter"]} {
		for _, panel := range scene.Panels() {
			for _, theme := range scene.Themes() {
				l := scene.Layout(v, panel, scene.Prefs{Theme: theme}, p, scene.UI{})
				img := image.NewRGBA(image.Rect(0, 0, panel.W, panel.H))
				p.Paint(img, l)
				file := filepath.Join(t.TempDir(), "screen.png")
				save(t, file, img)
				out, err := exec.Command(reader, "-q", "--raw", file).Output()
				if got := strings.TrimSpace(string(out)); err != nil || got != v.QR.Link {
					t.Errorf("%s on %s, %s: read %q (%v), want %q", name, panel.Name, theme, got, err, v.QR.Link)
				}
			}
		}
	}
}
