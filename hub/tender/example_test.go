package tender_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"kickstand/hub/hubtest"
	"kickstand/hub/store"
	"kickstand/hub/tender"
	"kickstand/protocol"
)

// A refund becomes a store credit, and the customer spends a part of it.
func ExampleDesk_Answer() {
	dir, err := os.MkdirTemp("", "desk")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = os.RemoveAll(dir) }()
	ctx := context.Background()
	db, err := store.Open(ctx, store.Config{Path: filepath.Join(dir, "demo.db"), Shop: hubtest.Shop})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = db.Close() }()
	if err := hubtest.Fill(ctx, db, 1, "counter-1"); err != nil {
		fmt.Println(err)
		return
	}
	desk, counter := tender.New(tender.Config{Store: db, Key: []byte("the hub's own")}), store.Device{ID: "counter-1"}
	answer := func(b *protocol.TenderBegin) *protocol.TenderState {
		b.Currency, b.Operator = "CAD", "op-1"
		body, _, err := desk.Answer(ctx, counter, b)
		if err != nil {
			fmt.Println(err)
			return &protocol.TenderState{}
		}
		return body.(*protocol.TenderState)
	}
	credit := answer(&protocol.TenderBegin{ID: "p-1", Sale: "s-1", Tender: protocol.Credit, Amount: -50_00})
	spent := answer(&protocol.TenderBegin{ID: "p-2", Sale: "s-2", Tender: protocol.Credit, Amount: 20_00, Code: credit.Code})
	fmt.Println(credit.Phase, credit.Taken, spent.Phase, spent.Taken, "left", spent.Left)
	// Output: taken -50.00 taken 20.00 left 30.00
}
