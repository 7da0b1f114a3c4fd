package hub

import (
	"context"
	"encoding/json"
	"errors"
	"time"
	"unicode/utf8"

	"kickstand/hub/audit"
	"kickstand/hub/store"
	"kickstand/protocol"
)

// event is one envelope of an outbox stream on its way through the hub.
type event struct {
	topic   protocol.Topic
	raw     []byte
	digest  string // of raw
	env     protocol.Envelope
	body    protocol.Body
	refused *protocol.RefusedError // nil, or why it cannot be applied
	result  result
	claim   string // what the journal says of env.Prev, see audit.Row.Follows
}

// fate names what became of an event; it is the log's word.
type fate string

const (
	applied     fate = "applied"
	repeated    fate = "repeated"    // came before, nothing was done again
	quarantined fate = "quarantined" // kept for a person; the cursor moved on
	unnumbered  fate = "unnumbered"  // kept for a person; no number, so no acknowledgement
	early       fate = "early"       // events before it are missing
	stranger    fate = "stranger"    // the device is not enrolled
)

// result is what a transaction decided about an event.
type result struct {
	fate     fate
	upto     uint64             // cursor afterwards
	resend   uint64             // not 0: send again from here
	rejected *protocol.Rejected // set with quarantined, and with repeated of one that was
	note     string             // for the log
}

// prepare reads an event as far as it can be read. It needs no database.
func prepare(m Message) *event {
	e := &event{topic: m.Topic, raw: m.Raw, digest: audit.Digest(m.Raw)}
	env, body, err := open(m)
	e.env, e.body = env, body
	if err == nil && !utf8.Valid(m.Raw) {
		err = protocol.Refuse(protocol.Malformed, "the text is not UTF-8")
	}
	if err != nil {
		e.refused = refusal(err)
		e.salvage()
	}
	if e.env.Seq == 0 && e.refused == nil {
		e.refused = &protocol.RefusedError{Reason: protocol.Malformed, Detail: "an event needs an epoch and a number"}
	}
	return e
}

// salvage reads the number of an envelope that is broken elsewhere, so that it
// can be quarantined in its place.
func (e *event) salvage() {
	var at struct {
		Epoch string        `json:"epoch"`
		Seq   uint64        `json:"seq"`
		Kind  protocol.Kind `json:"kind"`
		Prev  string        `json:"prev"`
	}
	_ = json.Unmarshal(e.raw, &at) // as far as it goes
	if at.Seq == 0 || at.Seq > 1<<53 || (&protocol.HubAck{Epoch: at.Epoch}).Check() != nil {
		at.Seq, at.Epoch = 0, ""
	}
	if at.Seq == 0 || !protocol.IsDigest(at.Prev) {
		at.Prev = ""
	}
	e.env.Seq, e.env.Epoch, e.env.Kind, e.env.Prev = at.Seq, at.Epoch, at.Kind, at.Prev
	if len(e.env.Kind) > 40 {
		e.env.Kind = e.env.Kind[:40]
	}
}

// events handles consecutive events of one device.
func (h *Hub) events(ctx context.Context, msgs []Message) ([]Reply, error) {
	all := make([]*event, len(msgs))
	for i, m := range msgs {
		if all[i] = m.event; m.event == nil {
			all[i] = prepare(m)
		}
	}
	began := time.Now()
	done, err := h.commit(ctx, all)
	h.logEvents(all[:done], time.Since(began))
	replies, sealErr := h.acks(all[:done])
	return replies, errors.Join(err, sealErr)
}

// commit applies events in order and returns how many are decided. An event
// whose transaction fails although the database works is parked in quarantine,
// and those after it, which then found a gap, are tried again.
func (h *Hub) commit(ctx context.Context, all []*event) (int, error) {
	done := 0
	for done < len(all) {
		rest := all[done:]
		dos := make([]func(*store.Tx) error, len(rest))
		for i, e := range rest {
			dos[i] = func(t *store.Tx) error { return h.apply(t, e) }
		}
		n, err := h.settle(ctx, rest, h.store.WriteAll(ctx, dos))
		if done += n; err != nil {
			return done, err
		}
	}
	return done, nil
}

// settle goes through what became of events up to the first that was parked, and
// returns how many are decided.
func (h *Hub) settle(ctx context.Context, all []*event, errs []error) (int, error) {
	for i, err := range errs {
		failed := err != nil
		if failed {
			if err := h.park(ctx, all[i], err); err != nil {
				return i, err
			}
		}
		if h.settleGap(all[i]); failed {
			return i + 1, nil
		}
	}
	return len(errs), nil
}

// park quarantines an event that could not be applied for a reason of its own.
// When the database as a whole does not take writes, that error is returned.
func (h *Hub) park(ctx context.Context, e *event, cause error) error {
	for _, whole := range []error{store.ErrBusy, store.ErrFull, store.ErrFailed, store.ErrClosed} {
		if ctx.Err() != nil || errors.Is(cause, whole) {
			return cause
		}
	}
	if e.refused == nil {
		e.refused = &protocol.RefusedError{Reason: protocol.BadBody, Detail: "the hub could not apply it: " + cause.Error()}
	}
	if err := h.store.Write(ctx, func(t *store.Tx) error { return h.apply(t, e) }); err != nil {
		return errors.Join(cause, err)
	}
	return nil
}

// apply decides one event inside its transaction.
func (h *Hub) apply(t *store.Tx, e *event) error {
	device, cursor, known, err := t.Speaker(e.topic.Device, e.env.Epoch)
	if err != nil {
		return err
	}
	if device.State != store.Enrolled {
		e.result = result{fate: stranger}
		return t.Tried(e.topic.Device)
	}
	if e.env.Seq == 0 {
		return e.quarantine(t, unnumbered, e.refused)
	}
	if !known {
		if known, err = h.begin(t, e, &cursor); err != nil {
			return err
		}
	}
	switch {
	case known && e.env.Seq <= cursor.Last:
		return e.again(t)
	case !known || !e.follows(cursor):
		return h.tooEarly(t, e, cursor, known)
	}
	return e.next(t, device, cursor)
}

// next applies the event its stream was waiting for.
func (e *event) next(t *store.Tx, device store.Device, c store.Cursor) error {
	e.result = result{fate: applied, upto: e.env.Seq}
	head := e.link(c)
	refused := e.refused
	if c.State != store.EpochOpen && refused == nil {
		refused = &protocol.RefusedError{Reason: protocol.Clone, Detail: "stream " + c.Epoch + " is " + string(c.State) + " for this device"}
	}
	if refused == nil {
		var err error
		if refused, err = e.effect(t, device); err != nil {
			return err
		}
	}
	if refused != nil {
		if err := e.setAside(t, refused); err != nil {
			return err
		}
	}
	if err := e.reportBreak(t); err != nil {
		return err
	}
	return t.Advance(c, e.env.Seq, head)
}

// again answers an event at or below the cursor, and acknowledges no more than
// that: a copied card may not have come as far as the one that moved the cursor,
// and refuses an acknowledgement of what it never sent. The same bytes are
// acknowledged; other bytes under the same number are a cloned card or a bug,
// and are kept.
func (e *event) again(t *store.Tx) error {
	f, err := t.Fate(e.topic.Device, e.env.Epoch, e.env.Seq, e.digest)
	if err != nil {
		return err
	}
	_, gap := e.body.(*protocol.JournalGap)
	switch {
	case f.Digest == "":
		e.result = result{fate: repeated, upto: e.env.Seq, note: "inside a gap the device reported"}
		return nil
	case gap && e.refused == nil && f.Reason == "":
		// The device dropped events of which it had not heard that they arrived.
		e.result = result{fate: repeated, upto: e.env.Seq, note: "reported gone, but they are here"}
		return nil
	case f.Digest == e.digest && f.Reason == "":
		e.result = result{fate: repeated, upto: e.env.Seq}
		return nil
	case f.Digest == e.digest:
		err = e.quarantine(t, repeated, &protocol.RefusedError{Reason: f.Reason, Detail: f.Detail})
	default:
		err = e.quarantine(t, quarantined, &protocol.RefusedError{
			Reason: protocol.Conflict, Detail: "another event with this number came before: a copied card, or a fault of the program",
		})
	}
	return err
}

// quarantine keeps the event for a person.
func (e *event) quarantine(t *store.Tx, f fate, why *protocol.RefusedError) error {
	kept, err := t.Quarantine(store.Quarantined{
		Device: e.topic.Device, Epoch: e.env.Epoch, Seq: e.env.Seq, Kind: e.env.Kind,
		Reason: why.Reason, Detail: why.Detail, Digest: e.digest, Size: len(e.raw), Raw: maskedRaw(e.raw),
	})
	if err != nil {
		return err
	}
	e.result = result{fate: f, upto: e.env.Seq, note: why.Error()}
	if e.env.Seq > 0 {
		e.result.rejected = &protocol.Rejected{Seq: e.env.Seq, Reason: why.Reason, Detail: why.Detail}
	}
	if !kept {
		e.result.note += " (not kept: too many like it)"
	}
	return nil
}
