package refund_test

import (
	"context"
	"fmt"

	"kickstand/hub/hubtest"
	"kickstand/hub/refund"
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
	_, _, err = refund.New(s).Answer(ctx, store.Device{ID: "counter-1"}, &protocol.SaleFind{Code: "C1-000001"})
	fmt.Println(err)
	fmt.Println(done())
	// Output:
	// unknown-sale: no receipt C1-000001 is known here; a sale made without network may still be on its way
	// <nil>
}
