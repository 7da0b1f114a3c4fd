package store

import (
	"context"
	"encoding/json"
	"fmt"

	"kickstand/protocol"
)

// Message is something a device must hear, out of the outbox.
type Message struct {
	N      int64
	Device string
	Kind   protocol.Kind
	Body   string // JSON of the body
}

// broadcast leaves a message for every enrolled device, in place of an older
// one of its kind.
func (t *Tx) broadcast(kind protocol.Kind, body string) error {
	if err := t.exec(`DELETE FROM outbox WHERE kind = $1`, string(kind)); err != nil {
		return fmt.Errorf("tell devices: %w", err)
	}
	err := t.exec(`INSERT INTO outbox (device, kind, body, at_ms)
		SELECT id, $1, $2, $3 FROM devices WHERE state = 'enrolled'`, string(kind), body, t.atMS)
	if err != nil {
		return fmt.Errorf("tell devices: %w", err)
	}
	t.w.group.told = true
	return nil
}

// Tell leaves a message for one device, which it gets on protocol.Tell once this
// write is committed. A device that is away never gets it and must ask.
func (t *Tx) Tell(device string, body protocol.Body) error {
	text, err := json.Marshal(body)
	if err == nil {
		err = t.exec(`INSERT INTO outbox (device, kind, body, at_ms) VALUES ($1, $2, $3, $4)`, device, string(body.Kind()), string(text), t.atMS)
	}
	if err != nil {
		return fmt.Errorf("tell %s: %w", device, err)
	}
	t.w.group.told = true
	return nil
}

// TellAll leaves a message for every enrolled device.
func (t *Tx) TellAll(body protocol.Body) error {
	text, err := json.Marshal(body)
	if err == nil {
		err = t.exec(`INSERT INTO outbox (device, kind, body, at_ms) SELECT id, $1, $2, $3 FROM devices WHERE state = 'enrolled'`,
			string(body.Kind()), string(text), t.atMS)
	}
	if err != nil {
		return fmt.Errorf("tell devices: %w", err)
	}
	t.w.group.told = true
	return nil
}

// Outbox returns up to limit messages that are not yet published, in order.
func (s *Store) Outbox(ctx context.Context, limit int) ([]Message, error) {
	return list(s.reader(ctx), `SELECT n, device, kind, body FROM outbox ORDER BY n LIMIT $1`, []any{limit},
		func(scan func(...any) error) (m Message, err error) {
			return m, scan(&m.N, &m.Device, &m.Kind, &m.Body)
		})
}

// Published takes messages out of the outbox. One that was replaced by a newer
// one in the meantime stays.
func (s *Store) Published(ctx context.Context, all []Message) error {
	return s.Write(ctx, func(t *Tx) error {
		for _, m := range all {
			if err := t.exec(`DELETE FROM outbox WHERE n = $1 AND device = $2 AND body = $3`, m.N, m.Device, m.Body); err != nil {
				return fmt.Errorf("published %d: %w", m.N, err)
			}
		}
		return nil
	})
}
