package pay

import (
	"strings"
	"time"

	"kickstand/protocol/money"
)

// Code says what kind of difference a Finding is.
type Code string

// The kinds of differences between Stripe and the shop's books.
const (
	Orphan       Code = "ORPHAN"         // captured, and no sale counts it
	Double       Code = "DOUBLE"         // captured twice under one payment id
	ByHand       Code = "BY_HAND"        // captured in the dashboard or by another program
	Missing      Code = "MISSING"        // on the books, and not captured at Stripe
	AmountCode   Code = "AMOUNT"         // captured another amount than is on the books
	RefundDiffer Code = "REFUND_DIFFERS" // given back otherwise than the books say
	StillOpen    Code = "STILL_OPEN"     // the books do not know how it ended
	HoldUnknown  Code = "HOLD_UNKNOWN"   // money is held on a card, and the books know nothing of it
	HoldExpiring Code = "HELD_EXPIRING"  // a hold lapses soon
	HoldExpired  Code = "HELD_EXPIRED"   // a hold has lapsed that the books believe in
	HoldCounted  Code = "CAPTURE_DUE"    // the books count it as paid, and it is only held
	FeeCode      Code = "FEE"            // Stripe kept another fee than is on the books
	Disputed     Code = "DISPUTED"       // the customer's bank wants it back
)

// Finding is one difference, in words for a person. It is comparable; its ID is
// the same as long as the difference stands.
type Finding struct {
	ID       string
	Code     Code
	Payment  string // of the shop; empty when it has none
	Refund   string // of the shop, for a refund
	Intent   string // Stripe's id, to search for in the dashboard
	Sale     string
	Device   string
	Currency string
	Stripe   money.Cents // what Stripe has
	Books    money.Cents // what the books have
	By       time.Time   // when it is too late; zero when that is never
	What     string      // what is wrong
	Do       string      // what to do now
}

// words completes a finding.
func (f Finding) words() Finding {
	there, here := inWords(f.Stripe, f.Currency), inWords(f.Books, f.Currency)
	switch f.Code {
	case Orphan:
		f.What = "A card was charged " + there + ", and there is no sale for it."
		f.Do = "If the till was offline, wait until it is back: its sale may still come. Otherwise give the money back, or enter the sale."
	case Double:
		f.What = "The same payment was charged a second time: " + there + "."
		f.Do = "Give the second charge back in the Stripe dashboard, and report this as a fault of the program."
	case ByHand:
		f.What = there + " was charged at Stripe, not by a till of this shop."
		f.Do = "Ask who charged it, and enter it in the books, or give it back."
	case Missing:
		f.What = "The books have " + here + " by card, and Stripe did not take it."
		f.Do = "Ask the customer to pay again, or void the sale. Do not count it as paid."
	case AmountCode:
		f.What = "Stripe took " + there + ", the books have " + here + "."
		f.Do = "Look at the payment in the Stripe dashboard. Give back what is too much, or correct the books."
	case FeeCode:
		f.What = "Stripe kept a fee of " + there + ", the books have " + here + "."
		f.Do = "Take over Stripe's fee into the books."
	case Disputed:
		f.What = "The customer's bank disputes this payment of " + there + "."
		f.Do = "Answer in the Stripe dashboard before the date it names, with the receipt. Give nothing back yourself."
	default:
		return f.openWords(there, here)
	}
	return f
}

func (f Finding) openWords(there, here string) Finding {
	until := ""
	if !f.By.IsZero() {
		until = " until " + f.By.UTC().Format("2006-01-02 15:04") + " UTC"
	}
	switch f.Code {
	case StillOpen:
		f.What = "It is not settled in the books how this ended. Stripe has " + there + "."
		f.Do = "Let the hub ask Stripe again. If this stays, look it up in the Stripe dashboard."
	case HoldUnknown:
		f.What = there + " is held on a card" + until + ", and the books know nothing of it."
		f.Do = "Release it in the Stripe dashboard by cancelling the payment, unless somebody knows what it is for."
	case HoldExpiring:
		f.What = "A hold of " + there + " lapses soon: it can be charged" + until + "."
		f.Do = "Charge what is due now, or release it. Afterwards nothing can be charged."
	case HoldExpired:
		f.What = "A hold of " + here + " has lapsed. Nothing was charged, and nothing can be."
		f.Do = "If money is due, charge the saved card or ask the customer to pay."
	case HoldCounted:
		f.What = "The books count " + here + " as paid, and Stripe only holds it" + until + "."
		f.Do = "Charge it now. If it lapses, the customer has not paid."
	case RefundDiffer:
		f.What = "Stripe gave back " + there + ", the books have " + here + "."
		f.Do = "If the books have more, the customer did not get it: give it back another way. If Stripe has more, enter the refund in the books."
	}
	return f
}

// inWords is an amount with its currency: 12.00 CAD.
func inWords(c money.Cents, currency string) string {
	return strings.TrimSpace(c.String() + " " + strings.ToUpper(currency))
}
