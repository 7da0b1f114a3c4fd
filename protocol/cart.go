package protocol

import (
	"encoding/json"
	"errors"
	"fmt"

	"kickstand/protocol/money"
)

// MaxCart is the largest parked sale that is shared, in bytes of JSON.
const MaxCart = 200 << 10

// CartInfo is a parked sale as other counters list it.
type CartInfo struct {
	ID       string      `json:"id"` // the sale's
	Device   string      `json:"device"`
	Operator string      `json:"operator,omitempty"` // who parked it; empty: a customer at a kiosk
	Title    string      `json:"title"`              // "Inner tube and 2 more"
	Total    money.Cents `json:"total"`
	Currency string      `json:"currency"`
	Lines    int         `json:"lines"`
	ParkedMS int64       `json:"parked_ms"`       // device wall clock, Unix ms
	Help     bool        `json:"help,omitempty"`  // a customer at a kiosk calls for staff
	Money    bool        `json:"money,omitempty"` // some of it is paid: only its own device goes on with it
}

func (i *CartInfo) check() error {
	switch {
	case CheckID(i.ID) != nil || CheckID(i.Device) != nil || (i.Operator != "" && CheckID(i.Operator) != nil):
		return errors.New("cart, device and operator must be ids")
	case i.Lines < 0 || i.Lines > MaxSaleLines:
		return fmt.Errorf("%d lines, the limit is %d", i.Lines, MaxSaleLines)
	case i.Currency != "" && len(i.Currency) != 3:
		return fmt.Errorf("currency %.20q is not three letters", i.Currency)
	}
	return checkTexts(i.Title)
}

// CartParked is the fact that a sale was parked, so that any counter can go on
// with it. A later one of the same id replaces it.
type CartParked struct {
	CartInfo
	Cart json.RawMessage `json:"cart"` // as the device program keeps it; only the same program reads it
}

// Kind returns KindCartParked.
func (*CartParked) Kind() Kind { return KindCartParked }

// Check reports malformed ids and a cart that is too large.
func (p *CartParked) Check() error {
	if len(p.Cart) > MaxCart || !json.Valid(p.Cart) {
		return fmt.Errorf("a parked sale of %d bytes is not shared", len(p.Cart))
	}
	return p.check()
}

// CartGone is the fact that a parked sale is not to be had any more: its device
// went on with it, or somebody threw it away.
type CartGone struct {
	ID string `json:"id"`
}

// Kind returns KindCartGone.
func (*CartGone) Kind() Kind { return KindCartGone }

// Check reports a malformed id.
func (g *CartGone) Check() error { return CheckID(g.ID) }

// CartAsk asks for all parked sales.
type CartAsk struct {
	Have int64 `json:"have,omitempty"` // N of the list the device has, for the log
}

// Kind returns KindCartAsk.
func (*CartAsk) Kind() Kind { return KindCartAsk }

// Check reports a number below zero.
func (a *CartAsk) Check() error {
	if a.Have < 0 {
		return errors.New("the number of a list is not below zero")
	}
	return nil
}

// MaxCarts is the most parked sales that are listed, the newest first.
const MaxCarts = 100

// CartList is the parked sales of the shop: the answer to CartAsk, and unasked on
// Tell when they have changed.
type CartList struct {
	N     int64      `json:"n"` // grows: a list with a lower N is late
	Carts []CartInfo `json:"carts"`
}

// Kind returns KindCartList.
func (*CartList) Kind() Kind { return KindCartList }

// Check reports too many carts and malformed ones.
func (l *CartList) Check() error {
	if len(l.Carts) > MaxCarts {
		return fmt.Errorf("%d parked sales, the limit is %d", len(l.Carts), MaxCarts)
	}
	for i := range l.Carts {
		if err := l.Carts[i].check(); err != nil {
			return err
		}
	}
	return nil
}

// CartClaim takes a parked sale over. By is the id of the new sale it becomes:
// asked again with the same By it is answered again, for another By it is gone.
type CartClaim struct {
	ID string `json:"id"`
	By string `json:"by"`
}

// Kind returns KindCartClaim.
func (*CartClaim) Kind() Kind { return KindCartClaim }

// Check reports malformed ids.
func (c *CartClaim) Check() error {
	if CheckID(c.ID) != nil || CheckID(c.By) != nil || c.ID == c.By {
		return errors.New("cart and new sale must be two ids")
	}
	return nil
}

// CartClaimed is a parked sale that now belongs to whoever claimed it.
type CartClaimed struct {
	CartInfo
	By   string          `json:"by"`
	Cart json.RawMessage `json:"cart"`
}

// Kind returns KindCartClaimed.
func (*CartClaimed) Kind() Kind { return KindCartClaimed }

// Check reports malformed ids.
func (c *CartClaimed) Check() error {
	if CheckID(c.By) != nil {
		return errors.New("by must be an id")
	}
	return c.check()
}
