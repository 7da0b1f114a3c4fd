package protocol

import (
	"encoding/json"
	"errors"
	"fmt"

	"kickstand/protocol/money"
)

// SpecialKind is what a customer's order is.
type SpecialKind string

// The kinds of customers' orders.
const (
	SpecialOrder SpecialKind = "order"   // the shop gets it for the customer
	Layaway      SpecialKind = "layaway" // it is here and is kept for the customer
)

// SpecialState is how far a customer's order is.
type SpecialState string

// The states of a customer's order. The last two are ends.
const (
	SpecialOrdered   SpecialState = "ordered"
	SpecialArrived   SpecialState = "arrived" // it can be picked up; a layaway begins here
	SpecialPickedUp  SpecialState = "picked-up"
	SpecialCancelled SpecialState = "cancelled"
)

// SpecialInfo is a customer's order as lists show it. Its id is minted by the device
// and is also the code of its deposit, and the id of the sale that picks it up: so it
// is picked up once.
type SpecialInfo struct {
	ID       string        `json:"id"`
	Order    SpecialKind   `json:"order"`
	State    SpecialState  `json:"state,omitempty"` // as the hub has it; empty in SpecialPlaced
	Who      string        `json:"who"`             // name and phone number, personal
	Customer string        `json:"customer,omitempty"`
	Sale     string        `json:"sale"` // that paid the deposit
	Slip     string        `json:"slip"` // its receipt
	Operator string        `json:"operator"`
	Total    money.Cents   `json:"total"`   // of the goods, as priced at the order
	Deposit  money.Cents   `json:"deposit"` // paid; in lists, what is left of it
	Currency string        `json:"currency"`
	PlacedMS int64         `json:"placed_ms"` // device wall clock, Unix ms
	Lines    []SpecialLine `json:"lines,omitempty"`
}

// SpecialLine is something that was ordered.
type SpecialLine struct {
	Item    string `json:"item"`
	Name    string `json:"name"`
	Qty     int64  `json:"qty"`
	Stocked bool   `json:"stocked"` // lies on a shelf: a layaway keeps it
}

func (i *SpecialInfo) check() error {
	switch {
	case CheckID(i.ID) != nil || len(i.ID) > MaxCode || CheckID(i.Sale) != nil || CheckID(i.Operator) != nil || i.Customer != "" && CheckID(i.Customer) != nil:
		return errors.New("order, sale, operator and customer must be ids")
	case i.Order != SpecialOrder && i.Order != Layaway:
		return fmt.Errorf("unknown kind of order %.20q", string(i.Order))
	case len(i.Currency) != 3 || i.Total < 0 || i.Deposit < 0 || i.Deposit > i.Total || i.Total > money.MaxAmount:
		return fmt.Errorf("a deposit of %v on %v cannot be", i.Deposit, i.Total)
	case len(i.Lines) == 0 || len(i.Lines) > MaxSaleLines:
		return fmt.Errorf("an order of %d lines", len(i.Lines))
	case !slipPattern.MatchString(i.Slip):
		return fmt.Errorf("slip %.40q does not look like K3-000123", i.Slip)
	}
	for _, l := range i.Lines {
		if CheckID(l.Item) != nil || l.Qty < 1 || l.Qty > money.MaxQty || checkTexts(l.Name) != nil {
			return fmt.Errorf("line %.60q of an order is damaged", l.Name)
		}
	}
	return checkTexts(i.Who)
}

// SpecialPlaced is the fact that a customer ordered something, or had it laid away,
// and paid a deposit with the sale that came before.
type SpecialPlaced struct {
	SpecialInfo
	Cart json.RawMessage `json:"cart"` // the goods as the device program keeps them
}

// Kind returns KindSpecialPlaced.
func (*SpecialPlaced) Kind() Kind { return KindSpecialPlaced }

// Check reports malformed ids, impossible amounts and a cart that is too large.
func (p *SpecialPlaced) Check() error {
	if len(p.Cart) > MaxCart || !json.Valid(p.Cart) {
		return fmt.Errorf("an order of %d bytes cannot be kept", len(p.Cart))
	}
	return p.check()
}

// MaxSpecials is the most orders that one list has.
const MaxSpecials = 50

// SpecialAsk asks for open orders of customers, the newest first.
type SpecialAsk struct {
	Text string `json:"text,omitempty"` // part of the name, or the receipt of the deposit; empty: all
}

// Kind returns KindSpecialAsk.
func (*SpecialAsk) Kind() Kind { return KindSpecialAsk }

// Check reports an overlong text.
func (a *SpecialAsk) Check() error { return checkTexts(a.Text) }

// SpecialList answers a SpecialAsk.
type SpecialList struct {
	Orders []SpecialInfo `json:"orders"`
}

// Kind returns KindSpecialList.
func (*SpecialList) Kind() Kind { return KindSpecialList }

// Check reports a list that is too long and damaged orders.
func (l *SpecialList) Check() error {
	if len(l.Orders) > MaxSpecials {
		return fmt.Errorf("%d orders, the limit is %d", len(l.Orders), MaxSpecials)
	}
	for i := range l.Orders {
		if err := l.Orders[i].check(); err != nil {
			return err
		}
	}
	return nil
}

// SpecialOpen asks for the goods of an open order, to sell them. It changes nothing.
type SpecialOpen struct {
	ID string `json:"id"`
}

// Kind returns KindSpecialOpen.
func (*SpecialOpen) Kind() Kind { return KindSpecialOpen }

// Check reports a malformed id.
func (o *SpecialOpen) Check() error { return CheckID(o.ID) }

// SpecialOpened is an order with its goods.
type SpecialOpened struct {
	SpecialInfo
	Cart json.RawMessage `json:"cart"`
}

// Kind returns KindSpecialOpened.
func (*SpecialOpened) Kind() Kind { return KindSpecialOpened }

// Check reports a damaged order.
func (o *SpecialOpened) Check() error {
	if len(o.Cart) > MaxCart || !json.Valid(o.Cart) {
		return errors.New("the goods of the order cannot be read")
	}
	return o.check()
}
