package broker_test

import (
	"context"
	"fmt"
	"log/slog"

	"kickstand/hub"
	"kickstand/hub/broker"
)

// echo is a handler that answers each message with its own bytes.
type echo struct{}

func (echo) HandleAll(_ context.Context, msgs []hub.Message) ([]hub.Reply, error) {
	var replies []hub.Reply
	for _, m := range msgs {
		replies = append(replies, hub.Reply{Topic: m.Topic.Topic("ack"), Payload: m.Raw})
	}
	return replies, nil
}

func ExampleServe() {
	b, err := broker.Listen(broker.Config{Address: "127.0.0.1:0"})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- broker.Serve(ctx, b, echo{}, slog.New(slog.DiscardHandler)) }()
	// Devices connect to b.Addr() until the hub stops.
	stop()
	fmt.Println(<-done)
	// Output: <nil>
}
