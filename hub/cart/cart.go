// Package cart lets every counter see the sales that are parked anywhere in the
// shop, and take one over.
//
// It promises that a parked sale is handed over once: of rivals one gets it, and
// gets it again when the answer was lost. It refuses a sale that somebody else goes
// on with, and one of which some is paid, in words for the person at the counter.
//
// What is parked arrives as protocol.CartParked through the outbox of its device,
// so that a sale parked without network is seen once the network is back. A device
// that is offline may go on with its own parked sale while another counter has
// taken it over: both are then sold under ids of their own, and what is short of
// stock is flagged.
//
// A [Desk] is a hub.Journey; give it to the hub.
package cart

import (
	"context"
	"errors"

	"kickstand/hub/store"
	"kickstand/protocol"
)

// Reasons of refusals.
const (
	Gone protocol.Reason = "cart-gone" // finished, thrown away or taken over
	Paid protocol.Reason = "cart-paid" // some of it is paid where it was parked
)

// Desk answers what devices ask about parked sales.
type Desk struct{ store *store.Store }

// New returns the desk of a shop.
func New(s *store.Store) *Desk { return &Desk{store: s} }

// Answer answers protocol.CartAsk and protocol.CartClaim.
func (d *Desk) Answer(ctx context.Context, _ store.Device, body protocol.Body) (protocol.Body, bool, error) {
	switch b := body.(type) {
	case *protocol.CartAsk:
		l, err := d.store.Carts(ctx)
		return l, true, err
	case *protocol.CartClaim:
		c, err := d.claim(ctx, b)
		return c, true, err
	}
	return nil, false, nil
}

func (d *Desk) claim(ctx context.Context, b *protocol.CartClaim) (protocol.Body, error) {
	var c *protocol.CartClaimed
	err := d.store.Write(ctx, func(t *store.Tx) (err error) {
		if c, err = t.ClaimCart(b.ID, b.By); err == nil && c.Money {
			err = protocol.Refuse(Paid, "some of this sale is paid already; go on with it at %s", c.Device)
		}
		return err
	})
	switch {
	case errors.Is(err, store.ErrClaimed):
		return nil, protocol.Refuse(Gone, "another counter goes on with this sale")
	case errors.Is(err, store.ErrNotFound):
		return nil, protocol.Refuse(Gone, "this sale is not parked any more")
	case err != nil:
		return nil, err
	}
	return c, nil
}
