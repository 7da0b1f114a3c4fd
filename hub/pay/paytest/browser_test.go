package paytest_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"os/exec"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"kickstand/hub/pay/paytest"
)

// browser starts Chromium, or skips the test where there is none.
func browser(t *testing.T) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if errors.Is(err, exec.ErrNotFound) {
		t.Skip("no chromium here; Debian's package is chromium")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.UserDataDir(t.TempDir()),
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.WindowSize(390, 844))
	ctx, stop := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(stop)
	ctx, closeTab := chromedp.NewContext(ctx)
	t.Cleanup(closeTab)
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// TestAPersonTapsInABrowser presses a button of the page in a real browser,
// under the page's own policy, and sees the reader's screen change by itself.
func TestAPersonTapsInABrowser(t *testing.T) {
	ctx := browser(t)
	s := paytest.New(paytest.Config{Key: "sk", Webhook: "whsec", Customer: func(string, int64) paytest.Act { return paytest.Leave() }})
	s.AddReader("tmr_1")
	d := &desk{t: t, stripe: s}
	srv := httptest.NewServer(s.Page())
	defer srv.Close()
	steps := func(steps ...chromedp.Action[chromedp.Void]) {
		t.Helper()
		if err := chromedp.Do(ctx, steps...); err != nil {
			t.Fatal(err)
		}
	}
	steps(chromedp.Navigate(srv.URL), chromedp.WaitVisible(`.screen.ready`))
	d.process("p", d.create("p1", "2599").ID)
	steps(chromedp.WaitVisible(`.screen.asks`), chromedp.Click(`button[value="tap"]`), chromedp.WaitVisible(`.state.succeeded`))
	wide, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`document.documentElement.scrollWidth > innerWidth`))
	if err != nil || wide {
		t.Errorf("the page is wider than a phone: %t, %v", wide, err)
	}
	if sum := s.Payments()["p1"]; sum.Captured != 2599 {
		t.Errorf("got %+v", sum)
	}
}
