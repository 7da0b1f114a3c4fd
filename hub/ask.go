package hub

import (
	"context"
	"time"

	"kickstand/hub/store"
	"kickstand/protocol"
)

// question answers a message of the req channel. It changes nothing.
func (h *Hub) question(ctx context.Context, m Message) ([]Reply, error) {
	began, received := time.Now(), h.now()
	env, body, err := open(m)
	var answer protocol.Body
	if err == nil {
		answer, err = h.answer(ctx, m.Topic.Device, body, received)
	}
	reason := "answered"
	if err != nil {
		r := refusal(err)
		answer, reason = &protocol.HubRefused{Reason: r.Reason, Detail: r.Detail}, r.Error()
	}
	h.log.Info("question", "device", m.Topic.Device, "corr", m.Topic.Corr, "kind", env.Kind, "fate", reason, "took", time.Since(began))
	reply, err := h.seal(m.Topic.Answer(m.Topic.Corr), m.Topic.Device, answer)
	if err != nil {
		return nil, err
	}
	return []Reply{reply}, nil
}

// answer finds what a device asked for. Its errors go to the device as a
// refusal: a question can be asked again.
func (h *Hub) answer(ctx context.Context, device string, body protocol.Body, received time.Time) (protocol.Body, error) {
	if ask, ok := body.(*protocol.ClockAsk); ok {
		return &protocol.ClockReading{AskedMS: ask.SentMS, ReceivedMS: received.UnixMilli(), AnsweredMS: h.now().UnixMilli()}, nil
	}
	d, err := h.store.Device(ctx, device)
	if err != nil {
		return nil, protocol.Refuse(unavailable, "%v", err)
	}
	if d.State != store.Enrolled {
		return nil, protocol.Refuse(notEnrolled, "device %s is %s at this hub", device, d.State)
	}
	ask, ok := body.(*protocol.CatalogueAsk)
	if !ok {
		return nil, protocol.Refuse(protocol.UnknownKind, "%s is not a question", body.Kind())
	}
	page, err := h.store.CataloguePage(ctx, *ask)
	if err != nil {
		return nil, protocol.Refuse(unavailable, "%v", err)
	}
	return &page, nil
}

// Reasons of refused questions that are not about the message itself.
const (
	unavailable protocol.Reason = "unavailable"  // the hub cannot read its database now
	notEnrolled protocol.Reason = "not-enrolled" // a person must enrol the device first
)
