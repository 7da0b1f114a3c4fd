package web_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"kickstand/hub/goods"
	"kickstand/hub/seed"
	"kickstand/protocol"
)

// upload sends a file of items and returns where it leads and the page.
func (v *visitor) upload(name, content string, want int, says ...string) (path, page string) {
	v.t.Helper()
	return v.uploadTo("/items/import", name, content, want, says...)
}

// uploadTo sends a file to a page that takes one.
func (v *visitor) uploadTo(to, name, content string, want int, says ...string) (path, page string) {
	v.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	_ = w.WriteField("form", v.token(to))
	part, err := w.CreateFormFile("file", name)
	if err != nil {
		v.t.Fatal(err)
	}
	_, _ = part.Write([]byte(content))
	_ = w.Close()
	res, err := v.Post(v.base+to, w.FormDataContentType(), &b)
	page = v.read(res, err, want, says)
	return res.Request.URL.Path, page
}

var seenField = regexp.MustCompile(`name="seen" value="(\d+)"`)

// carryOut presses Import.
func (v *visitor) carryOut(path string, want int, says ...string) {
	v.t.Helper()
	m := seenField.FindStringSubmatch(v.get(path, http.StatusOK))
	if m == nil {
		v.t.Fatal("the page has no button to import")
	}
	v.send(path, url.Values{"do": {"import"}, "seen": {m[1]}}, want, says...)
}

func (s *shop) list() map[string]goods.Item {
	s.t.Helper()
	items, err := s.store.AllItems(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	all := map[string]goods.Item{}
	for _, it := range items {
		all[it.ID] = it
	}
	return all
}

func TestAFileWithMistakesChangesNothing(t *testing.T) {
	s := traded(t)
	v, version := s.signedIn("op-maren"), s.version()
	path, page := v.upload("prices.csv", "sku;name;price;tax_category\nNEW-1;Lamp;19,90;part\nNEW-2;Bell;-3;beer\nNEW-3;Horn\n", http.StatusOK,
		"separated by semicolons", "The price is below zero", "not a tax category", "This line has 2 fields")
	if strings.Contains(page, ">Import<") {
		t.Error("a file with mistakes can be imported")
	}
	v.post(path, url.Values{"form": {v.token("/items/import")}, "do": {"import"}, "seen": {fmt.Sprint(version)}}, http.StatusUnprocessableEntity, "nothing that can be imported")
	if s.version() != version {
		t.Error("something was changed")
	}
	s.signedIn("op-jules").get(path, http.StatusForbidden)
	v.upload("nothing.csv", "", http.StatusUnprocessableEntity, "Choose a file first")
}

func TestAnImportAndItsUndoing(t *testing.T) {
	s := traded(t)
	v, before := s.signedIn("op-maren"), s.list()
	a, b := before["itm-000100"], before["itm-000101"]
	file := fmt.Sprintf("sku,name,price,tax_category\n%s,%q,77.70,part\n%s,Renamed & shortened,%s,%s\nNEW-1,Lamp,19.90,part\n", a.SKU, a.Name, b.SKU, b.Price, b.TaxCategory)
	path, _ := v.upload(`C:\lists\new "prices".csv`, file, http.StatusOK, "Nothing has changed yet", "name: "+b.Name+" → Renamed & shortened", "Lamp", "UTF-8, separated by commas")
	v.send("/stock/itm-000200/price", url.Values{"price": {"5"}}, http.StatusOK)
	v.send(path, url.Values{"do": {"import"}, "seen": {fmt.Sprint(s.version() - 1)}}, http.StatusUnprocessableEntity, "Items were changed since you looked")
	want := s.list()
	have := s.version()
	v.carryOut(path, http.StatusOK, "Imported: 1 new, 2 changed.")
	if s.version() != have+1 {
		t.Errorf("the import made %d versions", s.version()-have)
	}
	page, err := s.store.CataloguePage(t.Context(), protocol.CatalogueAsk{Have: have})
	if err != nil || len(page.Items) != 3 {
		t.Errorf("devices get %d items, %v", len(page.Items), err)
	}
	v.send(path, url.Values{"do": {"import"}, "seen": {fmt.Sprint(s.version())}}, http.StatusUnprocessableEntity, "not where it was")
	v.send(path, url.Values{"do": {"undo"}}, http.StatusOK, "Undone. Every item is as it was")
	got := s.list()
	for id, it := range want {
		if !goods.Same(it, got[id]) {
			t.Errorf("%s was %+v\nand is  %+v", id, it, got[id])
		}
		delete(got, id)
	}
	for _, it := range got {
		if !it.Retired {
			t.Errorf("still there: %+v", it)
		}
	}
	v.post(path, url.Values{"form": {v.token("/items/import")}, "do": {"undo"}}, http.StatusUnprocessableEntity, "not where it was")
	if _, err := s.store.VerifyAudit(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestAnImportThatCannotBeUndoneSaysWhy(t *testing.T) {
	s := traded(t)
	v := s.signedIn("op-maren")
	sold, item := s.stocked()
	other := s.list()["itm-000100"]
	file := fmt.Sprintf("sku,price\n%s,%s\n%s,1.00\n", item.SKU, item.Price+1_00, other.SKU)
	path, _ := v.upload("prices.csv", file, http.StatusOK)
	v.carryOut(path, http.StatusOK, "0 new, 2 changed")
	v.send("/stock/"+other.ID+"/price", url.Values{"price": {"2"}}, http.StatusOK)
	sold.ID, sold.Slip, sold.Payments[0].ID = "sold-after", "C1-900002", "sold-after-p1"
	s.say(protocol.Evt, "counter-1", &sold)
	version := s.version()
	v.send(path, url.Values{"do": {"undo"}}, http.StatusUnprocessableEntity, "cannot be undone any more",
		other.Name+" was changed since.", item.Name+" was sold since, at the imported price.")
	if s.version() != version {
		t.Error("something was put back")
	}
}

// TestTheExportImportsAsNothing is the round trip of a whole shop.
func TestTheExportImportsAsNothing(t *testing.T) {
	s := empty(t)
	size := seed.Size{Items: 1_200, Customers: 1, Sales: 1}
	if _, err := seed.Volume(t.Context(), s.store, s.clock, noon, size, func(string, int, int) {}); err != nil {
		t.Fatal(err)
	}
	v := s.signedIn("op-maren")
	timed := func(what string, do func()) {
		began := time.Now()
		do()
		t.Logf("%s: %v", what, time.Since(began).Round(time.Millisecond))
	}
	var file string
	timed("export", func() { file = v.get("/items/items.csv", http.StatusOK) })
	timed("upload and preview", func() { v.upload("all.csv", file, http.StatusOK, "There is nothing to import") })
	changed := regexp.MustCompile(`,(\d+)\.(\d\d),(part|bicycle|clothing|labour)`).ReplaceAllString(file, ",1$1.$2,$3")
	var path string
	timed("upload and preview of changes", func() { path, _ = v.upload("all.csv", changed, http.StatusOK) })
	timed("import", func() { v.carryOut(path, http.StatusOK, "Imported: 0 new") })
	timed("undo", func() { v.send(path, url.Values{"do": {"undo"}}, http.StatusOK, "Undone") })
	timed("list", func() { v.get("/items", http.StatusOK) })
	timed("search", func() { v.get("/items?q=tube", http.StatusOK) })
	if again := v.get("/items/items.csv", http.StatusOK); again != file {
		t.Error("after the undoing the export differs")
	}
	s.visitor().get("/items/items.csv", http.StatusOK, "Who are you?")
	v.get("/items/import", http.StatusOK, "all.csv", "undone")
}
