package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"kickstand/hub/intake"
	"kickstand/hub/web"
)

// TestALargeFileIsImportedBeside sends more items than are imported at once, looks
// at the page on the way, and has them undone.
func TestALargeFileIsImportedBeside(t *testing.T) {
	s := traded(t)
	w := intake.New(s.store, nil)
	h, err := web.New(web.Config{Store: s.store, Now: s.clock.Now, Imports: w})
	if err != nil {
		t.Fatal(err)
	}
	s.Server.Close()
	s.Server = httptest.NewServer(h)
	v, before := s.signedIn("op-maren"), len(s.list())
	file := "sku,name,price,tax_category\n"
	for n := range 600 {
		file += fmt.Sprintf("NEW-%d,Lamp %d,19.90,part\n", n, n)
	}
	step := func() {
		t.Helper()
		if more, err := w.Step(t.Context()); err != nil || !more {
			t.Fatalf("nothing to do: %v, %v", more, err)
		}
	}
	path, _ := v.upload("large.csv", file, http.StatusOK)
	v.carryOut(path, http.StatusOK, "Being prepared", "Sales go on meanwhile", `http-equiv="refresh"`)
	step()
	v.get(path, http.StatusOK, "Being imported", "0 of 600 items are in the catalogue")
	step()
	v.get(path, http.StatusOK, "200 of 600 items")
	if err := w.Turn(t.Context()); err != nil {
		t.Fatal(err)
	}
	page := v.get(path, http.StatusOK, "600 new, 0 changed", "Undo the import")
	if strings.Contains(page, "refresh") || len(s.list()) != before+600 {
		t.Errorf("%d items, want %d", len(s.list()), before+600)
	}
	v.send("/stock/"+s.bySKU("NEW-7")+"/price", url.Values{"price": {"5"}}, http.StatusOK)
	v.send(path, url.Values{"do": {"undo"}}, http.StatusOK, "Being undone", "600 items are still as in the file")
	step()
	v.get(path, http.StatusOK, "cannot be undone any more", "NEW-7 Lamp 7 was changed since.")
	v.send("/stock/"+s.bySKU("NEW-7")+"/price", url.Values{"price": {"19.90"}}, http.StatusOK)
	v.send(path, url.Values{"do": {"undo"}}, http.StatusOK, "Being undone")
	if err := w.Turn(t.Context()); err != nil {
		t.Fatal(err)
	}
	v.get(path, http.StatusOK, "Undone.")
	for kind, want := range map[string]int{"items.importing": 1, "items.imported": 1, "items.undoing": 2, "items.unimported": 1} {
		if n := s.acts(kind); n != want {
			t.Errorf("%d rows %s in the journal, want %d", n, kind, want)
		}
	}
}

func (s *shop) bySKU(sku string) string {
	s.t.Helper()
	for id, it := range s.list() {
		if it.SKU == sku {
			return id
		}
	}
	s.t.Fatalf("no item %s", sku)
	return ""
}
