package public_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"kickstand/hub"
	"kickstand/hub/hubtest"
	"kickstand/hub/public"
	"kickstand/hub/receipt"
	"kickstand/hub/store"
	"kickstand/protocol"
)

var shots = flag.String("shots", "", "also save screenshots of the page to this `directory`")

// shop is a shop with one sale whose receipt can be opened.
type shop struct {
	*httptest.Server
	t     *testing.T
	store *store.Store
	sale  *protocol.Sale
	now   time.Time // of the pages, from the present on
}

func open(t *testing.T) *shop {
	t.Helper()
	s := &shop{t: t, store: hubtest.Open(t, t.TempDir(), 3, "counter-1"), now: time.Now()}
	h, till := hub.New(hub.Config{Store: s.store}), hubtest.NewTill("counter-1", "C1")
	s.sale = till.Sale(hubtest.Item(1), hubtest.Item(2))
	s.sale.Token = strings.Repeat("k7", 16)
	s.sale.Seal = &protocol.SealMark{Code: "7F3A-99C2", AtMS: s.sale.ClosedMS}
	for _, raw := range [][]byte{till.Reset(), till.Event(s.sale)} {
		if _, err := h.Handle(t.Context(), till.Topic(protocol.Evt), raw); err != nil {
			t.Fatal(err)
		}
	}
	dir, err := receipt.OpenDir(filepath.Join(t.TempDir(), "receipts"))
	if err != nil {
		t.Fatal(err)
	}
	keeper := receipt.New(receipt.Config{Rows: s.store, Objects: dir})
	s.Server = httptest.NewServer(public.New(public.Config{Links: s.store, Receipts: keeper, Now: func() time.Time { return s.now }}))
	t.Cleanup(s.Close)
	return s
}

// get asks for a page as a customer at an address does.
func (s *shop) get(path, from string) (*http.Response, string) {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.URL+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("X-Forwarded-For", from)
	res, err := s.Client().Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	body, err := io.ReadAll(res.Body)
	if err = errors.Join(err, res.Body.Close()); err != nil {
		s.t.Fatal(err)
	}
	return res, string(body)
}

func TestReceiptIsShown(t *testing.T) {
	s := open(t)
	res, body := s.get("/r/"+s.sale.Token, "192.0.2.1")
	if res.StatusCode != http.StatusOK {
		t.Fatalf("status %d: %s", res.StatusCode, body)
	}
	for _, want := range []string{s.sale.Slip, "S-000001", "Test Cycles", "Bell 1", "Bell 2", "GST", "PST", s.sale.Totals.Total.String(), "Cash", "Journal 7F3A-99C2"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	for name, want := range map[string]string{
		"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow, noarchive", "X-Content-Type-Options": "nosniff",
	} {
		if got := res.Header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if p := res.Header.Get("Content-Security-Policy"); !strings.HasPrefix(p, "default-src 'none'; style-src 'sha256-") || strings.Contains(p, "unsafe") {
		t.Errorf("policy %q", p)
	}
	if strings.Contains(body, "<script") {
		t.Error("the page carries a script")
	}
	res, text := s.get("/r/"+s.sale.Token+"/receipt.txt", "192.0.2.1")
	if !strings.HasPrefix(res.Header.Get("Content-Type"), "text/plain") || !strings.Contains(text, "TOTAL CAD") || strings.Contains(text, "<") {
		t.Errorf("as text:\n%s", text)
	}
}

// TestWhatIsNotHere answers alike whatever the reason.
func TestWhatIsNotHere(t *testing.T) {
	s := open(t)
	_, never := s.get("/r/"+strings.Repeat("a", 32), "192.0.2.1")
	if !strings.Contains(never, "waiting for the network") {
		t.Errorf("it says %s", never)
	}
	for name, path := range map[string]string{
		"no token": "/r/C1-000001", "a sale id": "/r/" + s.sale.ID, "the digest": "/r/" + protocol.TokenDigest(s.sale.Token),
		"in capitals": "/r/" + strings.ToUpper(s.sale.Token), "as text": "/r/" + strings.Repeat("b", 32) + "/receipt.txt", "an odd one": "/r/%00%0a",
	} {
		if res, body := s.get(path, "192.0.2.1"); res.StatusCode != http.StatusNotFound || body != never {
			t.Errorf("%s: status %d\n%s", name, res.StatusCode, body)
		}
	}
	s.now = s.now.AddDate(0, 0, store.KeepReceipts+1)
	if res, body := s.get("/r/"+s.sale.Token, "192.0.2.1"); res.StatusCode != http.StatusNotFound || body != never {
		t.Errorf("after its days: status %d", res.StatusCode)
	}
}

// TestNothingElseIsPublic knows no page of the office and takes no form.
func TestNothingElseIsPublic(t *testing.T) {
	s := open(t)
	for _, path := range []string{"/", "/signin", "/sales/S-000001", "/healthz", "/assets/office.css", "/r/", "/stripe/webhook"} {
		if res, _ := s.get(path, "192.0.2.1"); res.StatusCode != http.StatusNotFound {
			t.Errorf("%s answers %d", path, res.StatusCode)
		}
	}
	res, err := s.Client().Post(s.URL+"/r/"+s.sale.Token, "text/plain", nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close() // only its status counts
	if res.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("POST answers %d", res.StatusCode)
	}
	if _, body := s.get("/robots.txt", "192.0.2.1"); !strings.Contains(body, "Disallow: /") {
		t.Errorf("robots may: %s", body)
	}
}

// TestGuessersWait stops an address that asks on and on, and nobody else.
func TestGuessersWait(t *testing.T) {
	s := open(t)
	refused := 0
	for n := range 40 {
		if res, _ := s.get(fmt.Sprintf("/r/guess-%d", n), "2001:db8::1"); res.StatusCode == http.StatusTooManyRequests {
			refused++
		}
	}
	if refused != 10 {
		t.Errorf("%d of 40 guesses were refused, want 10", refused)
	}
	if res, _ := s.get("/r/"+s.sale.Token, "2001:db8::99"); res.StatusCode != http.StatusTooManyRequests {
		t.Errorf("another address of the same network gets %d", res.StatusCode)
	}
	if res, _ := s.get("/r/"+s.sale.Token, "2001:db8:0:1::1"); res.StatusCode != http.StatusOK {
		t.Errorf("a neighbour gets %d", res.StatusCode)
	}
	s.now = s.now.Add(time.Minute)
	if res, _ := s.get("/r/"+s.sale.Token, "2001:db8::1"); res.StatusCode != http.StatusOK {
		t.Errorf("a minute later it gets %d", res.StatusCode)
	}
}

// TestOnATelephone opens the page in a browser 390 pixels wide: nothing is cut off,
// the policy lets the style in, and paper shows the receipt alone.
func TestOnATelephone(t *testing.T) {
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("no chromium here; Debian's package is chromium")
	}
	s := open(t)
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.UserDataDir(t.TempDir()), chromedp.NoSandbox, chromedp.DisableGPU)
	ctx, stop := chromedp.NewExecAllocator(t.Context(), options...)
	defer stop()
	ctx, closeTab := chromedp.NewContext(ctx)
	defer closeTab()
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	if _, err := chromedp.Call(ctx, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: 390, Height: 844, DeviceScaleFactor: 2, Mobile: true}); err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Do(ctx, chromedp.Navigate(s.URL+"/r/"+s.sale.Token), chromedp.WaitVisible(chromedp.CSS(".receipt"))); err != nil {
		t.Fatal(err)
	}
	look := func(script string) string {
		got, err := chromedp.Run(ctx, chromedp.Evaluate[string](script))
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	if got := look(`String(document.documentElement.scrollWidth)`); got != "390" {
		t.Errorf("the page is %s pixels wide", got)
	}
	if got := look(`getComputedStyle(document.querySelector(".receipt td.n")).textAlign`); got != "right" {
		t.Errorf("amounts are set %s: the policy keeps the style out", got)
	}
	keep(t, ctx, "receipt")
	if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"}); err != nil {
		t.Fatal(err)
	}
	if got := look(`getComputedStyle(document.querySelector("nav")).display`); got != "none" {
		t.Errorf("paper shows the links, %s", got)
	}
	keep(t, ctx, "receipt-print")
	if err := chromedp.Do(ctx, chromedp.Navigate(s.URL+"/r/"+strings.Repeat("a", 32)), chromedp.WaitVisible(chromedp.CSS("h1"))); err != nil {
		t.Fatal(err)
	}
	keep(t, ctx, "receipt-not-here")
}

func keep(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	if *shots == "" {
		return
	}
	picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err == nil {
		err = os.WriteFile(filepath.Join(*shots, name+".png"), picture, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}
