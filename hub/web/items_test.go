package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"kickstand/hub/price"
	"kickstand/hub/store"
	"kickstand/protocol"
	"kickstand/protocol/money"
)

// fields are those of an item's page as they stand there.
func (v *visitor) fields(path string) url.Values {
	v.t.Helper()
	page := v.get(path, http.StatusOK)
	all := url.Values{}
	for _, m := range regexp.MustCompile(`<input[^>]* name="([a-z_]+)" value="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		if !strings.Contains(m[0], "checkbox") || strings.Contains(page, `name="`+m[1]+`" type="checkbox" value="1" checked`) {
			all.Set(m[1], m[2])
		}
	}
	for _, m := range regexp.MustCompile(`name="([a-z_]+)" type="checkbox" value="1" checked`).FindAllStringSubmatch(page, -1) {
		all.Set(m[1], "1")
	}
	for _, m := range regexp.MustCompile(`(?s)<textarea[^>]* name="([a-z_]+)"[^>]*>(.*?)</textarea>`).FindAllStringSubmatch(page, -1) {
		all.Set(m[1], m[2])
	}
	if m := regexp.MustCompile(`<option value="([^"]*)" selected>`).FindStringSubmatch(page); m != nil {
		all.Set("tax_category", m[1])
	}
	return all
}

func (s *shop) item(id string) store.StockRow {
	s.t.Helper()
	row, _, err := s.store.Stock(s.t.Context(), id, 0)
	if err != nil {
		s.t.Fatal(err)
	}
	return row
}

func (s *shop) version() int64 {
	s.t.Helper()
	n, err := s.store.CatalogueVersion(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	return n
}

func TestAnItemIsEdited(t *testing.T) {
	s := traded(t)
	v, id := s.signedIn("op-tomas"), "itm-000100"
	before, version := s.item(id), s.version()
	values := v.fields("/stock/" + id + "/edit")
	v.post("/stock/"+id+"/edit", values, http.StatusOK, "Nothing was different")
	if s.version() != version {
		t.Error("a save without a change makes a new version of the catalogue")
	}
	values = v.fields("/stock/" + id + "/edit")
	stale := v.fields("/stock/" + id + "/edit")
	values.Set("name", "Quite another name & more")
	values.Set("low", "7")
	values.Set("barcodes", "SHOP-99\r\n4006381333931\n")
	v.post("/stock/"+id+"/edit", values, http.StatusOK, "Changed. The tills know", "Quite another name & more", "7 or less", "SHOP-99, 4006381333931")
	after := s.item(id)
	if after.Low != 7 || after.Price != before.Price || after.TaxCategory != before.TaxCategory || after.Unstocked != before.Unstocked || after.Cost != before.Cost || after.OnHand != before.OnHand {
		t.Errorf("before %+v\nafter %+v", before, after)
	}
	page, err := s.store.CataloguePage(t.Context(), protocol.CatalogueAsk{Have: version})
	if err != nil || len(page.Items) != 1 || page.Items[0].Name != "Quite another name & more" {
		t.Errorf("devices get %+v, %v", page.Items, err)
	}
	stale.Set("name", "A rival's name")
	v.post("/stock/"+id+"/edit", stale, http.StatusUnprocessableEntity, "changed this item meanwhile", "A rival's name")
	for field, bad := range map[string]string{"barcodes": "4006381333932", "name": "", "cost": "1.999", "low": "-1", "tax_category": "beer"} {
		values = v.fields("/stock/" + id + "/edit")
		values.Set(field, bad)
		v.post("/stock/"+id+"/edit", values, http.StatusUnprocessableEntity, `id="`+field+`-wrong"`)
	}
	values = v.fields("/stock/itm-000200/edit")
	values.Set("barcodes", "shop-99")
	v.post("/stock/itm-000200/edit", values, http.StatusUnprocessableEntity, "belongs to Quite another name")
	values = v.fields("/stock/itm-000200/edit")
	values.Set("sku", strings.ToLower(after.SKU))
	v.post("/stock/itm-000200/edit", values, http.StatusUnprocessableEntity, "belongs to Quite another name")
}

func TestANewItemAndItsSizes(t *testing.T) {
	s := traded(t)
	v := s.signedIn("op-maren")
	values := v.fields("/items/new")
	if values.Get("stocked") != "1" {
		t.Error("a new item has no stock")
	}
	for field, value := range map[string]string{"name": "Gravel tyre", "brand": "Nord", "variant": "40", "sku": "GRV-40", "price": "49,90", "tax_category": "part", "category": "Tyres", "barcodes": "4006381333931"} {
		values.Set(field, value)
	}
	v.post("/items/new", values, http.StatusOK, "The item is new", "Gravel tyre", "$49.90")
	rows, err := s.store.Items(t.Context(), "GRV-40", 2)
	if err != nil || len(rows) != 1 {
		t.Fatal(rows, err)
	}
	path := "/items/new?like=" + rows[0].ID
	values = v.fields(path)
	if values.Get("brand") != "Nord" || values.Get("barcodes") != "" || values.Get("price") != "49.90" {
		t.Errorf("another size begins with %v", values)
	}
	values.Set("sku", "GRV-45")
	values.Set("barcodes", "4006381333931")
	v.post(path, values, http.StatusOK, "The item is new") // no variant of its own needed: 40 is another one
	v.get("/stock/"+rows[0].ID, http.StatusOK, "Other sizes and colours")
	if hits, err := s.store.Items(t.Context(), "4006381333931", 5); err != nil || len(hits) != 2 {
		t.Errorf("the shared barcode finds %d, %v", len(hits), err)
	}
	v.send("/stock/"+rows[0].ID+"/retire", url.Values{"do": {"retire"}}, http.StatusOK, "No longer sold")
	v.get("/items?q=gravel&retired=1", http.StatusOK, "GRV-40")
	v.send("/stock/"+rows[0].ID+"/retire", url.Values{"do": {"back"}}, http.StatusOK, "Sold again")
	v.get("/items?q=gravel&category=Tyres", http.StatusOK, "GRV-40", "GRV-45")
	v.send("/items/categories", url.Values{"from": {"Tyres"}, "to": {"Rubber"}}, http.StatusOK, "moved to “Rubber”")
	if got := s.item(rows[0].ID).Category; got != "Rubber" {
		t.Errorf("the category is %q", got)
	}
}

func TestTheListOfItemsLeadsThroughAllOfThem(t *testing.T) {
	s := traded(t)
	v, seen := s.visitor(), map[string]bool{}
	next := regexp.MustCompile(`href="(/items\?[^"]*)">Next page`)
	for path, pages := "/items", 0; path != ""; pages++ {
		page := v.get(path, http.StatusOK)
		for _, m := range regexp.MustCompile(`class="row" href="/stock/([^"]+)"`).FindAllStringSubmatch(page, -1) {
			seen[m[1]] = true
		}
		path = ""
		if m := next.FindStringSubmatch(page); m != nil {
			path = m[1]
		}
		if pages > 20 {
			t.Fatal("the list never ends")
		}
	}
	if n, err := s.store.ItemCount(t.Context()); err != nil || int(n) != len(seen) {
		t.Errorf("%d of %d items, %v", len(seen), n, err)
	}
}

func TestAPriceNowAndLater(t *testing.T) {
	s := traded(t)
	v, path := s.signedIn("op-tomas"), "/stock/itm-000100/price"
	v.send(path, url.Values{"price": {"12.345"}}, http.StatusUnprocessableEntity, "two decimals", `value="12.345"`)
	v.send(path, url.Values{"price": {"-1"}}, http.StatusUnprocessableEntity, "below zero")
	v.send(path, url.Values{"price": {"77,50"}}, http.StatusOK, "The price is $77.50")
	v.send(path, url.Values{"price": {"80"}, "from": {"2026-06-13T17:00"}}, http.StatusUnprocessableEntity, "This time is over")
	v.send(path, url.Values{"price": {"80"}, "from": {"2026-06-15T08:00"}}, http.StatusOK, "Planned: $80.00", "15 Jun 2026, 08:00", "Tomas")
	v.send(path, url.Values{"price": {"90"}, "from": {"2026-06-16T08:00"}}, http.StatusOK, "Planned: $90.00")
	plans, err := s.store.PricePlans(t.Context(), "itm-000100")
	if err != nil || len(plans) != 2 {
		t.Fatal(plans, err)
	}
	v.send(path, url.Values{"drop": {"2"}}, http.StatusOK, "Dropped")
	v.send(path, url.Values{"drop": {"2"}}, http.StatusOK, "carried out or dropped before")
	s.clock.Set(time.Date(2026, 6, 15, 15, 0, 0, 0, time.UTC)) // eight in the shop
	if n, err := price.New(s.store, s.clock.Now, nil).CarryOut(t.Context()); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	if got := s.item("itm-000100").Price; got != money.Cents(80_00) {
		t.Errorf("the price is %v", got)
	}
	s.signedIn("op-jules").get(path, http.StatusForbidden, "Only the owner or a service lead may change prices")
	if _, err := s.store.VerifyAudit(t.Context()); err != nil {
		t.Error(err)
	}
}
