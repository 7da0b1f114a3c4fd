package hub_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"kickstand/hub"
	"kickstand/hub/hubtest"
	"kickstand/hub/store"
	"kickstand/protocol"
)

func Example() {
	dir, err := os.MkdirTemp("", "shop")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = os.RemoveAll(dir) }()
	ctx := context.Background()
	s, err := store.Open(ctx, store.Config{Path: filepath.Join(dir, "demo.db"), Shop: hubtest.Shop})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = s.Close() }()
	if err := hubtest.Fill(ctx, s, 1, "counter-1"); err != nil {
		fmt.Println(err)
		return
	}

	h, till := hub.New(hub.Config{Store: s}), hubtest.NewTill("counter-1", "C1")
	for _, raw := range [][]byte{till.Reset(), till.Event(till.Sale(hubtest.Item(1)))} {
		replies, err := h.Handle(ctx, till.Topic(protocol.Evt), raw)
		if err != nil {
			fmt.Println(err)
			return
		}
		env, _ := protocol.Decode(replies[0].Payload)
		fmt.Println(env.Kind)
	}
	f, err := s.SaleFile(ctx, "C1-000001")
	fmt.Println(f.Number, f.Total, f.Paid, err)
	// Output:
	// hub.ack
	// hub.ack
	// 1 11.21 11.20 <nil>
}
