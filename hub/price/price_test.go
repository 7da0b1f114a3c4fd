package price_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"kickstand/hub/price"
	"kickstand/hub/seed"
	"kickstand/hub/store"
	"kickstand/hub/store/storetest"
	"kickstand/protocol"
	"kickstand/protocol/money"
)

var monday = time.Date(2026, time.June, 15, 6, 0, 0, 0, time.UTC)

func Example() {
	ctx, clock := context.Background(), seed.NewClock(monday)
	dir, err := os.MkdirTemp("", "price")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	db, err := store.Open(ctx, store.Config{Path: filepath.Join(dir, "demo.db"), Shop: "demo", Now: clock.Now})
	if err != nil {
		panic(err)
	}
	defer db.Close()
	if _, err := seed.Demo(ctx, db, monday); err != nil {
		panic(err)
	}
	_ = db.Write(ctx, func(t *store.Tx) error {
		return t.PlanPrice(store.PricePlan{Item: "itm-000100", Unit: 99_00, FromMS: monday.Add(time.Hour).UnixMilli()})
	})
	keeper := price.New(db, clock.Now, nil)
	fmt.Println(keeper.CarryOut(ctx))
	clock.Set(monday.Add(time.Hour))
	fmt.Println(keeper.CarryOut(ctx))
	// Output:
	// 0 <nil>
	// 1 <nil>
}

func priceOf(t *testing.T, db *store.Store, item string) money.Cents {
	t.Helper()
	row, _, err := db.Stock(t.Context(), item, 0)
	if err != nil {
		t.Fatal(err)
	}
	return row.Price
}

// TestAPlannedPriceHoldsFromItsTimeAndOverARestart plans three prices, restarts
// the hub past two of them, and looks at what a device is given.
func TestAPlannedPriceHoldsFromItsTimeAndOverARestart(t *testing.T) {
	ctx, clock, item := t.Context(), seed.NewClock(monday), "itm-000100"
	cfg := storetest.On(t, store.Config{Path: filepath.Join(t.TempDir(), "demo.db"), Shop: "demo", Now: clock.Now})
	db, err := store.Open(ctx, cfg)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := seed.Demo(ctx, db, monday); err != nil {
		t.Fatal(err)
	}
	old := priceOf(t, db, item)
	plan := func(after time.Duration, unit money.Cents) {
		t.Helper()
		err := db.Write(ctx, func(tx *store.Tx) error {
			return tx.PlanPrice(store.PricePlan{Item: item, Unit: unit, FromMS: monday.Add(after).UnixMilli(), Operator: "op-maren"})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	plan(time.Hour, 111_00)
	plan(2*time.Hour, 222_00)
	plan(3*time.Hour, 333_00)
	plan(2*time.Hour, 223_00) // instead
	have, err := db.CatalogueVersion(ctx)
	if err != nil {
		t.Fatal(err)
	}
	clock.Set(monday.Add(time.Hour - time.Millisecond))
	if n, err := price.New(db, clock.Now, nil).CarryOut(ctx); n != 0 || err != nil || priceOf(t, db, item) != old {
		t.Errorf("too early: %d, %v", n, err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	clock.Set(monday.Add(2 * time.Hour))
	again := storetest.Again(cfg)
	again.Now = clock.Now
	if db, err = store.Open(ctx, again); err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	keeper := price.New(db, clock.Now, nil)
	if n, err := keeper.CarryOut(ctx); n != 2 || err != nil {
		t.Errorf("after the restart: %d, %v", n, err)
	}
	if n, err := keeper.CarryOut(ctx); n != 0 || err != nil {
		t.Errorf("once more: %d, %v", n, err)
	}
	if got := priceOf(t, db, item); got != 223_00 {
		t.Errorf("the price is %v", got)
	}
	page, err := db.CataloguePage(ctx, protocol.CatalogueAsk{Have: have})
	if err != nil || len(page.Items) != 1 || page.Items[0].Price != 223_00 {
		t.Errorf("a device gets %+v, %v", page, err)
	}
	if _, err := db.VerifyAudit(ctx); err != nil {
		t.Error(err)
	}
	left, err := db.PricePlans(ctx, item)
	if err != nil || len(left) != 1 || left[0].Unit != 333_00 {
		t.Errorf("still planned: %+v, %v", left, err)
	}
}
