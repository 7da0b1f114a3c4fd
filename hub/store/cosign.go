package store

import (
	"context"
	"encoding/json"
	"fmt"

	"kickstand/hub/audit"
)

const dayMS = 24 * 60 * 60 * 1000

// PutCosigned keeps a device's signature on a checkpoint. A key that is new gets
// its row in the journal; a signature gets none, or each would lead to the next.
func (s *Store) PutCosigned(ctx context.Context, c audit.Cosigned) error {
	return s.Write(ctx, func(t *Tx) error {
		if err := t.deviceKey(c); err != nil {
			return err
		}
		err := t.exec(`INSERT INTO audit_cosignatures (device, day, size, key, line) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (device, day) DO UPDATE SET size = excluded.size, key = excluded.key, line = excluded.line
			WHERE audit_cosignatures.size <= excluded.size`, c.Device, t.atMS/dayMS, c.Size, c.Key, c.Line)
		if err != nil {
			return fmt.Errorf("signature of %s: %w", c.Device, err)
		}
		return nil
	})
}

func (t *Tx) deviceKey(c audit.Cosigned) error {
	n, err := t.changed(`INSERT INTO device_keys (device, key, since_ms) VALUES ($1, $2, $3) ON CONFLICT (device, key) DO NOTHING`,
		c.Device, c.Key, t.atMS)
	if err != nil || n == 0 {
		return err
	}
	body, err := json.Marshal(audit.DeviceKey{Key: c.Key})
	if err == nil {
		_, err = t.Audit(audit.Row{Kind: audit.KindDeviceKey, Subject: c.Device, Digest: audit.Digest(body), Body: string(body)})
	}
	return err
}

// CheckpointAt returns the signed checkpoint of so many rows. Without one the
// error wraps ErrNotFound.
func (s *Store) CheckpointAt(ctx context.Context, size int64) (note string, err error) {
	err = s.row(ctx, `SELECT note FROM audit_checkpoints WHERE size = $1`, []any{size}, &note)
	if err != nil {
		return "", fmt.Errorf("checkpoint of %d rows: %w", size, err)
	}
	return note, nil
}

// Cosigners returns the latest signature of each device.
func (s *Store) Cosigners(ctx context.Context) ([]audit.Cosigned, error) {
	return cosigned(s.reader(ctx), `SELECT device, size, key, line FROM audit_cosignatures c
		WHERE NOT EXISTS (SELECT 1 FROM audit_cosignatures l WHERE l.device = c.device AND l.day > c.day) ORDER BY device`, nil)
}

func cosignedBetween(read query, after, upTo int64) ([]audit.Cosigned, error) {
	return cosigned(read, `SELECT device, size, key, line FROM audit_cosignatures WHERE size > $1 AND size <= $2 ORDER BY size, device`, []any{after, upTo})
}

func cosigned(read query, q string, args []any) ([]audit.Cosigned, error) {
	all, err := list(read, q, args, func(scan func(...any) error) (c audit.Cosigned, err error) {
		return c, scan(&c.Device, &c.Size, &c.Key, &c.Line)
	})
	if err != nil {
		return nil, fmt.Errorf("signatures of devices: %w", err)
	}
	return all, nil
}
