package audit

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"kickstand/protocol"
)

// Kinds of rows that the hub writes about a device's stream, so that the journal
// accounts for every event that the device numbered.
const (
	KindSetAside = "event.quarantined" // an event that came and was not applied
	KindMissing  = "events.missing"    // events up to Seq never came; Body is a [Missing]
)

// Missing is the body of a KindMissing row.
type Missing struct {
	From uint64 `json:"from"`
	To   uint64 `json:"to"`
}

// SetAside is the body of a KindSetAside row. From and Digest are those of a
// protocol.JournalGap, if it is one.
type SetAside struct {
	Kind   protocol.Kind   `json:"kind"`
	Reason protocol.Reason `json:"reason"`
	From   uint64          `json:"from,omitempty"`
	Digest string          `json:"digest,omitempty"`
}

// Broken is the Follows of an event that does not follow what the hub had: the
// device's claim with a mark in front. The break is known and part of history.
func Broken(claim string) string { return "!" + claim }

// said checks that the rows of every device's streams follow from each other as
// the device chained them. It needs nothing but the rows. Each event has the
// digest of the one before it, so the journal cannot leave one out, slip one in
// or change their order, whoever signs it anew. Three things interrupt a chain
// and are counted as breaks: the hub noted that events never came, that an event
// does not follow, or its journal begins within a stream.
type said struct {
	streams map[stream]*lastSaid
	linked  int64 // events that follow from the one before
	breaks  int64
}

type stream struct{ device, epoch string }

// lastSaid is the end of a stream.
type lastSaid struct {
	n       int64 // its row
	seq     uint64
	head    string // what the next one must follow; empty: not known
	chained bool   // the device chains this stream: numbers have no gap from here on
}

// row takes the next row of the journal.
func (s *said) row(r Row) error {
	if r.Seq == 0 || r.Device == "" {
		return nil
	}
	at := s.stream(r)
	from, head, err := extent(r)
	switch {
	case err != nil:
		return &BadRowError{N: r.N, Why: err.Error()}
	case r.Seq <= at.seq:
		return &BadRowError{N: r.N, Why: fmt.Sprintf("is event %d of device %s, which came before", r.Seq, r.Device)}
	case at.chained && from > at.seq+1:
		return &BadRowError{N: r.N, Why: fmt.Sprintf("is event %d of device %s, but event %d is not in the journal before it", r.Seq, r.Device, at.seq+1)}
	case r.Follows == "" && (at.head == "" || !at.chained) && r.Kind != KindMissing:
		at.n, at.seq, at.head = r.N, r.Seq, "" // a device that does not chain
		return nil
	}
	if err := s.link(r, at, from); err != nil {
		return err
	}
	at.n, at.seq, at.head, at.chained = r.N, r.Seq, head, true
	return nil
}

// stream returns the stream of a row.
func (s *said) stream(r Row) *lastSaid {
	key := stream{r.Device, r.Epoch}
	at := s.streams[key]
	if at != nil {
		return at
	}
	at = &lastSaid{head: protocol.FirstPrev(r.Device, r.Epoch)}
	if r.Follows != "" && r.Seq > 1 && r.Kind != string(protocol.KindGap) {
		at = &lastSaid{seq: r.Seq - 1}
		s.breaks++
	}
	if s.streams == nil {
		s.streams = map[stream]*lastSaid{}
	}
	s.streams[key] = at
	return at
}

// link checks what a row says it follows.
func (s *said) link(r Row, at *lastSaid, from uint64) error {
	switch {
	case r.Kind == KindMissing || strings.HasPrefix(r.Follows, "!"):
		s.breaks++
	case at.head == "" || from <= at.seq: // nothing to hold it against
	case r.Follows != at.head && at.n == 0:
		return &BadRowError{N: r.N, Why: fmt.Sprintf("is not the first event of device %s", r.Device)}
	case r.Follows != at.head:
		return &BadRowError{N: at.n, Why: fmt.Sprintf("or row %d was rewritten: event %d of device %s does not follow from event %d as the device chained them", r.N, r.Seq, r.Device, at.seq)}
	default:
		s.linked++
	}
	return nil
}

// extent returns the first number that a row stands for and what the next event
// must follow.
func extent(r Row) (from uint64, head string, err error) {
	switch r.Kind {
	case string(protocol.KindGap):
		var g protocol.JournalGap
		err = json.Unmarshal([]byte(r.Body), &g)
		from, head = g.From, g.Digest
	case KindMissing:
		var m Missing
		err = json.Unmarshal([]byte(r.Body), &m)
		from = m.From
	case KindSetAside:
		var a SetAside
		err = json.Unmarshal([]byte(r.Body), &a)
		if from, head = a.From, a.Digest; from == 0 {
			from, head = r.Seq, r.Digest
		}
	default:
		return r.Seq, r.Digest, nil
	}
	if err != nil || from == 0 || from > r.Seq {
		return 0, "", errors.New("does not say which events it stands for")
	}
	return from, head, nil
}
