package money

// Paid is one payment of a sale that may be given back.
type Paid struct {
	Amount Cents // what the customer paid with it, above zero
	Back   Cents // what was given back of it before, zero or more
	Cash   bool
}

// ErrBeyondPaid matches the error of a refund of more than the customer paid.
var ErrBeyondPaid = &LimitError{Field: "refund", Value: "", Hint: "more would go back than was paid"}

// GiveBack says how much of a refund of now goes back to each payment, when
// refunds of before went back already. It gives each tender what it would have
// got had everything come back at once, less what it got before, so that any
// chain of refunds returns exactly what was paid, and never more:
//
//   - tenders other than cash first, in the order given: what came by card goes
//     back to the card;
//   - the rest in cash, rounded to the smallest coin over the whole chain.
//
// A refund beyond what was paid gives ErrBeyondPaid.
func GiveBack(r Rules, before, now Cents, paid []Paid) ([]Cents, error) {
	if before < 0 || now < 0 || before > MaxAmount || now > MaxAmount-before {
		return nil, limit("refund", now, "give back zero or more")
	}
	var other, otherBack, cash, cashBack Cents
	for _, p := range paid {
		if p.Cash {
			cash, cashBack = cash+p.Amount, cashBack+p.Back
		} else {
			other, otherBack = other+p.Amount, otherBack+p.Back
		}
	}
	due := before + now
	if !r.CashOnly {
		due, _ = CashDue(due, r)
	}
	toOther := min(due, other)
	toCash := due - toOther
	if r.CashOnly {
		toCash, _ = CashDue(toCash, r)
	}
	if toCash > cash {
		if toCash-cash >= max(r.CashStep, 1) {
			return nil, ErrBeyondPaid
		}
		toCash = cash // the last coin was rounded away from the shop
	}
	parts := make([]Cents, len(paid))
	left := hand(paid, parts, max(0, toOther-otherBack), false)
	if hand(paid, parts, max(0, toCash-cashBack)+left, true) != 0 {
		return nil, ErrBeyondPaid
	}
	return parts, nil
}

// hand gives an amount to the payments of one kind in order, each up to what is
// left of it, and returns what found no place.
func hand(paid []Paid, parts []Cents, amount Cents, cash bool) Cents {
	for i, p := range paid {
		if p.Cash != cash {
			continue
		}
		parts[i] = min(amount, max(0, p.Amount-p.Back))
		amount -= parts[i]
	}
	return amount
}
