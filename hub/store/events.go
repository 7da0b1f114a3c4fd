package store

import (
	"errors"
	"fmt"

	"kickstand/hub/audit"
	"kickstand/protocol"
)

// Audit chains a row onto the shop's journal and returns its number. N, AtMS,
// Prev and Hash are filled in.
func (t *Tx) Audit(r audit.Row) (int64, error) {
	head, err := t.auditHead()
	if err != nil {
		return 0, fmt.Errorf("audit head: %w", err)
	}
	r.AtMS = t.atMS
	r, next := audit.Seal(head, r)
	err = t.exec(`INSERT INTO audit_events (n, at_ms, kind, device, epoch, seq, subject, actor, salt, digest, body, prev, hash, follows)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		r.N, r.AtMS, r.Kind, r.Device, r.Epoch, int64(r.Seq), r.Subject, r.Actor, r.Salt, r.Digest, r.Body, r.Prev, r.Hash, r.Follows)
	if err != nil {
		return 0, fmt.Errorf("audit row %d: %w", r.N, err)
	}
	t.w.group.head = auditHead{Head: next, known: true}
	for _, x := range r.Texts {
		err := t.exec(`INSERT INTO audit_texts (n, field, person, salt, words) VALUES ($1, $2, $3, $4, $5)`, r.N, x.Field, x.Person, x.Salt, x.Words)
		if err != nil {
			return 0, fmt.Errorf("text of audit row %d: %w", r.N, err)
		}
	}
	return r.N, nil
}

// auditHead reads the end of the chain once per group.
func (t *Tx) auditHead() (audit.Head, error) {
	if t.w.group.head.known {
		return t.w.group.head.Head, nil
	}
	var h audit.Head
	err := t.row(`SELECT n, hash FROM audit_events ORDER BY n DESC LIMIT 1`, nil, &h.N, &h.Hash)
	if errors.Is(err, ErrNotFound) {
		return audit.Genesis(t.w.store.shop), nil
	}
	return h, err
}

// Printed writes what became of a receipt on paper. event is its audit row.
func (t *Tx) Printed(event int64, device string, p *protocol.ReceiptPrinted) error {
	return t.exec(`INSERT INTO prints (event, job, sale, copy, proof, why, device, at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		event, p.Job, p.Sale, p.Copy, string(p.Proof), p.Why, device, t.atMS)
}

// PrintKnown reports whether the same was reported of the same print before.
func (t *Tx) PrintKnown(p *protocol.ReceiptPrinted) (bool, error) {
	var n int64
	err := t.row(`SELECT count(*) FROM prints WHERE sale = $1 AND job = $2 AND copy = $3 AND proof = $4 AND why = $5`,
		[]any{p.Sale, p.Job, p.Copy, string(p.Proof), p.Why}, &n)
	return n > 0, err
}

// DrawerKnown reports whether an opening was reported before.
func (t *Tx) DrawerKnown(id string) (bool, error) {
	var n int64
	err := t.row(`SELECT count(*) FROM drawer_events WHERE id = $1`, []any{id}, &n)
	return n > 0, err
}

// DrawerOpened writes an opening of a drawer, once per id.
func (t *Tx) DrawerOpened(event int64, device string, d *protocol.DrawerOpened) error {
	return t.exec(`INSERT INTO drawer_events (id, event, device, sale, operator, why, at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (id) DO NOTHING`, d.ID, event, device, d.Sale, d.Operator, d.Why, t.atMS)
}

// Fault sets the present state of a part of a device.
func (t *Tx) Fault(device string, f *protocol.DeviceFault) error {
	return t.exec(`INSERT INTO faults (device, part, state, detail, since_ms) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (device, part) DO UPDATE SET state = excluded.state, detail = excluded.detail, since_ms = excluded.since_ms`,
		device, f.Part, f.State, f.Detail, t.atMS)
}
