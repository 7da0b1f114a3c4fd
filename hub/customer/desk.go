package customer

import (
	"context"
	"errors"

	"kickstand/hub/audit"
	"kickstand/hub/contact"
	"kickstand/hub/right"
	"kickstand/hub/store"
	"kickstand/protocol"
)

// Reasons of refusals.
const (
	NotHere protocol.Reason = "no-customers"  // a kiosk, or somebody who may not see customers
	Wrong   protocol.Reason = "not-a-contact" // what was typed for a new one
)

// Desk answers what counters ask about customers. It is a hub.Journey; give it to
// the hub.
type Desk struct {
	store  *store.Store
	finder *Finder
}

// New returns the desk of a shop.
func New(s *store.Store) *Desk { return &Desk{store: s, finder: NewFinder(s)} }

// Answer answers protocol.CustomerFind and protocol.CustomerAdd.
func (d *Desk) Answer(ctx context.Context, dev store.Device, body protocol.Body) (protocol.Body, bool, error) {
	switch b := body.(type) {
	case *protocol.CustomerFind:
		if err := d.may(ctx, dev, b.Operator, right.See); err != nil {
			return nil, true, err
		}
		answer, err := d.find(ctx, b)
		return answer, true, err
	case *protocol.CustomerAdd:
		if err := d.may(ctx, dev, b.Operator, right.Customers); err != nil {
			return nil, true, err
		}
		answer, err := d.add(ctx, dev, b)
		return answer, true, err
	}
	return nil, false, nil
}

// may refuses kiosks and people without the right.
func (d *Desk) may(ctx context.Context, dev store.Device, operator string, a right.Action) error {
	if dev.Role != protocol.Counter {
		return protocol.Refuse(NotHere, "customers are shown at counters only")
	}
	all, err := d.store.Operators(ctx)
	if err != nil {
		return err
	}
	for _, o := range all {
		if o.ID == operator && right.May(o.Role, a) {
			return nil
		}
	}
	return protocol.Refuse(NotHere, "only %s may %s", right.Who(a), a)
}

func (d *Desk) find(ctx context.Context, b *protocol.CustomerFind) (protocol.Body, error) {
	if b.ID == "" {
		found, err := d.finder.Find(ctx, b.Text, protocol.MaxCustomers)
		return shown(found), err
	}
	c, err := d.store.Customer(ctx, b.ID)
	switch {
	case errors.Is(err, store.ErrNotFound), err == nil && c.Erased():
		return shown(nil), nil
	case err != nil:
		return nil, err
	}
	return shown([]store.Customer{c}), nil
}

// shown is what a counter gets of customers.
func shown(all []store.Customer) *protocol.CustomersFound {
	f := &protocol.CustomersFound{Customers: []protocol.Buyer{}}
	for _, c := range all[:min(len(all), protocol.MaxCustomers)] {
		f.Customers = append(f.Customers, protocol.Buyer{ID: c.ID, Number: contact.Number(c.Number), Name: c.Name, Last: contact.Last(c.Phone)})
	}
	return f
}

// add adds a customer once, however often it is asked to.
func (d *Desk) add(ctx context.Context, dev store.Device, b *protocol.CustomerAdd) (protocol.Body, error) {
	c := store.Customer{ID: b.ID, Name: b.Name, Phone: b.Phone}
	if faults := (contact.Draft{Name: c.Name, Phone: c.Phone}).Judge(); len(faults) > 0 {
		return nil, protocol.Refuse(Wrong, "%s", faults[0].Words)
	}
	var answer *protocol.CustomersFound
	err := d.store.Write(ctx, func(t *store.Tx) error {
		answer = nil
		known, err := t.Customer(c.ID)
		if err == nil {
			answer = added(known)
			return nil
		}
		if !errors.Is(err, store.ErrNotFound) {
			return err
		}
		twins, err := t.Twins(c)
		if err != nil {
			return err
		}
		if len(twins) > 0 && !b.Sure {
			answer = shown(twins)
			answer.Twins = true
			return nil
		}
		if _, err := t.AddCustomer(c); err != nil {
			return err
		}
		fresh, err := t.Customer(c.ID)
		if err != nil {
			return err
		}
		answer = added(fresh)
		row, err := audit.Act("customer.added", c.ID, b.Operator, map[string]any{"number": contact.Number(fresh.Number), "at": dev.ID})
		if err == nil {
			_, err = t.Audit(row)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return answer, nil
}

func added(c store.Customer) *protocol.CustomersFound {
	f := shown([]store.Customer{c})
	f.Added = c.ID
	return f
}
