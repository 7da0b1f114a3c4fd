package store_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"kickstand/hub/store"
	"kickstand/protocol/catalogue"
	"kickstand/protocol/money"
)

func Example() {
	dir, err := os.MkdirTemp("", "shop")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = os.RemoveAll(dir) }()
	ctx := context.Background()
	s, err := store.Open(ctx, store.Config{Path: filepath.Join(dir, "demo.db"), Shop: "demo"})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = s.Close() }()

	bell := store.Item{Item: catalogue.Item{ID: "bell", SKU: "B-1", Name: "Bell", Price: 12_00, Taxes: []money.Rate{}}}
	version, err := s.PutItems(ctx, []store.Item{bell})
	fmt.Println("version", version, err)
	err = s.MoveStock(ctx, []store.StockChange{{Item: "bell", Delta: 5, Reason: "receive"}})
	fmt.Println(err)
	row, moves, err := s.Stock(ctx, "bell", 10)
	fmt.Println(row.Name, row.OnHand, len(moves), err)
	// Output:
	// version 1 <nil>
	// <nil>
	// Bell 5 1 <nil>
}
