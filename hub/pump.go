package hub

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"kickstand/hub/store"
	"kickstand/protocol"
)

// Publisher hands a message to a device, or to the broker that will.
type Publisher interface {
	Publish(ctx context.Context, topic string, payload []byte) error
}

// pumpPause is how long Run waits before it looks again after a failure, and
// at most between looks.
const pumpPause = 2 * time.Second

// Run publishes what the outbox holds, after each commit that put something
// into it, until ctx ends. A device that is away misses the message and is
// told the same at its next birth. When the disk fails under the database Run
// returns store.ErrFailed: the process must end and begin afresh.
func (h *Hub) Run(ctx context.Context, to Publisher) error {
	pause := time.NewTicker(pumpPause)
	defer pause.Stop()
	for {
		if err := h.publish(ctx, to); err != nil && ctx.Err() == nil {
			h.log.Error("publish from the outbox", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-h.store.Failed():
			return store.ErrFailed
		case <-h.store.OutboxReady():
		case <-pause.C:
		}
	}
}

// publish empties the outbox.
func (h *Hub) publish(ctx context.Context, to Publisher) error {
	for {
		all, err := h.store.Outbox(ctx, 100)
		if err != nil || len(all) == 0 {
			return err
		}
		for _, m := range all {
			if err := h.publishOne(ctx, to, m); err != nil {
				return err
			}
		}
		if err := h.store.Published(ctx, all); err != nil {
			return err
		}
	}
}

// Say tells a device something that is not worth storing: it is lost when the
// device is away.
func (h *Hub) Say(ctx context.Context, to Publisher, device string, body protocol.Body) error {
	addr := protocol.Address{Shop: h.store.Shop(), Device: device}
	reply, err := h.seal(addr.Topic(protocol.Tell), device, body)
	if err != nil {
		return fmt.Errorf("say %s to %s: %w", body.Kind(), device, err)
	}
	return to.Publish(ctx, reply.Topic, reply.Payload)
}

func (h *Hub) publishOne(ctx context.Context, to Publisher, m store.Message) error {
	body, err := protocol.Envelope{V: protocol.Version, Device: m.Device, Kind: m.Kind, Body: json.RawMessage(m.Body)}.Open()
	if err != nil {
		return fmt.Errorf("outbox message %d: %w", m.N, err)
	}
	channel := protocol.Tell
	if want, ok := body.(*protocol.HubDesired); ok {
		channel = protocol.Desired
		if err := h.addSlips(ctx, m.Device, want); err != nil {
			return fmt.Errorf("outbox message %d: %w", m.N, err)
		}
	}
	addr := protocol.Address{Shop: h.store.Shop(), Device: m.Device}
	reply, err := h.seal(addr.Topic(channel), m.Device, body)
	if err != nil {
		return errors.Join(fmt.Errorf("outbox message %d", m.N), err)
	}
	h.log.Info("tell device", "device", m.Device, "kind", m.Kind)
	return to.Publish(ctx, reply.Topic, reply.Payload)
}
