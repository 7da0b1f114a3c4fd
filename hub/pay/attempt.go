package pay

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"kickstand/protocol/money"
)

var (
	// ErrChanged is returned when a payment or refund is asked for again with
	// other content than the first time, and by an Attempts whose key is taken
	// by another hash. Nothing was sent. The caller has a bug, or needs a new
	// payment id.
	ErrChanged = errors.New("this payment was begun with other amounts or another reader")
	// ErrNoPayment is returned for a payment that was never begun: no card was
	// charged for it.
	ErrNoPayment = errors.New("no such card payment")
)

// Step is one kind of request that changes something at Stripe.
type Step string

// The steps of a payment, and the one step each of a refund, a customer and the
// forgetting of a card.
const (
	StepCreate    Step = "create"    // make the PaymentIntent, SetupIntent or Checkout session
	StepProcess   Step = "process"   // have the reader ask for a card
	StepStop      Step = "stop"      // have the reader stop asking
	StepCancel    Step = "cancel"    // cancel the PaymentIntent
	StepIncrement Step = "increment" // hold more
	StepCapture   Step = "capture"   // charge what is held, or less
	StepExpire    Step = "expire"    // close a Checkout session
	StepRefund    Step = "refund"    // give money back
	StepCustomer  Step = "customer"  // make a customer
	StepDetach    Step = "detach"    // forget a saved card
)

// Mode is what kind of payment a request belongs to.
type Mode string

// The modes. In all of them StepCreate makes what the others work on.
const (
	Direct  Mode = ""         // a PaymentIntent that is captured at once
	OnHold  Mode = "hold"     // a PaymentIntent that is captured later
	Saving  Mode = "save"     // a SetupIntent at a reader
	Web     Mode = "web"      // a Checkout session that is captured at once
	WebHold Mode = "web hold" // a Checkout session that is captured later
	WebSave Mode = "web save" // a Checkout session that saves a card
	Present Mode = "present"  // a refund to the card at a reader
)

// web reports whether a payment is made on Stripe's page.
func (m Mode) web() bool { return m == Web || m == WebHold || m == WebSave }

// held reports whether a payment is captured later.
func (m Mode) held() bool { return m == OnHold || m == WebHold }

// State is what is known about one request.
type State string

// The states of an attempt. Done of StepProcess means that the reader asks for
// a card, not that one was charged.
const (
	Open    State = "open"    // sent, or about to be; the answer is not known
	Done    State = "done"    // Stripe did it
	Refused State = "refused" // Stripe did not do it, or it came to nothing; Code says why
)

// Request is the whole content of one request: what is stored, hashed and sent.
// It is comparable.
type Request struct {
	Step     Step        `json:"step"`
	Shop     string      `json:"shop"`
	Payment  string      `json:"payment"` // id of the payment, or of the refund
	Sale     string      `json:"sale,omitempty"`
	Device   string      `json:"device,omitempty"`
	Amount   money.Cents `json:"amount,omitempty"`
	Currency string      `json:"currency,omitempty"`
	Methods  string      `json:"methods,omitempty"` // payment method types, separated by commas
	Reader   string      `json:"reader,omitempty"`
	Intent   string      `json:"intent,omitempty"`
	Mode     Mode        `json:"mode,omitempty"`
	Customer string      `json:"customer,omitempty"` // Stripe's id, with Method a saved card
	Method   string      `json:"method,omitempty"`
	Title    string      `json:"title,omitempty"` // what is paid for, on Stripe's page
	Done     string      `json:"done,omitempty"`  // where Stripe's page leads to when it is paid
	Away     string      `json:"away,omitempty"`  // and when the customer gives up
	Until    int64       `json:"until,omitempty"` // when the page expires, Unix seconds
	Keep     bool        `json:"keep,omitempty"`  // keep the card for later
}

// Attempt is one row of Attempts.
type Attempt struct {
	Key     string // idempotency key; unique
	Hash    string // hex SHA-256 of what is sent
	N       int    // attempt number of this step of this payment, from 1
	Request Request
	Begun   time.Time // hub time before the first sending
	State   State
	Object  string // id of what was made: intent, reader or refund
	Code    string // Stripe's code of the refusal, or one of ours
}

// Attempts stores every attempt. The hub's database implements it; paytest.Book
// does in memory, and paytest.CheckAttempts tests an implementation.
type Attempts interface {
	// Begin stores a, whose State is Open, and returns only when it is durable.
	// The same key with the same hash is stored already: Begin changes nothing
	// and returns nil. The same key with another hash is ErrChanged.
	Begin(ctx context.Context, a Attempt) error
	// Settle notes state, object and code of the attempt with that key. An
	// empty object leaves the stored one.
	Settle(ctx context.Context, key string, s State, object, code string) error
	// Of returns the attempts of a payment of a shop in the order they were
	// begun; none is not an error.
	Of(ctx context.Context, shop, payment string) ([]Attempt, error)
}

// Key is the idempotency key of the nth attempt of a step of a payment. It is
// the same in every process and after every restart.
func Key(shop, payment string, step Step, n int) string {
	return fmt.Sprintf("ks/%s/%s/%s/%d", shop, payment, step, n)
}

// Charge asks for one card payment of one sale.
type Charge struct {
	Payment  string      // minted once by the device, unique in the shop, at most 180 bytes
	Sale     string      // the sale it belongs to, for the metadata
	Device   string      // the device that asks, for the metadata
	Amount   money.Cents // more than zero
	Currency string      // ISO 4217 in lower case
	Reader   string      // Stripe's id of the reader, "tmr_..."
}

// Refund asks to give part or all of a captured payment back.
type Refund struct {
	ID       string      // minted once, unique in the shop and different from all payment ids
	Sale     string      // the sale or refund document, for the metadata
	Device   string      // the device that asks, for the metadata
	Intent   string      // Status.Intent of the captured payment
	Amount   money.Cents // more than zero
	Currency string      // ISO 4217 in lower case; checked against nothing, part of the record
	// Reader has the customer hold the card to this reader, as debit cards of
	// Interac want it (Status.Card.Brand is "interac"). Empty for all others.
	Reader string
}

func (c Charge) check() error {
	switch {
	case badID(c.Payment):
		return fmt.Errorf("payment id %q: 1 to 180 bytes without spaces and slashes are needed", c.Payment)
	case c.Amount <= 0:
		return fmt.Errorf("payment %s: the amount must be more than zero", c.Payment)
	case len(c.Currency) != 3 || strings.ToLower(c.Currency) != c.Currency:
		return fmt.Errorf("payment %s: currency %q is not three lower-case letters", c.Payment, c.Currency)
	case !strings.HasPrefix(c.Reader, "tmr_"):
		return fmt.Errorf("payment %s: %q is not the id of a reader", c.Payment, c.Reader)
	}
	return nil
}

func (r Refund) check() error {
	switch {
	case badID(r.ID):
		return fmt.Errorf("refund id %q: 1 to 180 bytes without spaces and slashes are needed", r.ID)
	case r.Amount <= 0:
		return fmt.Errorf("refund %s: the amount must be more than zero", r.ID)
	case !strings.HasPrefix(r.Intent, "pi_"):
		return fmt.Errorf("refund %s: %q is not the id of a payment intent", r.ID, r.Intent)
	case r.Reader != "" && !strings.HasPrefix(r.Reader, "tmr_"):
		return fmt.Errorf("refund %s: %q is not the id of a reader", r.ID, r.Reader)
	}
	return nil
}

func badID(id string) bool { return id == "" || len(id) > 180 || strings.ContainsAny(id, "/ \n") }

// last returns the newest attempt of a step.
func last(all []Attempt, step Step) (Attempt, bool) {
	for i := len(all) - 1; i >= 0; i-- {
		if all[i].Request.Step == step {
			return all[i], true
		}
	}
	return Attempt{}, false
}
