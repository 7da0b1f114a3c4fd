package pay

import (
	"slices"
	"strings"
	"time"

	"kickstand/protocol/money"
)

const (
	// Grace is how long after a change at Stripe or in the books the other
	// side may lag behind before Compare says so.
	Grace = 15 * time.Minute
	// HoldWarning is how long before a hold lapses Compare begins to say so.
	HoldWarning = 24 * time.Hour
)

// BookState is what the books say about a payment or refund.
type BookState string

// The states of a payment or refund in the books.
const (
	BookOpen    BookState = "open"    // begun, not known how it ended
	BookHeld    BookState = "held"    // authorised, to be captured or released later
	BookTaken   BookState = "taken"   // captured, or given back
	BookNothing BookState = "nothing" // declined, canceled, released: no money moved
)

// Booked is one payment or refund as the shop's books have it.
type Booked struct {
	ID       string // of the payment or refund, as it was given to this package
	Refund   bool   // it gives money back
	Intent   string // Stripe's id of the payment, for a refund of that it goes back to; empty while unknown
	Sale     string
	Device   string
	Sold     bool // a sale in the books counts this payment
	State    BookState
	Amount   money.Cents // held, taken or given back; never negative
	Currency string      // lower case
	Fee      money.Cents // Stripe's fee
	HasFee   bool        // the books know the fee
	At       time.Time   // of its last change in the books
}

// Compare names every difference between Stripe and the books, in both
// directions, sorted by ID. It is pure; repeated rows and the order of its
// input do not matter.
//
// The books must hold every card payment and refund of the period of the list,
// and each that the list names, whenever it was booked; the list must have gone
// through Client.Complete with them. What is younger than Grace is left alone,
// and what was charged and wholly given back again needs no sale.
func Compare(now time.Time, list []Listed, books []Booked) []Finding {
	c := comparison{
		now: now, payments: map[string]Booked{}, refunds: map[string]Booked{}, byIntent: map[string]string{},
		seen: map[string]bool{}, found: map[string]Finding{},
	}
	for _, b := range books {
		if b.Refund {
			c.refunds[b.ID] = b
			continue
		}
		c.payments[b.ID] = b
		if b.Intent != "" {
			c.byIntent[b.Intent] = b.ID
		}
	}
	c.stripe(list)
	c.absent()
	out := make([]Finding, 0, len(c.found))
	for _, f := range c.found {
		out = append(out, f.words())
	}
	slices.SortFunc(out, func(a, b Finding) int { return strings.Compare(a.ID, b.ID) })
	return out
}

// comparison is one run of Compare.
type comparison struct {
	now      time.Time
	payments map[string]Booked // by id
	refunds  map[string]Booked // by id
	byIntent map[string]string // id of the payment
	seen     map[string]bool   // books rows that Stripe has
	found    map[string]Finding
}

// stripe judges every payment that Stripe has. Of several intents of one payment
// the books' own is the payment, or else the one that was captured first.
func (c *comparison) stripe(list []Listed) {
	rank := func(l Listed) int {
		switch {
		case c.byIntent[l.ID] != "":
			return 0
		case l.Received > 0:
			return 1
		}
		return 2
	}
	list = slices.SortedFunc(slices.Values(list), func(a, b Listed) int {
		if d := rank(a) - rank(b); d != 0 {
			return d
		}
		if d := a.Created.Compare(b.Created); d != 0 {
			return d
		}
		return strings.Compare(a.ID, b.ID)
	})
	intents, first := map[string]bool{}, map[string]bool{}
	for _, l := range list {
		if intents[l.ID] {
			continue
		}
		intents[l.ID] = true
		id := l.Payment
		if own := c.byIntent[l.ID]; own != "" {
			id = own
		}
		c.judge(l, id, id != "" && first[id])
		first[id] = true
	}
}

func (c *comparison) judge(l Listed, id string, second bool) {
	b, known := c.payments[id]
	if !known {
		b = Booked{ID: id, State: BookNothing}
	}
	if second {
		if l.Received > l.Refunded {
			c.add(finding(Double, l, b), l.ID)
		}
		return
	}
	c.seen[id] = known
	switch l.Status {
	case "succeeded":
		c.captured(l, b)
	case "requires_capture":
		c.held(l, b)
	default:
		c.untaken(l, b)
	}
	if l.Disputed {
		c.add(finding(Disputed, l, b), l.ID)
	}
	c.back(l, b)
}

// captured judges a payment that was charged.
func (c *comparison) captured(l Listed, b Booked) {
	when := later(later(l.Created, l.Taken), b.At)
	unpaired := l.Received > l.Refunded && !c.young(when)
	switch {
	case b.ID == "":
		if unpaired {
			c.add(finding(ByHand, l, b), l.ID)
		}
	case b.State == BookOpen, b.State == BookHeld:
		if !c.young(when) {
			c.add(finding(StillOpen, l, b), b.ID)
		}
	case b.State == BookTaken && b.Sold:
		c.amounts(l, b)
	case unpaired:
		c.add(finding(Orphan, l, b), l.ID)
	}
}

func (c *comparison) amounts(l Listed, b Booked) {
	if l.Received != int64(b.Amount) || l.Currency != b.Currency {
		c.add(finding(AmountCode, l, b), b.ID)
	}
	if b.HasFee && !l.Taken.IsZero() && l.Fee != int64(b.Fee) {
		f := finding(FeeCode, l, b)
		f.Stripe, f.Books, f.Currency = money.Cents(l.Fee), b.Fee, l.FeeCurrency
		c.add(f, b.ID)
	}
}

// held judges a payment that is authorised and not captured.
func (c *comparison) held(l Listed, b Booked) {
	young := c.young(later(l.Created, b.At))
	soon := !l.HeldUntil.IsZero() && l.HeldUntil.Sub(c.now) <= HoldWarning
	switch {
	case b.State == BookHeld && l.Capturable != int64(b.Amount):
		c.add(finding(AmountCode, l, b), b.ID)
	case b.State == BookHeld && soon:
		c.add(finding(HoldExpiring, l, b), b.ID)
	case b.State == BookHeld, young:
	case b.State == BookTaken:
		c.add(finding(HoldCounted, l, b), b.ID)
	case b.State == BookOpen:
		c.add(finding(StillOpen, l, b), b.ID)
	default:
		c.add(finding(HoldUnknown, l, b), l.ID)
	}
}

// untaken judges a payment of which Stripe has nothing.
func (c *comparison) untaken(l Listed, b Booked) {
	switch {
	case b.State == BookNothing, c.young(b.At):
	case b.State == BookTaken && l.Status != "processing":
		c.add(finding(Missing, l, b), b.ID)
	case b.State == BookHeld && l.Status == "canceled":
		c.add(finding(HoldExpired, l, b), b.ID)
	default:
		c.add(finding(StillOpen, l, b), b.ID)
	}
}

// back judges the refunds of a payment.
func (c *comparison) back(l Listed, b Booked) {
	sums, when, known := map[string]int64{}, map[string]time.Time{}, map[string]bool{}
	for _, r := range l.Refunds {
		if known[r.ID] {
			continue
		}
		known[r.ID] = true
		id := r.Refund
		if id == "" {
			id = r.ID
		}
		sums[id] += 0
		if r.Gave() {
			sums[id] += r.Amount
		}
		when[id] = later(when[id], r.Created)
	}
	for id, gave := range sums {
		c.refund(l, b, id, gave, when[id])
	}
}

func (c *comparison) refund(l Listed, b Booked, id string, gave int64, when time.Time) {
	r, known := c.refunds[id]
	c.seen[id] = c.seen[id] || known
	f := finding(RefundDiffer, l, b)
	f.Stripe, f.Refund, f.Books = money.Cents(gave), id, 0
	young := c.young(later(when, r.At))
	switch {
	case known && r.State == BookTaken:
		f.Books = r.Amount
		if gave != int64(r.Amount) || l.Currency != r.Currency {
			c.add(f, id)
		}
	case young:
	case known && r.State == BookOpen:
		f.Code = StillOpen
		c.add(f, id)
	case gave > 0 && b.State == BookTaken && b.Sold: // of an orphan: the orphan says it all
		c.add(f, id)
	}
}

// absent judges what is on the books and not in the list.
func (c *comparison) absent() {
	for id, b := range c.payments {
		if c.seen[id] || b.State == BookNothing || c.young(b.At) {
			continue
		}
		code := Missing
		if b.State == BookOpen {
			code = StillOpen
		}
		c.add(finding(code, Listed{}, b), id)
	}
	for id, r := range c.refunds {
		if c.seen[id] || r.State == BookNothing || c.young(r.At) {
			continue
		}
		code := RefundDiffer
		if r.State == BookOpen {
			code = StillOpen
		}
		f := finding(code, Listed{}, r)
		f.Payment, f.Refund = "", id
		c.add(f, id)
	}
}

func (c *comparison) add(f Finding, subject string) {
	f.ID = string(f.Code) + ":" + subject
	c.found[f.ID] = f
}

// young reports whether the other side may still lag behind. A time well in the
// future shows a wrong clock and is no excuse.
func (c *comparison) young(at time.Time) bool {
	age := c.now.Sub(at)
	return age < Grace && age > -Overlap
}

// finding says which payment it is about, and what either side has of it.
func finding(code Code, l Listed, b Booked) Finding {
	f := Finding{
		Code: code, Payment: b.ID, Intent: l.ID, Sale: b.Sale, Device: b.Device, Currency: l.Currency,
		Stripe: money.Cents(l.Received), Books: b.Amount, By: l.HeldUntil,
	}
	if l.Status == "requires_capture" {
		f.Stripe = money.Cents(l.Capturable)
	} else {
		f.By = time.Time{}
	}
	if f.Intent == "" {
		f.Intent, f.Currency = b.Intent, b.Currency
	}
	if f.Sale == "" {
		f.Sale, f.Device = l.Sale, l.Device
	}
	return f
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
