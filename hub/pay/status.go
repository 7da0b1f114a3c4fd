package pay

import (
	"time"

	"kickstand/protocol/money"
)

// Outcome is how a payment or refund stands.
type Outcome string

// The outcomes. Captured, Canceled and Refunded are final; all others are open.
const (
	// Waiting says that the reader waits for a card, or works on one.
	Waiting Outcome = "waiting"
	// Captured says that the card was charged: Status.Amount is the shop's.
	Captured Outcome = "captured"
	// Declined says that this try came to nothing. A payment is still open:
	// try again, or cancel it before another tender is taken. A declined
	// refund is over, and nothing was given back.
	Declined Outcome = "declined"
	// Unknown says that it is not known whether money moved. Offer nothing but
	// to wait, and ask again after Status.After.
	Unknown Outcome = "unknown"
	// Canceled says that nothing was charged, and nothing will be.
	Canceled Outcome = "canceled"
	// Refunded says that the money is on its way back to the card.
	Refunded Outcome = "refunded"
)

// Final reports whether nothing can change the outcome any more.
func (o Outcome) Final() bool { return o == Captured || o == Canceled || o == Refunded }

// Status is what the shop may show and act upon.
type Status struct {
	Payment string // id of the payment or refund
	Outcome Outcome
	Code    string        // why, for the program and the log; empty when there is nothing to say
	Text    string        // why, in plain words for the person at the screen
	Person  bool          // somebody must look at it in the Stripe dashboard
	Amount  money.Cents   // captured or refunded; zero before
	Intent  string        // Stripe's id of the payment, once known
	Refund  string        // Stripe's id of the refund, once known
	Card    Card          // for the receipt, once captured
	After   time.Duration // look again after this time; zero when there is nothing to wait for
}

// Card is what a receipt says about the card. It holds no card number.
type Card struct {
	Charge string // Stripe's id of the charge
	Brand  string // "visa", "mastercard", "interac", ...
	Last4  string
	AID    string // EMV application
	Auth   string // authorisation code of the bank
}

// How long to wait before the next look.
const (
	pollReader  = time.Second
	pollUnknown = 2 * time.Second
)
