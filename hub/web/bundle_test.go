package web_test

import (
	"archive/zip"
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"kickstand/hub/bundle"
	"kickstand/hub/receipt"
	"kickstand/hub/web"
)

// bundled is a traded shop whose office makes bundles when the test turns the
// keeper.
func bundled(t *testing.T) (*shop, *bundle.Keeper) {
	t.Helper()
	s, dir := traded(t), t.TempDir()
	objects, err := receipt.OpenDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	k := bundle.NewKeeper(bundle.Maker{Store: s.store, Objects: objects, Dir: dir, Now: s.clock.Now}, nil)
	h, err := web.New(web.Config{Store: s.store, Now: s.clock.Now, Version: "test", Bundles: k})
	if err != nil {
		t.Fatal(err)
	}
	s.Server.Close()
	s.Server = httptest.NewServer(h)
	return s, k
}

var bundleLink = regexp.MustCompile(`href="(/settings/bundle/[0-9a-f]+)"`)

// TestTheOwnerTakesTheShopsDataAway asks for a bundle, waits for it and downloads
// it; nobody else may.
func TestTheOwnerTakesTheShopsDataAway(t *testing.T) {
	s, k := bundled(t)
	owner, lead := s.signedIn("op-maren"), s.signedIn("op-tomas")
	lead.get("/settings/bundle", http.StatusForbidden, "Only the owner may take all data of the shop away")
	owner.get("/settings/bundle", http.StatusOK, "It holds customers' data", "Make a bundle now")
	page := owner.send("/settings/bundle", url.Values{}, http.StatusOK, "Being made", `http-equiv="refresh"`)
	if strings.Contains(page, "Make a bundle now") {
		t.Error("another one can be asked for meanwhile")
	}
	if err := k.Turn(t.Context()); err != nil {
		t.Fatal(err)
	}
	page = owner.get("/settings/bundle", http.StatusOK, "Ready", "asked for by Maren", "0 receipts", "Make a bundle now")
	if strings.Contains(page, "refresh") {
		t.Error("a page on which nothing happens loads itself again")
	}
	path := bundleLink.FindStringSubmatch(page)[1]
	body := owner.fetch(path)
	z, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil || len(z.File) < 30 {
		t.Fatalf("what came is not a bundle: %v", err)
	}
	lead.get(path, http.StatusForbidden, "Only the owner")
	s.visitor().get(path, http.StatusOK, "Who are you?")
	owner.get("/settings/bundle/0000", http.StatusNotFound, "was removed, or it is not ready")
	for _, kind := range []string{"bundle.asked", "bundle.made", "bundle.fetched"} {
		if n := s.acts(kind); n != 1 {
			t.Errorf("%d rows %s in the journal, want 1", n, kind)
		}
	}
}

// fetch downloads a file.
func (v *visitor) fetch(path string) []byte {
	v.t.Helper()
	res, err := v.Get(v.base + path)
	if err != nil {
		v.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if name := res.Header.Get("Content-Disposition"); err != nil || !regexp.MustCompile(`^attachment; filename=demo-2026-06-13-\d{4}\.zip$`).MatchString(name) {
		v.t.Errorf("the file comes as %q, %v", name, err)
	}
	return b
}

// acts counts the rows of a kind in the journal.
func (s *shop) acts(kind string) (n int) {
	s.t.Helper()
	for row, err := range s.store.AuditRows(s.t.Context()) {
		if err != nil {
			s.t.Fatal(err)
		}
		if row.Kind == kind {
			n++
		}
	}
	return n
}

// bundles has two bundles that are ready and one on its way, and returns their page.
func (s *shop) bundles(k *bundle.Keeper) string {
	s.t.Helper()
	owner := s.signedIn("op-maren")
	for i := range 3 {
		owner.send("/settings/bundle", url.Values{}, http.StatusOK)
		if i < 2 {
			if err := k.Turn(s.t.Context()); err != nil {
				s.t.Fatal(err)
			}
		}
	}
	return "/settings/bundle"
}
