package main_test

import (
	"bytes"
	"io"
	"io/fs"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"kickstand/hub/staff"
)

// typeText types on the keyboard of the screen.
func (k *till) typeText(text string) {
	k.t.Helper()
	for _, r := range text {
		if r == ' ' {
			k.tap("key:space")
			continue
		}
		k.tap("key:" + string(r))
	}
}

// tapShown waits until something that begins like this can be tapped, and taps it.
func (k *till) tapShown(prefix string) {
	k.t.Helper()
	var n node
	await(k.t, "the screen shows "+prefix, func() (ok bool) { n, ok = k.scene().first(prefix); return ok })
	k.tap(n.ID)
}

// filesWith lists the files of the shop that hold a text, in any case of letters.
func (s *shop) filesWith(text string) []string {
	s.t.Helper()
	var found []string
	err := filepath.WalkDir(s.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return nil // a file that went meanwhile
		}
		raw, err := os.ReadFile(path)
		if err == nil && bytes.Contains(bytes.ToLower(raw), []byte(strings.ToLower(text))) {
			found = append(found, strings.TrimPrefix(path, s.dir+"/"))
		}
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return found
}

// signedIn is a browser of the owner in the office.
func (s *shop) signedIn(owner string) *http.Client {
	s.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	c := &http.Client{Jar: jar}
	s.send(c, "/signin", url.Values{"who": {owner}, "password": {staff.DemoPassword}, "back": {"/customers"}})
	return c
}

// send posts a form of the office, or opens a page when there is none, and returns
// what it says.
func (s *shop) send(c *http.Client, path string, form url.Values) string {
	s.t.Helper()
	ask := func() (*http.Response, error) { return c.Get("http://" + s.web + path) }
	if form != nil {
		ask = func() (*http.Response, error) { return c.PostForm("http://"+s.web+path, form) }
	}
	res, err := ask()
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	page, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		s.t.Fatalf("%s: %s, %v: %s", path, res.Status, err, page)
	}
	return string(page)
}

// TestACustomerFromTheCounterToErasure adds a customer at the counter, sells to
// her, parks another sale of hers over a crash of the till, and erases her in the
// office. No file of a till ever has her name; afterwards none of the hub has.
func TestACustomerFromTheCounterToErasure(t *testing.T) {
	const name, digits = "Quibbleton", "6045550190"
	s := openShop(t)
	k := s.till("counter-1", "counter", "C1")
	await(t, "the till is online", func() bool { return k.state().Online })
	k.tapAll("operator", "operator:"+s.operator("owner"), "back", "start", "customer")
	k.typeText("wilma quibbleton")
	k.tapShown("buyer-new")
	k.tapShown("buyer-name")
	k.typeText(digits)
	k.tapShown("buyer-save")
	isFor := func() bool { n, ok := k.scene().node("hint"); return ok && n.Label == "for Wilma Quibbleton, A-31" }
	await(t, "she is the customer of the sale", isFor)
	goods := s.articles()
	k.ring(goods[0].Code)
	k.done()

	k.tapAll("start", "customer")
	k.typeText("quibleton")
	var she node
	await(t, "she is found", func() bool {
		n, ok := k.scene().first("buyer:")
		she = n
		return ok && n.Label == "Wilma Quibbleton"
	})
	k.tap(she.ID)
	await(t, "she is the customer of the next sale", isFor)
	k.scan(goods[1].Code)
	await(t, "the item is in the sale", func() bool { return k.lines() == 1 })
	k.tap("park")
	await(t, "the hub has the parked sale", func() bool { return k.state().Outbox == 0 })
	k.kill()
	k.start()
	k.awaitReady()
	await(t, "the till is online again", func() bool { return k.state().Online })
	k.tapAll("parked", "resume:1")
	await(t, "the till knows her name again", isFor)
	for _, f := range append(s.filesWith(name), s.filesWith(digits)...) {
		if !strings.HasPrefix(f, "hub/demo.db") {
			t.Errorf("her name or number is in %s", f)
		}
	}

	owner := s.signedIn(s.operator("owner"))
	page := s.send(owner, "/customers?q=A-31", nil)
	path := regexp.MustCompile(`class="row" href="(/customers/[^"]+)"`).FindStringSubmatch(page)[1]
	if page = s.send(owner, path, nil); !strings.Contains(page, name) || !strings.Contains(page, "in 1 sale") {
		t.Errorf("her page: %s", page)
	}
	if export := s.send(owner, path+"/export", url.Values{}); !strings.HasPrefix(export, "PK") {
		t.Errorf("the export: %.60q", export)
	}
	token := regexp.MustCompile(`name="form" value="([0-9a-f]+)"`).FindStringSubmatch(s.send(owner, path+"/erase", nil))[1]
	s.send(owner, path+"/erase", url.Values{"form": {token}, "account": {"A-31"}})
	await(t, "no file has her name or number", func() bool { return len(s.filesWith(name))+len(s.filesWith(digits)) == 0 })
	if page = s.send(owner, "/sales/S-000001", nil); !strings.Contains(page, "A-31, erased customer") {
		t.Errorf("the sale: %s", page)
	}
	k.network("down")
	await(t, "the till is offline", func() bool { return !k.state().Online })
	k.network("up")
	await(t, "the till lets her go", func() bool { _, ok := k.scene().node("hint"); return !ok && k.scene().Screen == "sale" })
	k.ring()
	k.done()
	if n := s.count(`SELECT count(*) AS n FROM sales WHERE customer <> ''`); n != 1 {
		t.Errorf("%d sales name a customer, want the first", n)
	}
	s.hub.stop()
	s.verifyAudit(t)
}
