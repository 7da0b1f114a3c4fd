package seed_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kickstand/hub/seed"
	"kickstand/hub/store"
	"kickstand/hub/store/storetest"
	"kickstand/protocol/catalogue"
	"kickstand/protocol/money"
)

var summer = time.Date(2026, time.July, 4, 12, 0, 0, 0, time.UTC)

func openStore(t *testing.T) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), storetest.On(t, store.Config{
		Path: filepath.Join(t.TempDir(), "demo.db"), Shop: "demo", Now: func() time.Time { return summer },
	}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func demoShop(t *testing.T) (*store.Store, []store.StockRow) {
	t.Helper()
	s := openStore(t)
	if _, err := seed.Demo(t.Context(), s, summer); err != nil {
		t.Fatal(err)
	}
	rows, err := s.Items(t.Context(), "", 10_000)
	if err != nil {
		t.Fatal(err)
	}
	return s, rows
}

func TestDemoItemsCanBeSold(t *testing.T) {
	_, rows := demoShop(t)
	if len(rows) < 380 || len(rows) > 450 {
		t.Errorf("%d items, about 400 are wanted", len(rows))
	}
	table, err := money.TableByName("ca-bc")
	if err != nil {
		t.Fatal(err)
	}
	skus, bare := map[string]bool{}, 0
	for _, r := range rows {
		want, err := table.Taxes(r.TaxCategory)
		if err != nil {
			t.Errorf("%s: %v", r.SKU, err)
		}
		if diff := cmp.Diff(want, r.Taxes); diff != "" {
			t.Errorf("%s has other rates than its category (-want +got):\n%s", r.SKU, diff)
		}
		if skus[r.SKU] || r.Price <= 0 || r.OnHand < 0 || r.Unstocked && r.OnHand != 0 {
			t.Errorf("%s: seen %v, price %v, on hand %d", r.SKU, skus[r.SKU], r.Price, r.OnHand)
		}
		skus[r.SKU] = true
		if len(r.Barcodes) == 0 {
			bare++
		}
		checkBarcodes(t, r)
	}
	if shared := sharedCodes(rows); shared < 2 {
		t.Errorf("%d barcodes find several items; some must make the till ask", shared)
	}
	if bare < 20 {
		t.Errorf("%d items have no barcode; some must be found by typing", bare)
	}
}

// sharedCodes counts barcodes that several items have.
func sharedCodes(rows []store.StockRow) (n int) {
	items := map[string]int{}
	for _, r := range rows {
		for _, code := range r.Barcodes {
			if items[code]++; items[code] == 2 {
				n++
			}
		}
	}
	return n
}

// checkBarcodes wants check digits that hold, and numbers no maker can own.
func checkBarcodes(t *testing.T, r store.StockRow) {
	t.Helper()
	inside := map[int]string{8: "2", 12: "4", 13: "2"}
	for _, code := range r.Barcodes {
		if ok, known := catalogue.Checksum(code); !ok || !known {
			t.Errorf("%s: %s is not a valid GTIN", r.SKU, code)
		}
		if p := inside[len(code)]; p == "" || !strings.HasPrefix(code, p) {
			t.Errorf("%s: %s is not of a range for use inside a company", r.SKU, code)
		}
	}
}

func TestDemoTwiceChangesNothing(t *testing.T) {
	s, before := demoShop(t)
	sold := []store.StockChange{{Item: before[0].ID, Delta: -1, Reason: "adjust"}}
	if err := s.MoveStock(t.Context(), sold); err != nil {
		t.Fatal(err)
	}
	want, err := s.Desired(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	r, err := seed.Demo(t.Context(), s, summer.AddDate(0, 6, 0))
	if err != nil || !r.Already {
		t.Errorf("second seed: %+v, %v; want that it was done already", r, err)
	}
	got, err := s.Desired(t.Context())
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("the second seed changed what devices are told (-want +got): %v\n%s", err, diff)
	}
	after, _, err := s.Stock(t.Context(), before[0].ID, 1)
	if err != nil || after.OnHand != before[0].OnHand-1 {
		t.Errorf("on hand %d, %v; want %d: what was sold came back", after.OnHand, err, before[0].OnHand-1)
	}
}

func TestDemoPeopleAndDevices(t *testing.T) {
	s, _ := demoShop(t)
	set, err := s.Settings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if set.Shop.UTCOffset != -7*3600 || set.Rules.Currency != "CAD" || len(set.Notes) == 0 {
		t.Errorf("settings: %+v; want summer time of the Pacific, dollars and banknotes", set)
	}
	roles := map[string]int64{}
	for _, o := range set.Operators {
		roles[o.Role] = o.MaxDiscount
	}
	if len(roles) != 5 || roles["junior"] >= roles["owner"] {
		t.Errorf("roles and their discounts: %v", roles)
	}
	devices, err := s.Devices(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, d := range devices {
		got = append(got, d.ID+" "+d.Prefix+" "+string(d.State))
	}
	want := []string{"counter-1 C1 enrolled", "counter-2 C2 enrolled", "kiosk-1 K1 enrolled"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("devices (-want +got):\n%s", diff)
	}
}
