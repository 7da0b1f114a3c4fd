package hub

import (
	"errors"

	"kickstand/hub/special"
	"kickstand/hub/store"
	"kickstand/protocol"
)

// special writes what a customer ordered. Who it is is personal.
func (e *event) special(t *store.Tx, p *protocol.SpecialPlaced) error {
	known, err := t.PutSpecial(e.topic.Device, p, special.Begin(p.Order))
	if err != nil {
		return err
	}
	kind := string(e.env.Kind)
	if known {
		kind += repeatedKind
	}
	_, err = e.auditAs(t, kind, p.ID, p.Operator, map[string]any{"order": p.Order, "sale": p.Sale, "total": p.Total, "deposit": p.Deposit, "lines": len(p.Lines)})
	return err
}

// endSpecials moves on the orders that a sale picks up, or whose deposit it gives
// back, in the sale's own transaction: its audit row is theirs.
func endSpecials(t *store.Tx, s *protocol.Sale) error {
	if err := moveSpecial(t, special.PickUp, func() (store.Special, error) { return t.Special(s.ID) }); err != nil {
		return err
	}
	for i := range s.Lines {
		l := &s.Lines[i]
		if l.Of == nil || l.LoadKind() != protocol.Deposit {
			continue
		}
		err := moveSpecial(t, special.GiveBack, func() (store.Special, error) {
			a, err := t.LoadedBy(l.Of.Sale, l.Of.Line)
			if err != nil {
				return store.Special{}, err
			}
			return t.SpecialOf(a.Digest)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func moveSpecial(t *store.Tx, what special.Event, find func() (store.Special, error)) error {
	o, err := find()
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if next, ok := special.Next(o.State, what); ok {
		_, err = t.MoveSpecial(o.ID, o.State, next, special.Ended(next))
	}
	return err
}
