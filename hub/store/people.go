package store

import (
	"context"
	"fmt"

	"kickstand/protocol"
)

// PutOperator adds or changes a person who may use a device, and tells every
// device.
func (s *Store) PutOperator(ctx context.Context, o protocol.Operator) error {
	if err := protocol.CheckID(o.ID); err != nil {
		return fmt.Errorf("put operator: %w", err)
	}
	return s.Write(ctx, func(t *Tx) error {
		if err := t.notErased(o.ID); err != nil {
			return fmt.Errorf("put operator %s: %w", o.ID, err)
		}
		err := t.exec(`INSERT INTO operators (id, name, role, max_discount, active, created_ms) VALUES ($1, $2, $3, $4, 1, $5)
			ON CONFLICT (id) DO UPDATE SET name = excluded.name, role = excluded.role, max_discount = excluded.max_discount, active = 1`,
			o.ID, o.Name, o.Role, o.MaxDiscount, t.atMS)
		if err != nil {
			return fmt.Errorf("put operator %s: %w", o.ID, err)
		}
		return t.staffChanged()
	})
}

// RetireOperator takes away a person's right to use devices, and tells every
// device. The row stays: old sales name it.
func (s *Store) RetireOperator(ctx context.Context, id string) error {
	return s.Write(ctx, func(t *Tx) error { return t.retireOperator(id) })
}

func (t *Tx) retireOperator(id string) error {
	n, err := t.changed(`UPDATE operators SET active = 0 WHERE id = $1`, id)
	if err == nil && n == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("retire operator %s: %w", id, err)
	}
	return t.staffChanged()
}

func (t *Tx) staffChanged() error {
	if _, err := t.bump("settings_version"); err != nil {
		return err
	}
	return t.tellAll()
}

// Operators returns the people who may use a device, by name.
func (s *Store) Operators(ctx context.Context) ([]protocol.Operator, error) {
	return readOperators(s.reader(ctx), true)
}

func readOperators(read query, active bool) ([]protocol.Operator, error) {
	return list(read, `SELECT id, name, role, max_discount FROM operators WHERE active = $1 ORDER BY name, id`, []any{btoi(active)},
		func(scan func(...any) error) (o protocol.Operator, err error) {
			return o, scan(&o.ID, &o.Name, &o.Role, &o.MaxDiscount)
		})
}
