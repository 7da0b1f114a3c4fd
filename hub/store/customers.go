package store

import (
	"context"
	"errors"
	"fmt"

	"kickstand/hub/contact"
	"kickstand/protocol"
)

// Customer is a person who buys. Name, Email, Phone and Notes are personal.
type Customer struct {
	ID         string
	Number     int64 // for people, see contact.Number; given by the store
	Name       string
	Email      string
	Phone      string // as typed
	Notes      string
	AIOptout   bool  // never named to the assistant
	Version    int64 // grows with every change
	CreatedMS  int64
	ChangedMS  int64
	ErasedMS   int64  // 0: never
	MergedInto string // id of the same person, who has everything of this one; empty: not merged
	MergedMS   int64
}

// Erased reports whether the personal columns were emptied on request.
func (c Customer) Erased() bool { return c.ErasedMS > 0 }

const (
	customersVersion = "customers_version"
	customerNumber   = "customer_number"
)

const customerColumns = `id, number, name, email, phone, notes, ai_optout, version, created_ms, changed_ms, erased_ms, merged_into, merged_ms`

func scanCustomer(scan func(...any) error) (c Customer, err error) {
	var out int
	err = scan(&c.ID, &c.Number, &c.Name, &c.Email, &c.Phone, &c.Notes, &out, &c.Version, &c.CreatedMS, &c.ChangedMS, &c.ErasedMS, &c.MergedInto, &c.MergedMS)
	c.AIOptout = out == 1
	return c, err
}

// oneCustomer reads the only customer of a query, or ErrNotFound.
func oneCustomer(read query, where string, args ...any) (Customer, error) {
	all, err := list(read, `SELECT `+customerColumns+` FROM customers WHERE `+where, args, scanCustomer)
	if err == nil && len(all) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return Customer{}, fmt.Errorf("customer: %w", err)
	}
	return all[0], nil
}

// survivor reads a customer, or the one that it was merged into. A merge leaves no
// chain, so one step is enough.
func survivor(read query, id string) (Customer, error) {
	c, err := oneCustomer(read, `id = $1`, id)
	if err == nil && c.MergedInto != "" {
		return oneCustomer(read, `id = $1`, c.MergedInto)
	}
	return c, err
}

// Customer returns a customer, or the one that it was merged into, or ErrNotFound.
func (s *Store) Customer(ctx context.Context, id string) (Customer, error) {
	return survivor(s.reader(ctx), id)
}

// Customer is Store.Customer as of this transaction.
func (t *Tx) Customer(id string) (Customer, error) { return survivor(t.rows, id) }

// AddCustomer adds a customer under the next account number and reports whether
// the id is new; one that is known stays as it is.
func (t *Tx) AddCustomer(c Customer) (bool, error) {
	if err := protocol.CheckID(c.ID); err != nil {
		return false, fmt.Errorf("add customer: %w", err)
	}
	_, err := oneCustomer(t.rows, `id = $1`, c.ID)
	if err == nil || !errors.Is(err, ErrNotFound) {
		return false, err
	}
	if err := t.notErased(c.ID); err != nil {
		return false, fmt.Errorf("add customer %s: %w", c.ID, err)
	}
	if c.Number, err = t.bump(customerNumber); err == nil {
		c.Version, err = t.bump(customersVersion)
	}
	if err != nil {
		return false, err
	}
	err = t.exec(`INSERT INTO customers (id, number, name, email, phone, phone_digits, notes, ai_optout, version, created_ms)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		c.ID, c.Number, c.Name, c.Email, c.Phone, contact.Digits(c.Phone), c.Notes, btoi(c.AIOptout), c.Version, t.atMS)
	if err != nil {
		return false, fmt.Errorf("add customer %s: %w", c.ID, err)
	}
	return true, nil
}

// ChangeCustomer puts name, email, phone, notes and the opt-out of a customer in
// place of those of c.Version, and reports whether it did: not when somebody
// changed, merged or erased the customer since.
func (t *Tx) ChangeCustomer(c Customer) (bool, error) {
	next, err := t.bump(customersVersion)
	if err != nil {
		return false, err
	}
	n, err := t.changed(`UPDATE customers SET name = $1, email = $2, phone = $3, phone_digits = $4, notes = $5, ai_optout = $6, version = $7, changed_ms = $8
		WHERE id = $9 AND version = $10 AND erased_ms = 0 AND merged_into = ''`,
		c.Name, c.Email, c.Phone, contact.Digits(c.Phone), c.Notes, btoi(c.AIOptout), next, t.atMS, c.ID, c.Version)
	if err != nil {
		return false, fmt.Errorf("change customer %s: %w", c.ID, err)
	}
	return n == 1, nil
}

// PutCustomers adds or changes customers, as a transfer from elsewhere does, each
// with its row in the journal. One that was erased gives ErrErased, and nothing is
// written.
func (s *Store) PutCustomers(ctx context.Context, all []Customer) error {
	return s.Write(ctx, func(t *Tx) error {
		for _, c := range all {
			if err := t.putCustomer(c); err != nil {
				return err
			}
		}
		return nil
	})
}

func (t *Tx) putCustomer(c Customer) error {
	fresh, err := t.AddCustomer(c)
	if err != nil {
		return err
	}
	old, err := t.Customer(c.ID)
	if err != nil {
		return err
	}
	facts := map[string]any{"number": contact.Number(old.Number)}
	if fresh {
		_, err = t.tell("customer.added", c.ID, "", facts)
		return err
	}
	if old.Erased() {
		return fmt.Errorf("put customer %s: %w", c.ID, ErrErased)
	}
	fields := old.differs(c)
	if len(fields) == 0 {
		return nil
	}
	c.ID, c.Version, facts["fields"] = old.ID, old.Version, fields
	if _, err := t.ChangeCustomer(c); err != nil {
		return err
	}
	_, err = t.tell("customer.changed", c.ID, "", facts)
	return err
}

// differs names the fields in which two customers differ.
func (c Customer) differs(other Customer) (fields []string) {
	for _, f := range []struct {
		name string
		same bool
	}{
		{contact.FieldName, c.Name == other.Name},
		{contact.FieldEmail, c.Email == other.Email},
		{contact.FieldPhone, c.Phone == other.Phone},
		{contact.FieldNotes, c.Notes == other.Notes},
		{"ai_optout", c.AIOptout == other.AIOptout},
	} {
		if !f.same {
			fields = append(fields, f.name)
		}
	}
	return fields
}

// CustomersAfter is where a page of the list of customers begins.
type CustomersAfter struct{ Name, ID string }

// Customers returns up to limit customers after one, in order of name. Merged and
// erased ones are left out.
func (s *Store) Customers(ctx context.Context, after CustomersAfter, limit int) ([]Customer, error) {
	return list(s.reader(ctx), `SELECT `+customerColumns+` FROM customers
		WHERE erased_ms = 0 AND merged_into = '' AND (name > $1 OR name = $2 AND id > $3) ORDER BY name, id LIMIT $4`,
		[]any{after.Name, after.Name, after.ID, limit}, scanCustomer)
}

// CustomersVersion is the version of the newest change of a customer.
func (s *Store) CustomersVersion(ctx context.Context) (v int64, err error) {
	err = s.row(ctx, `SELECT value FROM meta WHERE name = $1`, []any{customersVersion}, &v)
	return v, err
}

// ChangedCustomers returns the customers that changed after a version, merged and
// erased ones included.
func (s *Store) ChangedCustomers(ctx context.Context, after int64) ([]Customer, error) {
	return list(s.reader(ctx), `SELECT `+customerColumns+` FROM customers WHERE version > $1`, []any{after}, scanCustomer)
}

// CustomerByNumber returns the customer of an account number, or the one that it
// was merged into, or ErrNotFound.
func (s *Store) CustomerByNumber(ctx context.Context, n int64) (Customer, error) {
	c, err := oneCustomer(s.reader(ctx), `number = $1`, n)
	if err == nil && c.MergedInto != "" {
		return s.Customer(ctx, c.MergedInto)
	}
	return c, err
}

// CustomersByPhone returns up to limit customers with these digits in their phone
// number, those whose number ends with them first.
func (s *Store) CustomersByPhone(ctx context.Context, digits string, limit int) ([]Customer, error) {
	return list(s.reader(ctx), `SELECT `+customerColumns+` FROM customers WHERE erased_ms = 0 AND merged_into = '' AND phone_digits LIKE $1
		ORDER BY CASE WHEN phone_digits LIKE $2 THEN 0 ELSE 1 END, name, id LIMIT $3`,
		[]any{"%" + digits + "%", "%" + digits, limit}, scanCustomer)
}

// Twins returns customers other than one with its phone number, however written,
// or its e-mail address.
func (s *Store) Twins(ctx context.Context, c Customer) ([]Customer, error) {
	return twins(s.reader(ctx), c)
}

// Twins is Store.Twins as of this transaction.
func (t *Tx) Twins(c Customer) ([]Customer, error) { return twins(t.rows, c) }

func twins(read query, c Customer) ([]Customer, error) {
	tail := contact.Tail(c.Phone)
	return list(read, `SELECT `+customerColumns+` FROM customers WHERE erased_ms = 0 AND merged_into = '' AND id <> $1
		AND ($2 <> '' AND phone_digits LIKE $3 OR $4 <> '' AND lower(email) = lower($4)) ORDER BY name, id LIMIT 20`,
		[]any{c.ID, tail, "%" + tail, c.Email}, scanCustomer)
}

// CustomerCount returns how many customers there are, merged and erased ones left
// out.
func (s *Store) CustomerCount(ctx context.Context) (n int64, err error) {
	err = s.row(ctx, `SELECT count(*) FROM customers WHERE erased_ms = 0 AND merged_into = ''`, nil, &n)
	return n, err
}
