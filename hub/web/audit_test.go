package web_test

import (
	"context"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"kickstand/hub/audit"
	"kickstand/hub/store"
	"kickstand/hub/store/storetest"
	"kickstand/hub/web"
	"kickstand/protocol"

	"github.com/chromedp/chromedp"
)

// under puts the office of a shop under a key; zero is a key that is missing.
func (s *shop) under(key audit.Public) {
	s.t.Helper()
	h, err := web.New(web.Config{Store: s.store, Now: s.clock.Now, AuditKey: key})
	if err != nil {
		s.t.Fatal(err)
	}
	s.Server.Close()
	s.Server = httptest.NewServer(h)
}

// seal seals the journal of a shop.
func (s *shop) seal(key *audit.Key) {
	s.t.Helper()
	err := audit.NewSealer(audit.SealerConfig{Shop: "demo", Ledger: s.store, Key: key, Batch: 20, Now: s.clock.Now}).SealAll(context.Background())
	if err != nil {
		s.t.Fatal(err)
	}
}

func newKey(t *testing.T) *audit.Key {
	t.Helper()
	k, err := audit.NewKey("demo")
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// says wants words on a page, and others not.
func (s *shop) says(path string, want, not []string) string {
	s.t.Helper()
	page, _ := s.get(path, http.StatusOK)
	if err := wellFormed(page); err != nil {
		s.t.Errorf("%s: %v", path, err)
	}
	text := html.UnescapeString(page)
	for _, w := range want {
		if !strings.Contains(text, w) {
			s.t.Errorf("%s does not say %q", path, w)
		}
	}
	for _, w := range not {
		if strings.Contains(text, w) {
			s.t.Errorf("%s says %q", path, w)
		}
	}
	return page
}

func TestTheJournalSaysHowItIsSealed(t *testing.T) {
	s, key := empty(t), newKey(t)
	s.under(key.Public())
	s.says("/audit", []string{"Nothing to seal yet", "No events yet", key.Public().String()}, []string{"Fingerprint"})
	s.says("/audit?check=1", []string{"Nothing was changed", "0 events"}, nil)

	s = traded(t)
	s.under(key.Public())
	s.clock.Set(s.clock.Now().Add(time.Minute))
	s.says("/audit", []string{"Sealing has stopped", "Selling goes on", "Sale"}, []string{"Latest checkpoint"})
	s.seal(key)
	signed, err := s.store.LatestCheckpoint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c, err := key.Public().Check(signed)
	if err != nil {
		t.Fatal(err)
	}
	s.says("/audit", []string{"Latest checkpoint", c.Code(), "just now", "Device fault", "printer"}, []string{"Sealing has stopped", "Nothing was changed"})
	s.says("/audit?check=1", []string{"Nothing was changed", "with every sale"}, nil)
	s.say(protocol.Evt, "counter-1", &protocol.DeviceFault{Part: "printer", State: "ok", Detail: "ready"})
	s.says("/audit", []string{"<dt>Waiting</dt><dd>1</dd>"}, []string{"Sealing has stopped"})

	s.says("/audit?check=1&code="+strings.ToLower(c.Code()), []string{"Nothing was changed", c.Code() + " is part of this history"}, nil)
	s.says("/audit?check=1&code=184-00000-00000", []string{"The code is not part of this journal"}, []string{"Nothing was changed"})
	s.says("/audit?check=1&code=hello", []string{"This is not a code", "Nothing was checked"}, []string{"Nothing was changed"})

	s.under(audit.Public{})
	s.says("/audit?check=1", []string{"audit key is missing", "signatures cannot be checked"}, []string{"Nothing was changed"})
	s.under(newKey(t).Public())
	s.says("/audit?check=1", []string{"The checkpoint of 20 events is the first that is wrong", "Change nothing"}, []string{"Nothing was changed"})
}

// TestThePagesOfTheJournalLeadThroughAllOfIt follows the link to older events
// until there is none.
func TestThePagesOfTheJournalLeadThroughAllOfIt(t *testing.T) {
	s := traded(t)
	rows, err := s.store.RowsBefore(t.Context(), 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	older := regexp.MustCompile(`/audit\?before=\d+`)
	for path, pages := "/audit", 0; path != ""; pages++ {
		page := s.says(path, []string{"Fingerprint"}, nil)
		seen += strings.Count(page, `<td class="n no">`)
		if path = older.FindString(page); pages > 10 {
			t.Fatal("the pages never end")
		}
	}
	if int64(seen) != rows[0].N {
		t.Errorf("%d events on all pages, the journal has %d", seen, rows[0].N)
	}
	for _, path := range []string{"/audit?before=x", "/audit?before=-1", "/audit?before=0", "/audit?before=99999999999999999999"} {
		s.says(path, []string{"Fingerprint"}, []string{"Newest"})
	}
	s.says("/audit?before=1", []string{"There is nothing before this"}, nil)
}

func TestAForgedEventIsNamedInTheOffice(t *testing.T) {
	path, key := filepath.Join(t.TempDir(), "demo.db"), newKey(t)
	s := &shop{t: t}
	reopen := func() {
		t.Helper()
		var err error
		if s.store, err = store.Open(t.Context(), storetest.On(t, store.Config{Path: path, Shop: "demo"})); err != nil {
			t.Fatal(err)
		}
	}
	reopen()
	for _, body := range []string{`{"a":"1111"}`, `{"a":"2222"}`, `{"a":"3333"}`} {
		err := s.store.Write(t.Context(), func(tx *store.Tx) error {
			_, err := tx.Audit(audit.Row{Kind: "note", Digest: audit.Digest([]byte(body)), Body: body})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := s.store.Close(); err != nil {
		t.Fatal(err)
	}
	if err := storetest.Alter(t.Context(), path, `UPDATE audit_events SET body = replace(body, '2222', '2220')`); err != nil {
		t.Fatal(err)
	}
	reopen()
	defer s.store.Close()
	h, err := web.New(web.Config{Store: s.store, AuditKey: key.Public()})
	if err != nil {
		t.Fatal(err)
	}
	s.Server = httptest.NewServer(h)
	defer s.Close()
	s.says("/audit?check=1", []string{"Event 2 is the first that is wrong", "It was altered"}, []string{"Nothing was changed"})
}

func TestTheJournalFitsTheScreen(t *testing.T) {
	ctx := browser(t)
	s, key := traded(t), newKey(t)
	s.say(protocol.Evt, "counter-2", &protocol.JournalReset{Why: "first start"})
	for n, why := range []string{"Amberly Quillfeather wants change", strings.Repeat("a customer came back for the change of a large note ", 7), strings.Repeat("Donaudampfschiff", 20)} {
		s.say(protocol.Evt, "counter-2", &protocol.DrawerOpened{ID: fmt.Sprintf("d-%d", n), Operator: "op-maren", Why: why})
	}
	if err := s.store.PutCustomers(t.Context(), []store.Customer{{ID: "cus-gone", Name: "Amberly Quillfeather"}}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.store.EraseCustomer(t.Context(), "cus-gone", "op-maren"); err != nil {
		t.Fatal(err)
	}
	s.says("/audit", []string{"Drawer opened", "“Donaudampfschiff", ">erased<"}, []string{"Quillfeather"})
	s.under(key.Public())
	s.seal(key)
	for _, look := range []screen{{"desk", 1280, 1, "light"}, {"phone", 375, 1, "light"}, {"phone-dark", 375, 1, "dark"}} {
		look.use(ctx, t)
		do(ctx, t, chromedp.Navigate(s.URL+"/audit"), chromedp.Click(chromedp.CSS(`button[name="check"]`)), chromedp.WaitVisible(chromedp.CSS("#check")))
		wide := ask(ctx, t, chromedp.Evaluate[int64](`document.fonts.ready.then(() => document.documentElement.scrollWidth)`, chromedp.EvalAwaitPromise))
		if wide > look.width {
			t.Errorf("%s: the page is %d wide on a screen of %d", look.name, wide, look.width)
		}
		if small := ask(ctx, t, chromedp.Evaluate[[]string](smallControls)); len(small) > 0 {
			t.Errorf("%s: too small for a finger: %q", look.name, small)
		}
		keep(t, look.name+"-audit", ask(ctx, t, chromedp.FullScreenshot(100)))
		do(ctx, t, chromedp.SendKeys(chromedp.CSS("#code"), s.code(key)), chromedp.Click(chromedp.CSS(`button[name="look"]`)), chromedp.WaitVisible(chromedp.CSS("#check dl")))
		keep(t, look.name+"-code", ask(ctx, t, chromedp.FullScreenshot(100)))
	}
}
