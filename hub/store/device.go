package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"kickstand/protocol"
)

// DeviceState says whether a device may speak.
type DeviceState string

// The states of a device.
const (
	Enrolled DeviceState = "enrolled" // may speak
	Unknown  DeviceState = "unknown"  // has tried to connect; a person may enrol it
	Retired  DeviceState = "retired"  // may not speak any more
)

// Device is a counter or kiosk.
type Device struct {
	ID        string
	State     DeviceState
	Role      protocol.Role
	Name      string // as staff call it
	Prefix    string // of its slip numbers, "K1"
	Reader    string // Stripe's id of the card reader it uses; empty: it takes no cards
	CreatedMS int64  // hub time of enrolment or of the first attempt, Unix ms
	TriedMS   int64  // hub time of the last refused attempt, Unix ms; 0: none
	Tries     int64  // refused attempts
}

// Enrol lets a device speak, or changes its role, name and prefix.
func (s *Store) Enrol(ctx context.Context, d Device) error {
	if err := protocol.CheckID(d.ID); err != nil {
		return fmt.Errorf("enrol: %w", err)
	}
	return s.Write(ctx, func(t *Tx) error {
		err := t.exec(`INSERT INTO devices (id, state, role, name, prefix, created_ms) VALUES ($1, 'enrolled', $2, $3, $4, $5)
			ON CONFLICT (id) DO UPDATE SET state = 'enrolled', role = excluded.role, name = excluded.name, prefix = excluded.prefix`,
			d.ID, string(d.Role), d.Name, d.Prefix, t.atMS)
		if err != nil {
			return fmt.Errorf("enrol %s: %w", d.ID, err)
		}
		return t.tellAll()
	})
}

// Retire takes a device's right to speak. What it sold stays.
func (s *Store) Retire(ctx context.Context, id string) error {
	return s.Write(ctx, func(t *Tx) error {
		n, err := t.changed(`UPDATE devices SET state = 'retired' WHERE id = $1`, id)
		if err == nil && n == 0 {
			err = ErrNotFound
		}
		if err != nil {
			return fmt.Errorf("retire %s: %w", id, err)
		}
		return nil
	})
}

// Device returns a device; one nobody ever heard of has state Unknown.
func (s *Store) Device(ctx context.Context, id string) (Device, error) {
	d := Device{ID: id, State: Unknown}
	err := s.row(ctx, `SELECT state, role, name, prefix, reader FROM devices WHERE id = $1`, []any{id}, &d.State, &d.Role, &d.Name, &d.Prefix, &d.Reader)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return d, fmt.Errorf("device %s: %w", id, err)
	}
	return d, nil
}

// SetReader says which card reader a device uses; an empty one takes it away. Two
// devices may share a reader: it works for one sale at a time.
func (s *Store) SetReader(ctx context.Context, id, reader string) error {
	return s.Write(ctx, func(t *Tx) error {
		n, err := t.changed(`UPDATE devices SET reader = $1 WHERE id = $2`, reader, id)
		if err == nil && n == 0 {
			err = ErrNotFound
		}
		if err != nil {
			return fmt.Errorf("reader of %s: %w", id, err)
		}
		return nil
	})
}

// maxUnknown is how many devices that only tried are listed.
const maxUnknown = 100

// Tried notes that a device without the right to speak has tried to.
func (t *Tx) Tried(id string) error {
	return t.exec(`INSERT INTO devices (id, state, created_ms, tried_ms, tries) SELECT $1, 'unknown', $2, $2, 1
		WHERE EXISTS (SELECT 1 FROM devices WHERE id = $1) OR (SELECT count(*) FROM devices WHERE state = 'unknown') < $3
		ON CONFLICT (id) DO UPDATE SET tried_ms = excluded.tried_ms, tries = devices.tries + 1`, id, t.atMS, maxUnknown)
}

// Born writes that a device has connected.
func (t *Tx) Born(device string, b *protocol.DeviceBirth) error {
	epochs, err := json.Marshal(b.Epochs)
	if err != nil {
		return fmt.Errorf("birth of %s: %w", device, err)
	}
	return t.exec(`INSERT INTO presence (device, session, online, why, since_ms, program, panel, catalogue, settings, epochs)
		VALUES ($1, $2, 1, '', $3, $4, $5, $6, $7, $8)
		ON CONFLICT (device) DO UPDATE SET session = excluded.session, online = 1, why = '', since_ms = excluded.since_ms,
		program = excluded.program, panel = excluded.panel, catalogue = excluded.catalogue, settings = excluded.settings, epochs = excluded.epochs`,
		device, b.Session, t.atMS, b.Program, b.Panel, b.Catalogue, b.Settings, string(epochs))
}

// Gone writes that a session has ended. A will of another session than the
// latest birth's is late; it changes nothing and gives false.
func (t *Tx) Gone(device string, w *protocol.DeviceWill) (bool, error) {
	n, err := t.changed(`UPDATE presence SET online = 0, why = $1, since_ms = $2 WHERE device = $3 AND session = $4 AND online = 1`,
		w.Why, t.atMS, device, w.Session)
	return n > 0, err
}

// AllLost writes that every session has ended without a will.
func (s *Store) AllLost(ctx context.Context) error {
	return s.Write(ctx, func(t *Tx) error {
		return t.exec(`UPDATE presence SET online = 0, why = 'lost', since_ms = $1 WHERE online = 1`, t.atMS)
	})
}

// Reported writes what a device really runs.
func (t *Tx) Reported(device string, r *protocol.DeviceReported) error {
	parts, err := json.Marshal(r.Parts)
	if err != nil {
		return fmt.Errorf("report of %s: %w", device, err)
	}
	return t.exec(`UPDATE presence SET catalogue = $1, settings = $2, program = $3, parts = $4 WHERE device = $5`,
		r.Catalogue, r.Settings, r.Program, string(parts), device)
}

// Epochs returns the outbox streams a device announced at its latest birth, by
// stream.
func (t *Tx) Epochs(device string) (map[string]string, error) {
	var text string
	if err := t.row(`SELECT epochs FROM presence WHERE device = $1`, []any{device}, &text); err != nil {
		return nil, err
	}
	epochs := map[string]string{}
	return epochs, json.Unmarshal([]byte(text), &epochs)
}
