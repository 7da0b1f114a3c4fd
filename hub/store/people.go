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
	return s.Write(ctx, func(t *Tx) error {
		n, err := t.changed(`UPDATE operators SET active = 0 WHERE id = $1`, id)
		if err != nil {
			return fmt.Errorf("retire operator %s: %w", id, err)
		}
		if n == 0 {
			return fmt.Errorf("retire operator %s: %w", id, ErrNotFound)
		}
		return t.staffChanged()
	})
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

// Customer is a person who buys. Name, Email, Phone and Notes are personal.
type Customer struct {
	ID       string
	Name     string
	Email    string
	Phone    string
	Notes    string
	AIOptout bool // never named to the assistant
}

// PutCustomers adds or changes customers.
func (s *Store) PutCustomers(ctx context.Context, all []Customer) error {
	return s.Write(ctx, func(t *Tx) error {
		for _, c := range all {
			if err := protocol.CheckID(c.ID); err != nil {
				return fmt.Errorf("put customer: %w", err)
			}
			err := t.exec(`INSERT INTO customers (id, name, email, phone, notes, ai_optout, created_ms) VALUES ($1, $2, $3, $4, $5, $6, $7)
				ON CONFLICT (id) DO UPDATE SET name = excluded.name, email = excluded.email, phone = excluded.phone,
				notes = excluded.notes, ai_optout = excluded.ai_optout`,
				c.ID, c.Name, c.Email, c.Phone, c.Notes, btoi(c.AIOptout), t.atMS)
			if err != nil {
				return fmt.Errorf("put customer %s: %w", c.ID, err)
			}
		}
		return nil
	})
}

// Customers returns up to limit customers after a name, in order of name.
func (s *Store) Customers(ctx context.Context, after string, limit int) ([]Customer, error) {
	return list(s.reader(ctx), `SELECT id, name, email, phone, notes, ai_optout FROM customers
		WHERE erased_ms = 0 AND name > $1 ORDER BY name, id LIMIT $2`, []any{after, limit},
		func(scan func(...any) error) (c Customer, err error) {
			var out int
			err = scan(&c.ID, &c.Name, &c.Email, &c.Phone, &c.Notes, &out)
			c.AIOptout = out == 1
			return c, err
		})
}
