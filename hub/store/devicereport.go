package store

import (
	"context"
	"encoding/json"
	"fmt"

	"kickstand/protocol"
)

// DeviceRow is a device as the office shows it.
type DeviceRow struct {
	Device
	Online      bool   // connected as far as the hub knows
	SinceMS     int64  // hub time of the last coming or going; 0: never seen
	Why         string // how the last session ended: "lost" or "stopped"
	Program     string
	Panel       string
	Catalogue   int64             // version it has
	Settings    int64             // version it has
	Parts       map[string]string // part to its state in words, as reported
	LastEventMS int64             // hub time of its last event; 0: none
	Quarantined int64             // open rows of quarantine
	Faults      []Fault           // parts that are not "ok"
}

// Fault is the state of a part of a device.
type Fault struct {
	Device  string
	Part    string
	State   string // warning or down
	Detail  string
	SinceMS int64
}

// Devices returns every device, those that may speak first.
func (s *Store) Devices(ctx context.Context) ([]DeviceRow, error) {
	rows, err := list(s.reader(ctx), `SELECT d.id, d.state, d.role, d.name, d.prefix, d.reader, d.created_ms, d.tried_ms, d.tries,
		coalesce(p.online, 0), coalesce(p.since_ms, 0), coalesce(p.why, ''), coalesce(p.program, ''), coalesce(p.panel, ''),
		coalesce(p.catalogue, 0), coalesce(p.settings, 0), coalesce(p.parts, '{}'),
		coalesce((SELECT max(changed_ms) FROM device_cursors c WHERE c.device = d.id), 0),
		(SELECT count(*) FROM quarantine q WHERE q.device = d.id AND q.resolved_ms = 0)
		FROM devices d LEFT JOIN presence p ON p.device = d.id
		ORDER BY CASE d.state WHEN 'enrolled' THEN 0 WHEN 'unknown' THEN 1 ELSE 2 END, d.id`, nil, scanDevice)
	if err != nil {
		return nil, fmt.Errorf("devices: %w", err)
	}
	faults, err := list(s.reader(ctx), `SELECT device, part, state, detail, since_ms FROM faults WHERE state <> 'ok' ORDER BY device, part`, nil,
		func(scan func(...any) error) (f Fault, err error) {
			return f, scan(&f.Device, &f.Part, &f.State, &f.Detail, &f.SinceMS)
		})
	if err != nil {
		return nil, fmt.Errorf("devices: %w", err)
	}
	for i := range rows {
		for _, f := range faults {
			if f.Device == rows[i].ID {
				rows[i].Faults = append(rows[i].Faults, f)
			}
		}
	}
	return rows, nil
}

func scanDevice(scan func(...any) error) (r DeviceRow, err error) {
	var online int
	var parts string
	err = scan(&r.ID, &r.State, &r.Role, &r.Name, &r.Prefix, &r.Reader, &r.CreatedMS, &r.TriedMS, &r.Tries, &online, &r.SinceMS, &r.Why,
		&r.Program, &r.Panel, &r.Catalogue, &r.Settings, &parts, &r.LastEventMS, &r.Quarantined)
	if err != nil {
		return r, err
	}
	r.Online = online == 1
	return r, json.Unmarshal([]byte(parts), &r.Parts)
}

// Quarantined returns up to limit messages nobody has dealt with, newest
// first.
func (s *Store) Quarantined(ctx context.Context, limit int) ([]Quarantined, error) {
	return list(s.reader(ctx), `SELECT n, device, epoch, seq, kind, reason, detail, digest, size, raw, times, first_ms, last_ms
		FROM quarantine WHERE resolved_ms = 0 ORDER BY n DESC LIMIT $1`, []any{limit},
		func(scan func(...any) error) (q Quarantined, err error) {
			var seq int64
			var kind, reason string
			err = scan(&q.N, &q.Device, &q.Epoch, &seq, &kind, &reason, &q.Detail, &q.Digest, &q.Size, &q.Raw, &q.Times, &q.FirstMS, &q.LastMS)
			q.Seq, q.Kind, q.Reason = uint64(seq), protocol.Kind(kind), protocol.Reason(reason)
			return q, err
		})
}
