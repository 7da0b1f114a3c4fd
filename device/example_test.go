package device_test

import (
	"context"
	"fmt"
	"log/slog"

	"kickstand/device"
	"kickstand/device/flow"
	"kickstand/protocol"
)

// A device shows what flow decides; here nothing has reached it yet but the
// start.
func Example() {
	r := &rig{}
	ctx, stop := context.WithCancel(context.Background())
	d := device.New(device.Config{ID: "counter-1", Journal: forgetful{}, Screen: r, Printer: r, Drawer: r},
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
