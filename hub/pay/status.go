package pay

import (
	"time"

	"kickstand/protocol/money"
)

// Outcome is how a payment or refund stands.
type Outcome string

// The outcomes. Waiting, Declined, Unknown, Held and CaptureDue are open, all
// others are final.
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
	// Held says that Status.Amount is authorised and can be captured or
	// released until Status.HeldUntil. It is not the shop's money.
	Held Outcome = "held"
	// CaptureDue says that a hold is to be captured and is not yet known to be:
	// ask again after Status.After and before Status.HeldUntil. Never count it
	// as paid.
	CaptureDue Outcome = "capture_due"
	// Lapsed says that a hold has expired uncaptured: nothing was charged, and
	// nothing can be.
	Lapsed Outcome = "lapsed"
	// Saved says that Stripe keeps a customer, or a card of one:
	// Status.Customer and Status.Method.
	Saved Outcome = "saved"
	// Forgotten says that a saved card can be charged no more.
	Forgotten Outcome = "forgotten"
)

// Final reports whether nothing can change the outcome any more.
func (o Outcome) Final() bool {
	return o == Captured || o == Canceled || o == Refunded || o == Lapsed || o == Saved || o == Forgotten
}

// Status is what the shop may show and act upon.
type Status struct {
	Payment string // id of the payment or refund
	Outcome Outcome
	Code    string        // why, for the program and the log; empty when there is nothing to say
	Text    string        // why, in plain words for the person at the screen
	Person  bool          // somebody must look at it in the Stripe dashboard
	Amount  money.Cents   // captured, held or refunded; zero before
	Intent  string        // Stripe's id of the payment, once known
	Refund  string        // Stripe's id of the refund, once known
	Card    Card          // for the receipt, once captured
	After   time.Duration // look again after this time; zero when there is nothing to wait for

	HeldUntil   time.Time   // when a hold lapses; zero when Stripe does not say
	Fee         money.Cents // what Stripe keeps, once captured and booked
	FeeCurrency string
	Customer    string // Stripe's id, for a saved card with Method
	Method      string
	URL         string // Stripe's page, while the customer can pay there
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
	pollHold    = time.Hour
	pollPage    = 10 * time.Second
)
