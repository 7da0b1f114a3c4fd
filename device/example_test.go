package device_test

import (
	"context"
	"fmt"
	"log/slog"

	"kickstand/device"
	"kickstand/device/flow"
	"kickstand/device/journal"
	"kickstand/protocol"
)

// memory is a journal that forgets, for examples only.
type memory struct{}

func (memory) Commit(context.Context, journal.Entry) (journal.Result, error) {
	return journal.Result{}, nil
}
func (memory) CommitLater([]byte) error { return nil }

// A device shows what flow decides; here nothing has reached it yet but the
// start.
func Example() {
	r := &rig{}
	ctx, stop := context.WithCancel(context.Background())
	d := device.New(device.Config{ID: "counter-1", Journal: memory{}, Screen: r, Printer: r, Drawer: r},
		flow.New(protocol.Counter, "C1"), slog.New(slog.DiscardHandler))
	done := make(chan error)
	go func() { done <- d.Run(ctx) }()
	d.Settle(ctx)
	fmt.Println(r.shown().Screen)
	stop()
	fmt.Println(<-done)
	// Output:
	// loading
	// <nil>
}
