package cart_test

import (
	"context"
	"fmt"

	"kickstand/hub/cart"
	"kickstand/hub/hubtest"
	"kickstand/hub/store"
	"kickstand/protocol"
)

func ExampleDesk_Answer() {
	ctx := context.Background()
	s, done, err := hubtest.Scratch(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	_, _, err = cart.New(s).Answer(ctx, store.Device{ID: "counter-2"}, &protocol.CartClaim{ID: "cart-1", By: "sale-2"})
	fmt.Println(err)
	fmt.Println(done())
	// Output:
	// cart-gone: this sale is not parked any more
	// <nil>
}
