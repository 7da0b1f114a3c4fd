package witness_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"kickstand/hub/audit"
	"kickstand/hub/hubtest"
	"kickstand/hub/store"
	"kickstand/hub/witness"
	"kickstand/protocol"
)

// A device asks a hub that has sealed nothing yet.
func Example() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "witness")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = os.RemoveAll(dir) }()
	s, err := store.Open(ctx, store.Config{Path: filepath.Join(dir, "demo.db"), Shop: hubtest.Shop})
	if err != nil {
		fmt.Println(err)
		return
	}
	_, mine, err := witness.New(s, audit.Public{}, nil).Answer(ctx, store.Device{ID: "counter-1"}, &protocol.SealAsk{})
	var no *protocol.RefusedError
	fmt.Println(mine, errors.As(err, &no), s.Close())
	// Output: true true <nil>
}
