package store

import (
	"database/sql"
	"errors"
	"fmt"

	"kickstand/hub/audit"
	"kickstand/protocol"
)

// EpochState says what becomes of the events of an outbox stream.
type EpochState string

// The states of an epoch.
const (
	EpochOpen    EpochState = "open"    // events are applied
	EpochClosed  EpochState = "closed"  // the device began a newer journal; events go to quarantine
	EpochRefused EpochState = "refused" // not a journal this device should have; events go to quarantine
)

// Cursor is how far an outbox stream of a device has been applied.
type Cursor struct {
	Device string
	Epoch  string
	Last   uint64 // every event up to here is applied or in quarantine
	State  EpochState
	Stream string // hi or lo
	Head   string // digest of the event at Last, which the next one must follow; empty: not known
}

// Speaker returns a device and the cursor of one of its streams in one look.
// A device nobody ever heard of has state Unknown; known is false for a stream
// that was never begun.
func (t *Tx) Speaker(device, epoch string) (d Device, c Cursor, known bool, err error) {
	d, c = Device{ID: device, State: Unknown}, Cursor{Device: device, Epoch: epoch}
	var last sql.NullInt64
	var state, stream, head sql.NullString
	err = t.row(`SELECT d.state, d.role, d.name, d.prefix, d.reader, c.last_seq, c.state, c.stream, c.head FROM devices d
		LEFT JOIN device_cursors c ON c.device = d.id AND c.epoch = $2 WHERE d.id = $1`, []any{device, epoch},
		&d.State, &d.Role, &d.Name, &d.Prefix, &d.Reader, &last, &state, &stream, &head)
	if errors.Is(err, ErrNotFound) {
		return d, c, false, nil
	}
	if err != nil {
		return d, c, false, fmt.Errorf("device %s: %w", device, err)
	}
	c.Last, c.State, c.Stream = uint64(last.Int64), EpochState(state.String), stream.String
	c.Head = head.String
	return d, c, last.Valid, nil
}

// HasCursors reports whether any stream of a device was ever begun.
func (t *Tx) HasCursors(device string) (bool, error) {
	var n int64
	err := t.row(`SELECT count(*) FROM device_cursors WHERE device = $1`, []any{device}, &n)
	return n > 0, err
}

// OpenCursor begins a stream.
func (t *Tx) OpenCursor(c Cursor) error {
	err := t.exec(`INSERT INTO device_cursors (device, epoch, last_seq, state, stream, opened_ms, changed_ms)
		VALUES ($1, $2, $3, $4, $5, $6, $6)`, c.Device, c.Epoch, int64(c.Last), string(c.State), c.Stream, t.atMS)
	if err != nil {
		return fmt.Errorf("open epoch %s of %s: %w", c.Epoch, c.Device, err)
	}
	return nil
}

// Advance moves a cursor from c.Last to the given seq, the digest of which is
// head. It fails when the cursor is no longer where c says.
func (t *Tx) Advance(c Cursor, to uint64, head string) error {
	n, err := t.changed(`UPDATE device_cursors SET last_seq = $1, changed_ms = $2, head = $6
		WHERE device = $3 AND epoch = $4 AND last_seq = $5`, int64(to), t.atMS, c.Device, c.Epoch, int64(c.Last), head)
	if err != nil {
		return fmt.Errorf("advance %s: %w", c.Device, err)
	}
	if n != 1 {
		return fmt.Errorf("advance %s: cursor of epoch %s is not at %d", c.Device, c.Epoch, c.Last)
	}
	return nil
}

// CloseOthers closes the open streams of a device except the named ones.
func (t *Tx) CloseOthers(device string, keep [2]string) error {
	return t.exec(`UPDATE device_cursors SET state = 'closed', changed_ms = $1
		WHERE device = $2 AND state = 'open' AND epoch NOT IN ($3, $4)`, t.atMS, device, keep[0], keep[1])
}

// Fate is what became of an event that came before.
type Fate struct {
	Digest string          // SHA-256 of the envelope, hex; empty: dropped by the device, nothing is known
	Reason protocol.Reason // not empty: it is in quarantine
	Detail string
}

// Fate returns what became of an event at or below its cursor. digest picks
// among several messages that claimed the same number.
func (t *Tx) Fate(device, epoch string, seq uint64, digest string) (Fate, error) {
	var f Fate
	err := t.row(`SELECT digest FROM audit_events WHERE device = $1 AND epoch = $2 AND seq = $3 AND seq > 0
		AND kind NOT IN ($4, $5)`, []any{device, epoch, int64(seq), audit.KindSetAside, audit.KindMissing}, &f.Digest)
	if err == nil && f.Digest == digest {
		return f, nil
	}
	if err != nil && !errors.Is(err, ErrNotFound) {
		return f, err
	}
	applied := f
	err = t.row(`SELECT digest, reason, detail FROM quarantine WHERE device = $1 AND epoch = $2 AND seq = $3
		ORDER BY CASE WHEN digest = $4 THEN 0 ELSE 1 END, n LIMIT 1`,
		[]any{device, epoch, int64(seq), digest}, &f.Digest, &f.Reason, &f.Detail)
	switch {
	case errors.Is(err, ErrNotFound):
		return applied, nil
	case err != nil:
		return f, err
	case f.Digest != digest && applied.Digest != "":
		return applied, nil
	}
	return f, nil
}

// Quarantined is a message that was not applied.
type Quarantined struct {
	N       int64
	Device  string
	Epoch   string
	Seq     uint64 // 0: could not be read
	Kind    protocol.Kind
	Reason  protocol.Reason
	Detail  string
	Digest  string
	Size    int    // bytes of the whole message
	Raw     []byte // at most protocol.MaxEnvelope of them
	Times   int64
	FirstMS int64
	LastMS  int64
}

// maxUnnumbered is how many different messages without a readable number are
// kept of one device, so that garbage cannot fill the disk.
const maxUnnumbered = 200

// Quarantine keeps a message for a person, or counts it when the same one is
// kept already. It reports whether it is kept.
func (t *Tx) Quarantine(q Quarantined) (bool, error) {
	raw := q.Raw[:min(len(q.Raw), protocol.MaxEnvelope)]
	if raw == nil {
		raw = []byte{} // an empty message, not an unknown one
	}
	n, err := t.changed(`INSERT INTO quarantine (device, epoch, seq, kind, reason, detail, digest, size, raw, first_ms, last_ms)
		SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10
		WHERE $3 > 0 OR (SELECT count(*) FROM quarantine WHERE device = $1 AND epoch = '' AND seq = 0) < $11
		OR EXISTS (SELECT 1 FROM quarantine WHERE device = $1 AND epoch = $2 AND seq = $3 AND digest = $7)
		ON CONFLICT (device, epoch, seq, digest) DO UPDATE SET times = quarantine.times + 1, last_ms = excluded.last_ms`,
		q.Device, q.Epoch, int64(q.Seq), string(q.Kind), string(q.Reason), clip(q.Detail), q.Digest, q.Size, raw, t.atMS, maxUnnumbered)
	if err != nil {
		return false, fmt.Errorf("quarantine of %s: %w", q.Device, err)
	}
	return n > 0, nil
}

// clip bounds a text that quotes a message.
func clip(s string) string {
	const most = 1000
	if len(s) > most {
		return s[:most]
	}
	return s
}
