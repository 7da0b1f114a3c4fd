package link_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"kickstand/device/journal"
	"kickstand/device/link"
	"kickstand/device/link/linktest"
	"kickstand/protocol"
)

// A device connects, and the first event of its journal reaches the hub.
func Example() {
	dir, err := os.MkdirTemp("", "link")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	hub := linktest.New("demo")
	if err := hub.Start(); err != nil {
		fmt.Println(err)
		return
	}
	now := func() protocol.Stamp { return protocol.Stamp{WallMS: 1, BootID: "b1"} }
	j, _, err := journal.Open(filepath.Join(dir, "journal.db"), journal.Options{Device: "kiosk-1", Stamp: now})
	if err != nil {
		fmt.Println(err)
		return
	}
	events := make(chan link.Event, 16)
	l, err := link.New(link.Config{
		Broker: hub.URL(), Address: protocol.Address{Shop: "demo", Device: "kiosk-1"}, Role: protocol.Kiosk,
		Outbox: j, Cache: j, Stamp: now,
		Events: func(_ context.Context, e link.Event) { events <- e },
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	done := make(chan error, 2)
	go func() { done <- j.Run(ctx) }()
	go func() { done <- l.Run(ctx) }()

	for e := range events {
		if a, ok := e.(link.Acked); ok {
			fmt.Println("waiting:", a.Waiting)
			break
		}
	}
	fmt.Println("applied:", hub.Applied()[0].Body.Kind())
	stop()
	fmt.Println(<-done, <-done, j.Close(), hub.Stop())
	// Output:
	// waiting: 0
	// applied: journal.reset
	// <nil> <nil> <nil> <nil>
}
