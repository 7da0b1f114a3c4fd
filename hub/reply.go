package hub

import (
	"context"
	"log/slog"
	"time"

	"kickstand/protocol"
)

// acks makes one cumulative acknowledgement per stream, in the order in which
// the streams first appear. Events without a number and strangers get none, so
// whoever sent them keeps them.
func (h *Hub) acks(all []*event) ([]Reply, error) {
	var order []string
	byEpoch := map[string]*protocol.HubAck{}
	for _, e := range all {
		r := e.result
		if r.fate == stranger || r.fate == unnumbered {
			continue
		}
		a, ok := byEpoch[e.env.Epoch]
		if !ok {
			a = &protocol.HubAck{Epoch: e.env.Epoch, ReceivedMS: h.now().UnixMilli()}
			byEpoch[e.env.Epoch] = a
			order = append(order, e.env.Epoch)
		}
		a.Upto = max(a.Upto, r.upto)
		if r.resend > 0 {
			a.Resend = r.resend
		}
		if a.Upto >= a.Resend {
			a.Resend = 0
		}
		if r.rejected != nil {
			a.Rejected = append(a.Rejected, *r.rejected)
		}
	}
	var replies []Reply
	for _, epoch := range order {
		a := byEpoch[epoch]
		reply, err := h.seal(all[0].topic.Topic(protocol.Ack), all[0].topic.Device, a)
		if err != nil {
			return replies, err
		}
		replies = append(replies, reply)
	}
	return replies, nil
}

// logEvents writes one line per event.
func (h *Hub) logEvents(all []*event, took time.Duration) {
	for _, e := range all {
		level := slog.LevelInfo
		if e.result.fate == quarantined || e.result.fate == unnumbered || e.result.fate == stranger {
			level = slog.LevelWarn
		}
		h.log.LogAttrs(context.Background(), level, "event",
			slog.String("device", e.topic.Device), slog.String("epoch", e.env.Epoch), slog.Uint64("seq", e.env.Seq),
			slog.String("kind", string(e.env.Kind)), slog.String("fate", string(e.result.fate)), slog.Uint64("upto", e.result.upto),
			slog.String("note", e.result.note), slog.Int("group", len(all)), slog.Duration("took", took))
	}
}
