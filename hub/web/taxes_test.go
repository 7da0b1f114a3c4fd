package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"testing"

	"kickstand/hub/staff"
	"kickstand/protocol"
)

var (
	tickedBox = regexp.MustCompile(`name="(on-[^"]+)" value="1" checked`)
	anyField  = regexp.MustCompile(`name="((?:percent|name)-[^"]+)" value="([^"]*)"`)
)

// taxFields are the fields of the page as they stand there, boxes included.
func (v *visitor) taxFields() url.Values {
	v.t.Helper()
	all := v.fields("/items/taxes")
	page := v.get("/items/taxes", http.StatusOK)
	for _, m := range tickedBox.FindAllStringSubmatch(page, -1) {
		all.Set(m[1], "1")
	}
	for _, m := range anyField.FindAllStringSubmatch(page, -1) {
		all.Set(m[1], m[2])
	}
	return all
}

func TestAChangedTaxReachesItsItemsAndTheTills(t *testing.T) {
	s := traded(t)
	s.signedIn("op-tomas").get("/items/taxes", http.StatusForbidden, "Only the owner may change tax categories")
	v, version := s.signedIn("op-maren"), s.version()
	values := v.taxFields()
	v.post("/items/taxes", values, http.StatusOK, "Saved. 0 items have new taxes")
	if s.version() != version {
		t.Error("nothing changed, and the catalogue has a new version")
	}
	values = v.taxFields()
	values.Set("percent-GST", "6,5")
	values.Set("on-part-PST", "1")
	values.Set("category", "books")
	v.post("/items/taxes", values, http.StatusOK, "Saved.", "books", "6.5")
	part := 0
	for _, it := range s.list() {
		want := 0
		for _, r := range it.Taxes {
			if r.Code == "GST" && r.PPM == 65_000 || r.Code == "PST" && r.PPM == 70_000 {
				want++
			}
		}
		if it.TaxCategory == "part" {
			part++
			if want != 2 || len(it.Taxes) != 2 {
				t.Fatalf("%s has %+v", it.ID, it.Taxes)
			}
		}
	}
	page, err := s.store.CataloguePage(t.Context(), protocol.CatalogueAsk{Have: version})
	if err != nil || part == 0 || page.Total < part {
		t.Errorf("devices get %d items, %d are parts, %v", page.Total, part, err)
	}
	for field, bad := range map[string]string{"percent-GST": "200", "name-GST": "", "code": "GST", "category": "part"} {
		values = v.taxFields()
		values.Set(field, bad)
		if field == "code" {
			values.Set("percent", "5")
		}
		v.post("/items/taxes", values, http.StatusUnprocessableEntity, `role="alert"`)
	}
	values = v.taxFields()
	values.Set("remove-part", "1")
	v.post("/items/taxes", values, http.StatusUnprocessableEntity, "cannot be removed")
	values = v.taxFields()
	values.Set("remove-books", "1")
	v.post("/items/taxes", values, http.StatusOK, "Saved. 0 items")
}

// TestAFreshShopGetsItsFirstItem begins with nothing but the owner.
func TestAFreshShopGetsItsFirstItem(t *testing.T) {
	s := empty(t)
	if err := s.store.PutOperator(t.Context(), protocol.Operator{ID: "op-ada", Name: "Ada", Role: "owner"}); err != nil {
		t.Fatal(err)
	}
	if err := staff.SetPassword(t.Context(), s.store, "op-ada", staff.DemoPassword, ""); err != nil {
		t.Fatal(err)
	}
	v := s.signedIn("op-ada")
	v.get("/items", http.StatusOK, "No items yet")
	v.get("/items/new", http.StatusOK, "Every item has a tax category", "/items/taxes")
	v.get("/items/categories", http.StatusOK, "There are none yet")
	v.get("/items/import", http.StatusOK)
	v.get("/orders", http.StatusOK, "Nothing is on its way")
	v.get("/counts", http.StatusOK, "No stocktake yet")
	v.upload("first.csv", "sku,name,price,tax_category\nA,Lamp,1,part\n", http.StatusOK, "not a tax category")
	v.send("/items/taxes", url.Values{"place": {"ca-bc"}}, http.StatusOK, "Saved.")
	path, _ := v.upload("first.csv", "sku,name,price,tax_category\nA,Lamp,1,part\n", http.StatusOK, "New items")
	v.carryOut(path, http.StatusOK, "Imported: 1 new")
	v.get("/items", http.StatusOK, "Lamp")
}
