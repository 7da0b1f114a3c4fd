package hub

import (
	"errors"

	"kickstand/hub/store"
	"kickstand/protocol"
)

// stream names one outbox stream of one device.
type stream struct{ device, epoch string }

// gap counts how often a device answered a request to send again with the same
// event, that is, how often it showed that it no longer has what is missing.
type gap struct {
	seq   uint64
	times int
}

// maxAsks is how often the hub asks for missing events before it goes on
// without them. A device that still has them needs one.
const maxAsks = 5

// missing is the reason of a quarantine row that stands for events that never
// came.
const missing protocol.Reason = "missing"

// begin opens a stream that was never heard before, if its first event shows
// that it is a fresh one: a JournalReset with number 1, or, for the stream "lo"
// announced at birth, any number 1 or the gap that stands for it.
func (h *Hub) begin(t *store.Tx, e *event, c *store.Cursor) (bool, error) {
	epochs, err := t.Epochs(e.topic.Device)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return false, err
	}
	_, reset := e.body.(*protocol.JournalReset)
	lo := epochs["lo"] == e.env.Epoch && epochs["lo"] != ""
	c.State, c.Stream = store.EpochOpen, "hi"
	switch {
	case lo && e.follows(*c):
		c.Stream = "lo"
	case reset && e.env.Seq == 1:
		if err := t.CloseOthers(e.topic.Device, [2]string{epochs["hi"], epochs["lo"]}); err != nil {
			return false, err
		}
	case e.env.Seq == 1:
		c.State = store.EpochRefused
	default:
		return false, nil
	}
	return true, t.OpenCursor(*c)
}

// follows reports whether the event is the one its cursor waits for. A
// JournalGap follows when it begins where the cursor ends.
func (e *event) follows(c store.Cursor) bool {
	if g, ok := e.body.(*protocol.JournalGap); ok && e.refused == nil && g.To == e.env.Seq {
		return g.From <= c.Last+1
	}
	return e.env.Seq == c.Last+1
}

// tooEarly answers an event before which others are missing: it asks for them,
// and goes on without them once the device has shown that it lost them.
func (h *Hub) tooEarly(t *store.Tx, e *event, c store.Cursor, known bool) error {
	e.result = result{fate: early, upto: c.Last, resend: c.Last + 1}
	g := h.gap(e)
	if e.env.Seq > g.seq && g.seq != 0 {
		e.result.resend = 0 // already asked for, by the first of this window
		return nil
	}
	if g.seq != e.env.Seq || g.times < maxAsks {
		return nil
	}
	if !known {
		if err := h.adopt(t, e, &c); err != nil {
			return err
		}
	}
	if err := skip(t, c, e.env.Seq-1); err != nil {
		return err
	}
	c.Last, c.Head = e.env.Seq-1, ""
	device, _, _, err := t.Speaker(e.topic.Device, e.env.Epoch)
	if err != nil {
		return err
	}
	return e.next(t, device, c)
}

// adopt opens a stream in its middle. That is right for a device whose streams
// this hub never heard, as after the hub's database was lost, if the device
// announced the stream at its birth; every other such stream is refused.
func (h *Hub) adopt(t *store.Tx, e *event, c *store.Cursor) error {
	epochs, err := t.Epochs(e.topic.Device)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	heard, err := t.HasCursors(e.topic.Device)
	if err != nil {
		return err
	}
	c.State, c.Stream = store.EpochRefused, "hi"
	switch e.env.Epoch {
	case epochs["lo"]:
		c.State, c.Stream = store.EpochOpen, "lo"
	case epochs["hi"]:
		if !heard {
			c.State = store.EpochOpen
		}
	}
	return t.OpenCursor(*c)
}

func (h *Hub) gap(e *event) gap {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.gaps[stream{e.topic.Device, e.env.Epoch}]
}

// settleGap keeps count of missing events after the commit.
func (h *Hub) settleGap(e *event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	key := stream{e.topic.Device, e.env.Epoch}
	g := h.gaps[key]
	switch {
	case e.result.fate != early:
		if g.seq != 0 && e.result.upto >= g.seq-1 {
			delete(h.gaps, key)
		}
	case g.seq == 0 || e.env.Seq < g.seq:
		h.gaps[key] = gap{seq: e.env.Seq, times: 1}
	case e.env.Seq == g.seq:
		g.times++
		h.gaps[key] = g
	}
}
