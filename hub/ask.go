package hub

import (
	"context"
	"errors"
	"time"

	"kickstand/hub/store"
	"kickstand/protocol"
)

// question answers a message of the req channel: a question, or a command that
// carries an id and is carried out once.
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
		return nil, protocol.Refuse(protocol.Unavailable, "%v", err)
	}
	if d.State != store.Enrolled {
		return nil, protocol.Refuse(notEnrolled, "device %s is %s at this hub", device, d.State)
	}
	if ask, ok := body.(*protocol.CatalogueAsk); ok {
		page, err := h.store.CataloguePage(ctx, *ask)
		if err != nil {
			return nil, protocol.Refuse(protocol.Unavailable, "%v", err)
		}
		return &page, nil
	}
	return h.desk(ctx, d, body)
}

// desk hands a question or command to the journey it belongs to. A journey
// answers from its own tables, so that the same command asked again moves nothing
// again and gets the present answer. Its errors are refusals in plain words, or
// become "unavailable".
func (h *Hub) desk(ctx context.Context, d store.Device, body protocol.Body) (protocol.Body, error) {
	for _, j := range h.journeys {
		answer, mine, err := j.Answer(ctx, d, body)
		var no *protocol.RefusedError
		switch {
		case !mine:
			continue
		case errors.As(err, &no):
			return nil, err
		case err != nil:
			h.log.Error("question", "device", d.ID, "kind", body.Kind(), "err", err)
			return nil, protocol.Refuse(protocol.Unavailable, "the hub cannot do this now: %v", err)
		}
		return answer, nil
	}
	return nil, protocol.Refuse(protocol.UnknownKind, "%s is not a question", body.Kind())
}

// Journey answers the questions and commands of one area, such as tenders.
type Journey interface {
	// Answer returns mine false for a body of another area. It must not wait for
	// anybody outside the hub: later news leave through store.Tx.Tell. An error
	// that is a *protocol.RefusedError goes to the person at the device.
	Answer(ctx context.Context, d store.Device, body protocol.Body) (answer protocol.Body, mine bool, err error)
}

// Greeter is a Journey that has something to say to each device when it connects.
type Greeter interface {
	// Greet leaves it with t.Tell, in the transaction of the birth.
	Greet(t *store.Tx, d store.Device) error
}

// greet lets the journeys speak to a device that has just connected.
func (h *Hub) greet(t *store.Tx, d store.Device) error {
	for _, j := range h.journeys {
		if g, ok := j.(Greeter); ok {
			if err := g.Greet(t, d); err != nil {
				return err
			}
		}
	}
	return nil
}

// Reasons of refused questions that are not about the message itself.
const (
	notEnrolled protocol.Reason = "not-enrolled" // a person must enrol the device first
)
