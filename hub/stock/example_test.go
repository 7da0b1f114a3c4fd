package stock_test

import (
	"context"
	"fmt"

	"kickstand/hub/hubtest"
	"kickstand/hub/stock"
	"kickstand/hub/store"
	"kickstand/protocol"
)

func ExampleDesk_Answer() {
	ctx := context.Background()
	s, done, err := hubtest.Scratch(ctx)
	if err == nil {
		err = hubtest.Fill(ctx, s, 1, "counter-1")
	}
	if err != nil {
		fmt.Println(err)
		return
	}
	want := []protocol.StockWish{{Item: hubtest.Item(1).ID, Qty: 60}}
	for _, sale := range []string{"sale-a", "sale-b"} {
		b, _, err := stock.New(s, nil, nil).Answer(ctx, store.Device{ID: "counter-1"}, &protocol.StockReserve{Sale: sale, Lines: want})
		fmt.Println(sale, b.(*protocol.StockReserved).Short, err)
	}
	fmt.Println(done())
	// Output:
	// sale-a [] <nil>
	// sale-b [{itm-000001 40}] <nil>
	// <nil>
}
