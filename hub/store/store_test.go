package store_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kickstand/hub/store"
	"kickstand/hub/store/storetest"
	"kickstand/protocol"
	"kickstand/protocol/catalogue"
	"kickstand/protocol/money"

	"github.com/google/go-cmp/cmp"
)

func open(t testing.TB) *store.Store {
	t.Helper()
	s, err := store.Open(context.Background(), storetest.On(t, store.Config{Path: filepath.Join(t.TempDir(), "shop.db"), Shop: "demo"}))
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

func TestSchemaPageIsFresh(t *testing.T) {
	want, err := store.SchemaPage()
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../../docs/schema.md")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("docs/schema.md is stale; run go run ./hub/store/cmd/schemadoc (-want +got):\n%s", diff)
	}
}

func TestEveryTableAndColumnIsDescribed(t *testing.T) {
	s := open(t)
	tables, err := store.Schema()
	if err != nil {
		t.Fatal(err)
	}
	described := map[string][]string{}
	for _, tab := range tables {
		if tab.Doc == "" {
			t.Errorf("table %s has no comment", tab.Name)
		}
		for _, c := range tab.Columns {
			if c.Doc == "" {
				t.Errorf("column %s.%s has no comment", tab.Name, c.Name)
			}
			described[tab.Name] = append(described[tab.Name], c.Name)
		}
	}
	real, err := s.Columns(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(real, described); diff != "" {
		t.Errorf("described columns differ from the database's (-database +described):\n%s", diff)
	}
}

func bell(id, code string, price money.Cents) store.Item {
	return store.Item{Item: catalogue.Item{
		ID: id, SKU: strings.ToUpper(id), Name: "Bell " + id, Barcodes: []string{code}, Price: price, TaxCategory: "accessory",
		Taxes: []money.Rate{{Code: "GST", Name: "GST", PPM: 50_000}, {Code: "PST", Name: "PST", PPM: 70_000}},
	}}
}

// TestVariantsShareABarcode finds both sizes by the code they share, and only
// one once the other is labelled anew.
func TestVariantsShareABarcode(t *testing.T) {
	const shared, fresh = "4006381333931", "4006381333948"
	ctx, s := context.Background(), open(t)
	find := func(code string, want ...string) {
		t.Helper()
		rows, err := s.Items(ctx, code, 10)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, r := range rows {
			got = append(got, r.ID)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("items with code %s (-want +got):\n%s", code, diff)
		}
	}
	small, large := bell("itm-1", shared, 12_00), bell("itm-2", shared, 13_00)
	small.Barcodes = append(small.Barcodes, shared) // printed twice on one item is still one code
	if _, err := s.PutItems(ctx, []store.Item{small, large}); err != nil {
		t.Fatal(err)
	}
	find(shared, "itm-1", "itm-2")
	if _, err := s.PutItems(ctx, []store.Item{bell("itm-1", fresh, 12_00)}); err != nil {
		t.Fatal(err)
	}
	find(shared, "itm-2")
	find(fresh, "itm-1")
}

// TestARefusedItemChangesNothing puts a good item and an impossible one.
func TestARefusedItemChangesNothing(t *testing.T) {
	ctx, s := context.Background(), open(t)
	_, err := s.PutItems(ctx, []store.Item{bell("itm-1", "4006381333931", 12_00), bell("Not an id", "1", 1)})
	if err == nil || !strings.Contains(err.Error(), "the id must be") {
		t.Errorf("got %v, want the id refused", err)
	}
	v, err := s.CatalogueVersion(ctx)
	if err != nil || v != 0 {
		t.Errorf("got version %d, %v; want 0: a refused change must not count", v, err)
	}
}

func TestAFailedWriteTakesNothingWithIt(t *testing.T) {
	ctx, s := context.Background(), open(t)
	oops := errors.New("oops")
	tried := func(id string, err error) func(*store.Tx) error {
		return func(tx *store.Tx) error { return errors.Join(tx.Tried(id), err) }
	}
	errs := s.WriteAll(ctx, []func(*store.Tx) error{tried("a", nil), tried("b", oops), tried("c", nil)})
	if errs[0] != nil || !errors.Is(errs[1], oops) || errs[2] != nil {
		t.Fatalf("got %v", errs)
	}
	rows, err := s.Devices(ctx)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range rows {
		got = append(got, r.ID)
	}
	if diff := cmp.Diff([]string{"a", "c"}, got); diff != "" {
		t.Errorf("devices (-want +got):\n%s", diff)
	}
}

func TestAnotherShopsFileIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "shop.db")
	s, err := store.Open(context.Background(), storetest.On(t, store.Config{Path: path, Shop: "demo"}))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = store.Open(context.Background(), storetest.On(t, store.Config{Path: path, Shop: "other"}))
	if err == nil || !strings.Contains(err.Error(), "belongs to shop demo") {
		t.Errorf("got %v", err)
	}
}

func TestChangesReachTheOutbox(t *testing.T) {
	ctx, s := context.Background(), open(t)
	rules := money.Rules{Currency: "CAD", CashStep: 5, CashOnly: true}
	if err := s.PutSettings(ctx, store.ShopSettings{Rules: rules}); err != nil {
		t.Fatal(err)
	}
	if err := s.Enrol(ctx, store.Device{ID: "counter-1", Role: protocol.Counter, Prefix: "C1"}); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if _, err := s.PutItems(ctx, []store.Item{bell("itm-1", "4006381333931", 12_00)}); err != nil {
			t.Fatal(err)
		}
	}
	all, err := s.Outbox(ctx, 10)
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 1 || all[0].Kind != protocol.KindDesired || !strings.Contains(all[0].Body, `"catalogue":3`) {
		t.Fatalf("got %+v, want only the newest wishes", all)
	}
	if err := s.Published(ctx, all); err != nil {
		t.Fatal(err)
	}
	if all, err = s.Outbox(ctx, 10); err != nil || len(all) != 0 {
		t.Errorf("got %v, %v; want an empty outbox", all, err)
	}
}

// TestEveryMigrationIsRun finds files that the program does not embed.
func TestEveryMigrationIsRun(t *testing.T) {
	files, err := os.ReadDir("migrations")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if f.IsDir() || filepath.Ext(f.Name()) != ".sql" {
			t.Errorf("migrations/%s is never run: migrations are files migrations/NUMBER_NAME.sql", f.Name())
		}
	}
}
