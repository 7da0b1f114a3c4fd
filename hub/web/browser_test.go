package web_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/oned"
)

var shots = flag.String("shots", "", "also save screenshots of all pages to this `directory`")

// browser starts Chromium, or skips the test where there is none.
func browser(t *testing.T) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if errors.Is(err, exec.ErrNotFound) {
		t.Skip("no chromium here; Debian's package is chromium")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.UserDataDir(t.TempDir()),
		chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true))
	ctx, stop := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(stop)
	ctx, closeTab := chromedp.NewContext(ctx)
	t.Cleanup(closeTab)
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// do carries out steps in the browser.
func do(ctx context.Context, t *testing.T, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

// ask carries out one step and returns its answer.
func ask[T any](ctx context.Context, t *testing.T, step chromedp.Action[T]) T {
	t.Helper()
	answer, err := chromedp.Run(ctx, step)
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

// screen is what a page is looked at with.
type screen struct {
	name   string
	width  int64
	scale  float64
	scheme string
}

func (s screen) use(ctx context.Context, t *testing.T) {
	t.Helper()
	_, err := chromedp.Call(ctx, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: s.width, Height: 900, DeviceScaleFactor: s.scale, Mobile: s.width < 500,
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: s.scheme}},
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestFromTodayToTheReceipt(t *testing.T) {
	ctx := browser(t)
	s := traded(t)
	last := s.last()
	screen{width: 1280, scale: 2, scheme: "light"}.use(ctx, t)
	do(ctx, t, chromedp.Navigate(s.URL+"/"), chromedp.Click(chromedp.CSS("td.name a")), chromedp.WaitVisible(chromedp.CSS(".receipt img")))
	if heading := ask(ctx, t, chromedp.Text(chromedp.CSS("h1"))); heading != "S-000060" {
		t.Errorf("the first sale of the list leads to %q, want S-000060", heading)
	}
	width := ask(ctx, t, chromedp.Evaluate[int](`{ const i = document.querySelector(".receipt img"); i.decode().then(() => i.naturalWidth) }`, chromedp.EvalAwaitPromise))
	if width == 0 {
		t.Error("the receipt's image is empty")
	}
	do(ctx, t, chromedp.Click(chromedp.CSS(".receipt a")), chromedp.WaitVisible(chromedp.CSS("svg")))
	picture := ask(ctx, t, chromedp.FullScreenshot(100))
	if got := readCode(t, picture); got != last.Slip {
		t.Errorf("the code on the paper reads %q, want %q", got, last.Slip)
	}
	keep(t, "receipt", picture)
}

// readCode reads the Code 128 in a picture with a reader that is not ours.
func readCode(t *testing.T, picture []byte) string {
	t.Helper()
	img, _, err := image.Decode(bytes.NewReader(picture))
	if err != nil {
		t.Fatal(err)
	}
	bits, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		t.Fatal(err)
	}
	hints := map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true}
	found, err := oned.NewCode128Reader().Decode(bits, hints)
	if err != nil {
		t.Fatalf("no code on the paper: %v", err)
	}
	return found.GetText()
}

// TestPagesFitTheScreen opens every page on a desk and on a telephone, by day
// and by night. Nothing may stick out at the side, and every control must be
// large enough for a finger.
func TestPagesFitTheScreen(t *testing.T) {
	ctx := browser(t)
	s := traded(t)
	slip := s.oversell()
	pages := map[string]string{
		"today": "/", "sale": "/sales/S-000058", "differences": "/sales/" + slip, "quiet": "/?day=2026-06-07",
		"found": "/stock?q=tube", "low": "/stock", "item": "/stock/itm-000100", "devices": "/devices", "quarantine": "/quarantine", "missing": "/nowhere",
		"reports": "/reports", "reports-year": "/reports?from=2026-01-01&to=2026-12-31", "reports-day": "/reports?from=2026-06-13&to=2026-06-13",
		"reports-stock": "/reports/stock", "reports-wrong": "/reports?from=2026-06-09&to=2026-06-01",
	}
	screens := []screen{
		{"desk", 1280, 1, "light"}, {"desk-dark", 1280, 1, "dark"}, {"phone", 375, 1, "light"}, {"phone-dark", 375, 1, "dark"},
	}
	for _, look := range screens {
		look.use(ctx, t)
		for name, path := range pages {
			t.Run(look.name+" "+name, func(t *testing.T) {
				do(ctx, t, chromedp.Navigate(s.URL+path))
				wide := ask(ctx, t, chromedp.Evaluate[int64](`document.fonts.ready.then(() => document.documentElement.scrollWidth)`, chromedp.EvalAwaitPromise))
				if wide > look.width {
					t.Errorf("the page is %d wide on a screen of %d", wide, look.width)
				}
				if small := ask(ctx, t, chromedp.Evaluate[[]string](smallControls)); len(small) > 0 {
					t.Errorf("too small for a finger: %q", small)
				}
				keep(t, look.name+"-"+name, ask(ctx, t, chromedp.FullScreenshot(100)))
			})
		}
	}
}

// smallControls lists what can be pressed but is smaller than 24 CSS pixels,
// the limit of WCAG 2.2 for targets that are not inside a sentence.
const smallControls = `Array.from(document.querySelectorAll("nav a, button, .button, input, summary"))
	.filter(e => { const r = e.getBoundingClientRect(); return e.offsetParent && (r.width < 24 || r.height < 24) }).map(e => e.textContent || e.id)`

// keep saves a screenshot when they are asked for.
func keep(t *testing.T, name string, picture []byte) {
	t.Helper()
	if _, err := png.DecodeConfig(bytes.NewReader(picture)); err != nil {
		t.Fatalf("screenshot: %v", err)
	}
	if *shots == "" {
		return
	}
	if err := os.WriteFile(filepath.Join(*shots, name+".png"), picture, 0o644); err != nil {
		t.Fatal(err)
	}
}
