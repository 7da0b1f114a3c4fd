package flow

import (
	"slices"

	"kickstand/protocol"
)

// park puts the sale aside by hand.
func (t *turn) park() {
	t.parkCart()
	t.Durable.Cart = Basket{}
	t.reset()
	t.toast(PartOK, wordParkedNow)
}

func (t *turn) parkCart() {
	c := t.Durable.Cart
	c.ParkedMS = t.Clock.WallMS
	c.Shared = false
	t.Durable.Parked = append(slices.Clone(t.Durable.Parked), c)
	t.share(c, false)
}

// resume goes on with the n-th parked sale. An open sale changes places with
// it.
func (t *turn) resume(n int64) {
	c := t.Durable.Parked[n-1]
	t.Durable.Parked = slices.Delete(slices.Clone(t.Durable.Parked), int(n-1), int(n))
	if t.Device != "" {
		t.send(Hi, &protocol.CartGone{ID: c.ID})
	}
	swapped := len(t.Durable.Cart.Lines) > 0
	if swapped {
		t.parkCart()
	}
	c.ParkedMS = 0
	t.Durable.Cart = c
	t.Durable.Finished = false
	t.Visit = Visit{}
	t.home()
	if swapped {
		t.toast(PartOK, wordSwapped)
	}
}
