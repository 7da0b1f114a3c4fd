package linktest

import (
	"strconv"
	"time"

	"kickstand/protocol"
	"kickstand/protocol/catalogue"
)

// event applies an event in its turn and acknowledges all so far.
func (h *Hub) event(t protocol.Topic, e protocol.Envelope, b protocol.Body) []reply {
	h.seen++
	if h.faults.Lose[e.Seq] > 0 {
		h.faults.Lose[e.Seq]--
		return nil
	}
	if h.faults.StopAfter > 0 {
		h.faults.StopAfter--
		if h.faults.StopAfter == 0 {
			h.faults.Mute = true
			h.falls.Go(func() { _ = h.stop() }) // the broker's goroutine that is here must end first
			return nil
		}
	}
	ack := h.apply(e, b)
	if h.faults.Duplicate {
		ack = h.apply(e, b)
	}
	switch {
	case h.faults.Mute:
		return nil
	case h.faults.DropAcks > 0:
		h.faults.DropAcks--
		return nil
	}
	replies := []reply{{t.Topic(protocol.Ack), ack}}
	if h.faults.Duplicate {
		replies = append(replies, replies[0])
	}
	return replies
}

// apply is the rule of the real hub: below the cursor is known, at it is new,
// above it something is missing.
func (h *Hub) apply(e protocol.Envelope, b protocol.Body) *protocol.HubAck {
	cursor := h.cursors[e.Epoch]
	ack := &protocol.HubAck{Epoch: e.Epoch, ReceivedMS: h.now().UnixMilli()}
	gap, isGap := b.(*protocol.JournalGap)
	switch {
	case e.Seq <= cursor:
	case e.Seq == cursor+1, isGap && gap.From == cursor+1:
		cursor = e.Seq
		if why, bad := h.faults.Reject[e.Seq]; bad {
			ack.Rejected = []protocol.Rejected{{Seq: e.Seq, Reason: protocol.BadBody, Detail: why}}
			break
		}
		h.applied = append(h.applied, Event{Epoch: e.Epoch, Seq: e.Seq, Body: b})
	default:
		ack.Resend = cursor + 1
	}
	h.cursors[e.Epoch] = cursor
	ack.Upto = cursor
	return ack
}

func (h *Hub) now() time.Time { return time.Now().Add(h.skew) }

func (h *Hub) question(t protocol.Topic, b protocol.Body) []reply {
	received := h.now().UnixMilli()
	if h.faults.Mute || h.faults.Slow {
		return nil
	}
	var body protocol.Body
	switch q := b.(type) {
	case *protocol.ClockAsk:
		body = &protocol.ClockReading{AskedMS: q.SentMS, ReceivedMS: received, AnsweredMS: h.now().UnixMilli()}
	case *protocol.CatalogueAsk:
		body = h.page(q)
	case *protocol.StockAsk:
		body = h.levelPage(q)
	default:
		body = &protocol.HubRefused{Reason: protocol.UnknownKind, Detail: string(b.Kind())}
	}
	return []reply{{t.Answer(t.Corr), body}}
}

func (h *Hub) levelPage(q *protocol.StockAsk) protocol.Body {
	for i := range h.levels {
		if q.After == "" || i > 0 && h.levels[i-1].Next == q.After {
			return &h.levels[i]
		}
	}
	return &protocol.HubRefused{Reason: protocol.UnknownKind, Detail: "no levels"}
}

// page cuts one page out of the snapshot, or of the changes when they are known.
func (h *Hub) page(q *protocol.CatalogueAsk) protocol.Body {
	if h.faults.FailPage > 0 {
		h.faults.FailPage--
		if h.faults.FailPage == 0 {
			return &protocol.HubRefused{Reason: protocol.Malformed, Detail: "on purpose"}
		}
	}
	items, from := h.items, int64(0)
	if changes, known := h.from[q.Have]; known && q.Have > 0 {
		items, from = changes, q.Have
	}
	begin, err := strconv.Atoi(q.After)
	if err != nil {
		begin = 0 // the first page
	}
	size := protocol.MaxPageItems
	if h.faults.PageLimit > 0 {
		size = h.faults.PageLimit
	}
	end := min(begin+size, len(items))
	p := &protocol.CataloguePage{From: from, Version: h.version, Items: append([]catalogue.Item(nil), items[begin:end]...), Total: len(items)}
	if end < len(items) {
		p.Next = strconv.Itoa(end)
	}
	return p
}
