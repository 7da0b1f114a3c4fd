package storetest_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"kickstand/hub"
	"kickstand/hub/hubtest"
	"kickstand/hub/store"
	"kickstand/hub/store/storetest"
	"kickstand/protocol"
)

func ExampleLoad() {
	dir, err := os.MkdirTemp("", "bare")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = os.RemoveAll(dir) }()
	path := filepath.Join(dir, "demo.db")
	if err := sellOnce(path); err != nil {
		fmt.Println(err)
		return
	}
	facts, err := storetest.Load(path)
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = facts.Write(context.Background(), dir, 1)
	fmt.Println(facts.Sales(), err)
	// Output: 1 <nil>
}

func sellOnce(path string) error {
	ctx := context.Background()
	s, err := store.Open(ctx, store.Config{Path: path, Shop: hubtest.Shop})
	if err != nil {
		return err
	}
	if err := hubtest.Fill(ctx, s, 1, "counter-1"); err != nil {
		return err
	}
	h, till := hub.New(hub.Config{Store: s}), hubtest.NewTill("counter-1", "C1")
	for _, raw := range [][]byte{till.Reset(), till.Event(till.Sale(hubtest.Item(1)))} {
		if _, err := h.Handle(ctx, till.Topic(protocol.Evt), raw); err != nil {
			return err
		}
	}
	return s.Close()
}
