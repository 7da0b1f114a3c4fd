// Package special keeps what customers ordered with a deposit, and what is laid away
// for them.
//
// It promises that every order has an end that somebody can take: goods arrive, are
// picked up, or the order is cancelled and the deposit goes back or is kept by right.
// The deposit is owed to the customer until then. What is laid away is promised to
// nobody else. An order is picked up once: the sale that does it has the order's id.
//
// It moves no money: a deposit is a line of a sale and a tender, see protocol.SaleLine
// and package tender. Orders begin with protocol.SpecialPlaced, which the hub writes.
//
// [Next] is the pure table of states. A [Desk] is a hub.Journey; give it to the hub.
package special

import (
	"context"
	"errors"

	"kickstand/hub/store"
	"kickstand/protocol"
)

// Reasons of refusals.
const (
	Unknown protocol.Reason = "no-such-order"
	Over    protocol.Reason = "order-over" // picked up or cancelled
)

// Desk answers what devices ask about customers' orders.
type Desk struct{ store *store.Store }

// New returns the desk of a shop.
func New(s *store.Store) *Desk { return &Desk{store: s} }

// Answer answers protocol.SpecialAsk and protocol.SpecialOpen.
func (d *Desk) Answer(ctx context.Context, dev store.Device, body protocol.Body) (protocol.Body, bool, error) {
	var ask bool
	switch body.(type) {
	case *protocol.SpecialAsk, *protocol.SpecialOpen:
		ask = true
	}
	if ask && dev.Role != protocol.Counter {
		return nil, true, protocol.Refuse(Unknown, "orders are opened at a counter")
	}
	switch b := body.(type) {
	case *protocol.SpecialAsk:
		all, err := d.store.OpenSpecials(ctx, b.Text, protocol.MaxSpecials)
		l := &protocol.SpecialList{Orders: []protocol.SpecialInfo{}}
		for i := range all {
			l.Orders = append(l.Orders, all[i].SpecialInfo)
		}
		return l, true, err
	case *protocol.SpecialOpen:
		o, err := d.open(ctx, b.ID)
		return o, true, err
	}
	return nil, false, nil
}

func (d *Desk) open(ctx context.Context, id string) (protocol.Body, error) {
	o, err := d.store.Special(ctx, id)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return nil, protocol.Refuse(Unknown, "this order is not known here; one that was made without network may still be on its way")
	case err != nil:
		return nil, err
	case o.State == protocol.SpecialPickedUp:
		return nil, protocol.Refuse(Over, "this order was picked up")
	case Ended(o.State):
		return nil, protocol.Refuse(Over, "this order was cancelled")
	}
	return &protocol.SpecialOpened{SpecialInfo: o.SpecialInfo, Cart: o.Cart}, nil
}
