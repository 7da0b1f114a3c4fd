package refund_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"kickstand/hub/hubtest"
	"kickstand/hub/refund"
	"kickstand/hub/store"
	"kickstand/protocol"
)

func ExampleDesk_Answer() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "shop")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = os.RemoveAll(dir) }() // a leftover in the temporary directory harms nobody
	s, err := store.Open(ctx, store.Config{Path: filepath.Join(dir, "shop.db"), Shop: hubtest.Shop})
	if err != nil {
		fmt.Println(err)
		return
	}
	_, _, err = refund.New(s).Answer(ctx, store.Device{ID: "counter-1"}, &protocol.SaleFind{Code: "C1-000001"})
	fmt.Println(err)
	fmt.Println(s.Close())
	// Output:
	// unknown-sale: no receipt C1-000001 is known here; a sale made without network may still be on its way
	// <nil>
}
