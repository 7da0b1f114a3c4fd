package pay

import (
	"context"
	"fmt"
	"strings"

	"kickstand/protocol/money"
)

// Save asks a customer at a reader to have a card kept for later charges.
type Save struct {
	ID       string // minted once, unique in the shop and different from all payment ids
	Customer string // Stripe's id, Status.Customer of Client.Customer
	Reader   string
	Device   string
}

// SavedCharge is one payment with a card that was saved before, with nobody at a
// reader or page.
type SavedCharge struct {
	Payment  string // as in Charge
	Sale     string
	Device   string
	Amount   money.Cents
	Currency string
	Customer string // Stripe's ids
	Method   string
}

// Customer makes a customer at Stripe for one of the shop, or finds the one that
// was made: the same id always leads to the same customer. Stripe is told the id
// and nothing else about the person.
func (c *Client) Customer(ctx context.Context, id string) (Status, error) {
	if badID(id) {
		return Status{}, fmt.Errorf("customer id %q: 1 to 180 bytes without spaces and slashes are needed", id)
	}
	return c.begin(ctx, Request{Step: StepCustomer, Shop: c.cfg.Shop, Payment: id}, NextCustomer)
}

// SaveCard has a reader ask for a card and keeps it, or goes on with that: Advance
// and Cancel work as for a payment. Ask the customer for consent before. When the
// Status is Saved, its Method can be charged.
func (c *Client) SaveCard(ctx context.Context, s Save) (Status, error) {
	switch {
	case badID(s.ID):
		return Status{}, fmt.Errorf("id %q: 1 to 180 bytes without spaces and slashes are needed", s.ID)
	case !strings.HasPrefix(s.Customer, "cus_"):
		return Status{}, fmt.Errorf("save card %s: %q is not the id of a customer", s.ID, s.Customer)
	case !strings.HasPrefix(s.Reader, "tmr_"):
		return Status{}, fmt.Errorf("save card %s: %q is not the id of a reader", s.ID, s.Reader)
	}
	return c.begin(ctx, Request{
		Step: StepCreate, Shop: c.cfg.Shop, Payment: s.ID, Device: s.Device, Methods: "card_present",
		Reader: s.Reader, Customer: s.Customer, Mode: Saving,
	}, Next)
}

// ChargeSaved charges a saved card, or goes on with that. A decline is over: the
// next try needs a new payment id. With the code authentication_required the bank
// wants the customer, who can pay at a reader or on a page.
func (c *Client) ChargeSaved(ctx context.Context, s SavedCharge) (Status, error) {
	h := Hold{Payment: s.Payment, Amount: s.Amount, Currency: s.Currency, Customer: s.Customer, Method: s.Method}
	if s.Method == "" {
		return Status{}, fmt.Errorf("payment %s: there is no saved card", s.Payment)
	}
	if err := h.check(); err != nil {
		return Status{}, err
	}
	return c.begin(ctx, Request{
		Step: StepCreate, Shop: c.cfg.Shop, Payment: s.Payment, Sale: s.Sale, Device: s.Device, Amount: s.Amount,
		Currency: s.Currency, Methods: "card", Customer: s.Customer, Method: s.Method,
	}, Next)
}

// ForgetCard detaches a saved card from its customer, for good: when a customer
// asks for erasure, or does not want it kept. The id is minted once, as those of
// payments. While it answers Unknown, call it again.
func (c *Client) ForgetCard(ctx context.Context, id, method string) (Status, error) {
	if badID(id) || !strings.HasPrefix(method, "pm_") {
		return Status{}, fmt.Errorf("forget card %q of request %q: an id and a saved card are needed", method, id)
	}
	return c.begin(ctx, Request{Step: StepDetach, Shop: c.cfg.Shop, Payment: id, Method: method}, NextForget)
}

// NextCustomer decides the next move of the making of a customer. It is pure.
func NextCustomer(k Known) Move {
	a, ok := last(k.Attempts, StepCustomer)
	switch {
	case !ok:
		return k.restAs(a, Status{Outcome: Canceled})
	case a.State == Done:
		return k.restAs(a, Status{Outcome: Saved, Customer: a.Object})
	case a.State == Open && k.old(a) && k.Looked && k.Found == "": // no money moves: make another one
		return Move{Kind: Mark, Key: a.Key, State: Refused, Code: CodeNotExecuted}
	case a.State == Refused && a.Code == CodeNotExecuted && !k.tried(StepCustomer):
		return Move{Kind: Send, Request: a.Request, N: a.N + 1}
	case a.State == Refused:
		return k.restAs(a, Status{Outcome: Declined, Code: a.Code})
	}
	return k.settle(a)
}

// NextForget decides the next move of the forgetting of a card. It is pure. What
// was refused is looked at: a card that is detached already is forgotten.
func NextForget(k Known) Move {
	a, ok := last(k.Attempts, StepDetach)
	switch {
	case !ok:
		return k.restAs(a, Status{Outcome: Canceled})
	case a.State == Done:
		return k.restAs(a, Status{Outcome: Forgotten, Method: a.Request.Method})
	case a.State == Open && !k.old(a) && k.Failed != a.Key:
		return Move{Kind: Replay, Key: a.Key}
	case k.Method == nil:
		return Move{Kind: ReadMethod, Object: a.Request.Method}
	case k.Method.Customer == "":
		return Move{Kind: Mark, Key: a.Key, State: Done, Object: a.Request.Method}
	case a.State == Open:
		return Move{Kind: Mark, Key: a.Key, State: Refused, Code: CodeNotExecuted}
	case a.Code == CodeNotExecuted && !k.tried(StepDetach):
		return Move{Kind: Send, Request: a.Request, N: a.N + 1}
	}
	s := Status{Outcome: Unknown, Code: a.Code, After: pollUnknown}
	if a.Code != CodeNotExecuted {
		s.Person, s.After = true, 0
	}
	return k.restAs(a, s)
}

// restAs rests with the id of an attempt that is no payment.
func (k Known) restAs(a Attempt, s Status) Move {
	m := k.rest(s)
	m.Status.Payment = a.Request.Payment
	return m
}
