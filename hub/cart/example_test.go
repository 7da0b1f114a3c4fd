package cart_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"kickstand/hub/cart"
	"kickstand/hub/hubtest"
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
	_, _, err = cart.New(s).Answer(ctx, store.Device{ID: "counter-2"}, &protocol.CartClaim{ID: "cart-1", By: "sale-2"})
	fmt.Println(err)
	fmt.Println(s.Close())
	// Output:
	// cart-gone: this sale is not parked any more
	// <nil>
}
