package link

import (
	"context"
	"errors"
	"fmt"
	"time"

	"kickstand/device/journal"
	"kickstand/protocol"
)

const longestRetry = time.Minute

// sender is the window over one stream. Only the session's loop touches it.
type sender struct {
	stream journal.Stream
	epoch  string
	acked  uint64   // the hub has everything up to this
	sent   []uint64 // numbers sent and not acknowledged, ascending, at most Window
	due    time.Time
	wait   time.Duration // until due, doubling
	resend uint64        // the number the hub asked for last, until there is progress
}

// last is the number after which the next event is taken.
func (d *sender) last() uint64 {
	if len(d.sent) > 0 {
		return d.sent[len(d.sent)-1]
	}
	return d.acked
}

// cut forgets that events from this number on were sent.
func (d *sender) cut(from uint64) (again int) {
	for len(d.sent) > 0 && d.sent[len(d.sent)-1] >= from {
		d.sent = d.sent[:len(d.sent)-1]
		again++
	}
	return again
}

// progress takes note of an acknowledgement.
func (d *sender) progress(upto uint64, wait time.Duration, now time.Time) {
	for len(d.sent) > 0 && d.sent[0] <= upto {
		d.sent = d.sent[1:]
	}
	d.acked = max(d.acked, upto)
	d.wait, d.due, d.resend = wait, now.Add(wait), 0
}

// send fills the windows. Money goes first.
func (s *session) send() error {
	for _, d := range s.senders {
		if len(d.sent) == Window {
			continue
		}
		rows, err := s.cfg.Outbox.Pending(d.stream, d.last(), Window-len(d.sent))
		if err != nil {
			return fmt.Errorf("%w: read %s: %w", errOutbox, d.stream, err)
		}
		if len(rows) > 0 && len(d.sent) == 0 {
			d.due = s.cfg.Now().Add(d.wait)
		}
		for _, r := range rows {
			if err := s.publish(r.Data); err != nil {
				return fmt.Errorf("%w: send %s %d: %w", errGone, d.stream, r.Seq, err)
			}
			d.sent = append(d.sent, r.Seq)
		}
	}
	return nil
}

// publish hands an event to the client. That it is done at once means that it was
// not even written.
func (s *session) publish(raw []byte) error {
	t := s.client.Publish(s.cfg.Address.Topic(protocol.Evt), 1, false, raw)
	select {
	case <-t.Done():
		return t.Error()
	default:
		return nil
	}
}

// nextRetry is how long to wait for acknowledgements.
func (s *session) nextRetry() time.Duration {
	next := time.Hour
	for _, d := range s.senders {
		if len(d.sent) > 0 {
			next = min(next, d.due.Sub(s.cfg.Now()))
		}
	}
	return max(next, 0)
}

// retry goes back to the first unacknowledged event of every stream that has
// waited long enough. After the second time in a row the hub counts as gone,
// though the broker is there.
func (s *session) retry(ctx context.Context) {
	now := s.cfg.Now()
	for _, d := range s.senders {
		if len(d.sent) == 0 || now.Before(d.due) {
			continue
		}
		if d.wait > s.cfg.RetryAfter && !s.barred {
			s.offline(ctx, plainWords(errTimeout))
		}
		s.resent(d.cut(0))
		d.wait = min(d.wait*2, max(longestRetry, s.cfg.RetryAfter))
		d.due, d.resend = now.Add(d.wait), 0
	}
}

func (s *session) resent(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.count.resends += n
}

// acknowledged acts on the hub's word. Acks are cumulative: an older one changes
// nothing.
func (s *session) acknowledged(ctx context.Context, a *protocol.HubAck) error {
	d := s.senderOf(a.Epoch)
	if d == nil {
		return fmt.Errorf("epoch %q is not of this device", a.Epoch)
	}
	before := d.acked
	if a.Upto > d.acked {
		if err := s.mayAck(d, a.Upto); err != nil {
			return err
		}
		err := s.cfg.Outbox.Acked(ctx, a.Epoch, a.Upto)
		if errors.Is(err, journal.ErrEpoch) {
			return err // refused like any other message that cannot be true
		}
		if err != nil {
			return fmt.Errorf("%w: acknowledge %s %d: %w", errOutbox, d.stream, a.Upto, err)
		}
		d.progress(a.Upto, s.cfg.RetryAfter, s.cfg.Now())
		s.useful = true
		s.cfg.Events(ctx, Acked{Waiting: s.cfg.Outbox.Waiting()})
	}
	for _, r := range a.Rejected {
		if r.Seq > before && r.Seq <= d.acked {
			s.cfg.Log.Warn("event rejected by the hub", "stream", d.stream, "seq", r.Seq, "reason", r.Reason, "detail", r.Detail)
			s.cfg.Events(ctx, Rejected{Stream: string(d.stream), Seq: r.Seq, Reason: r.Reason, Detail: r.Detail})
		}
	}
	return s.sendAgain(d, a.Resend)
}

// mayAck refuses an acknowledgement of events that this device cannot have sent
// yet: acting on it would delete sales that the hub never saw. Sent before the
// last restart counts as sent.
func (s *session) mayAck(d *sender, upto uint64) error {
	if upto <= d.last() {
		return nil
	}
	rows, err := s.cfg.Outbox.Pending(d.stream, d.acked, Window)
	if err != nil {
		return fmt.Errorf("%w: read %s: %w", errOutbox, d.stream, err)
	}
	if len(rows) == 0 || upto > rows[len(rows)-1].Seq {
		return fmt.Errorf("acknowledges %s %d, which was not sent", d.stream, upto)
	}
	return nil
}

// sendAgain goes back to the number the hub misses. Every event sent after the
// missing one makes the hub ask again: only the first question counts, until
// there is progress or the retry time has passed.
func (s *session) sendAgain(d *sender, from uint64) error {
	if from == 0 || from == d.resend {
		return nil
	}
	d.resend = from
	s.resent(d.cut(from))
	if from <= d.acked {
		return fmt.Errorf("asks again for %s %d, which it acknowledged before", d.stream, from)
	}
	return nil
}

func (s *session) senderOf(epoch string) *sender {
	for _, d := range s.senders {
		if d.epoch == epoch {
			return d
		}
	}
	return nil
}
