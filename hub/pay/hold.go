package pay

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"kickstand/protocol/money"
)

var (
	// ErrNotHeld is returned by Capture and Increment for a payment that was
	// not begun with Hold.
	ErrNotHeld = errors.New("this payment is no hold")
	// ErrTooMuch is returned by Capture for more than is held, and by Increment
	// for less. Nothing was sent.
	ErrTooMuch = errors.New("the amount does not fit what is held")
)

// Hold asks to authorise an amount without charging it: as security for a
// rental, or for an order that ships later. It is authorised at a reader, or
// with a saved card.
type Hold struct {
	Payment  string // as in Charge
	Sale     string
	Device   string
	Amount   money.Cents // more than zero
	Currency string      // ISO 4217 in lower case
	Reader   string      // Stripe's id of the reader; empty for a saved card
	Customer string      // Stripe's ids of a customer and a saved card; empty at a reader
	Method   string
}

func (h Hold) check() error {
	c := Charge{Payment: h.Payment, Amount: h.Amount, Currency: h.Currency, Reader: h.Reader}
	if h.Method == "" {
		return c.check()
	}
	c.Reader = "tmr_"
	switch {
	case h.Reader != "":
		return fmt.Errorf("payment %s: a hold is either at a reader or on a saved card", h.Payment)
	case !strings.HasPrefix(h.Customer, "cus_") || !strings.HasPrefix(h.Method, "pm_"):
		return fmt.Errorf("payment %s: %q of %q is not a saved card", h.Payment, h.Method, h.Customer)
	}
	return c.check()
}

// Hold authorises an amount, or goes on with a hold, up to where somebody must
// wait. When the Status is Held, Capture charges all or part of it and gives the
// rest back, and Cancel releases it. At a reader it goes on as a Charge does; a
// saved card that is declined is over, and a new id is needed to try again.
func (c *Client) Hold(ctx context.Context, h Hold) (Status, error) {
	if err := h.check(); err != nil {
		return Status{}, err
	}
	methods := "card_present"
	if h.Method != "" {
		methods = "card"
	}
	return c.begin(ctx, Request{
		Step: StepCreate, Shop: c.cfg.Shop, Payment: h.Payment, Sale: h.Sale, Device: h.Device, Amount: h.Amount,
		Currency: h.Currency, Methods: methods, Reader: h.Reader, Customer: h.Customer, Method: h.Method, Mode: OnHold,
	}, Next)
}

// Capture charges amount of a hold and releases the rest. While it answers
// CaptureDue or Unknown, call it again with the same amount, before
// Status.HeldUntil; with Status.Person set, Stripe has refused and somebody must
// look. A second amount is refused with ErrChanged as long as it is not known
// that the first came to nothing.
func (c *Client) Capture(ctx context.Context, payment string, amount money.Cents) (Status, error) {
	return c.onHold(ctx, payment, StepCapture, amount, func(s Status) bool { return amount > 0 && amount <= s.Amount })
}

// Increment raises a hold to a new total, which the customer's bank may decline:
// the old hold then stands, and Status.Code says why. Not every card can do it.
func (c *Client) Increment(ctx context.Context, payment string, total money.Cents) (Status, error) {
	return c.onHold(ctx, payment, StepIncrement, total, func(s Status) bool { return total >= s.Amount })
}

// onHold stores the first attempt of a step on a hold that stands, and takes a
// turn.
func (c *Client) onHold(ctx context.Context, payment string, step Step, amount money.Cents, fits func(Status) bool) (Status, error) {
	s, err := c.Advance(ctx, payment, Look)
	if err != nil {
		return s, err
	}
	all, err := c.attempts.Of(ctx, c.cfg.Shop, payment)
	if err != nil {
		return Status{}, fmt.Errorf("payment %s: %w", payment, err)
	}
	create, _ := last(all, StepCreate)
	a, begun := last(all, step)
	settled := begun && step == StepIncrement && a.State == Done && a.Request.Amount == amount
	switch {
	case !create.Request.Mode.held():
		return Status{}, fmt.Errorf("payment %s: %w", payment, ErrNotHeld)
	case begun && a.State == Open && a.Request.Amount != amount:
		return Status{}, fmt.Errorf("payment %s: %w", payment, ErrChanged)
	case begun && a.State == Open, settled, s.Outcome != Held && s.Outcome != CaptureDue, s.Amount == 0:
		return s, nil // the turn just taken was all there is to do, or read nothing
	case !fits(s):
		return Status{}, fmt.Errorf("payment %s: %w: %s", payment, ErrTooMuch, inWords(s.Amount, create.Request.Currency))
	}
	r := create.Request
	r = Request{
		Step: step, Shop: r.Shop, Payment: r.Payment, Sale: r.Sale, Device: r.Device,
		Intent: s.Intent, Amount: amount, Mode: r.Mode,
	}
	if err := c.store(ctx, r, a.N+1); err != nil {
		return Status{}, err
	}
	return c.turn(ctx, payment, Look, Next)
}

// hold answers for an intent that was begun as a hold and is authorised or over.
func (k Known) hold(create Attempt) (Move, bool) {
	if !create.Request.Mode.held() {
		return Move{}, false
	}
	c, wanted := last(k.Attempts, StepCapture)
	switch k.Intent.Status {
	case "succeeded":
		s := k.taken()
		if !wanted || s.Amount != c.Request.Amount || k.Intent.Currency != create.Request.Currency {
			s.Person, s.Code = true, CodeAmount
		}
		return k.closed(c, Done, k.rest(s)), true
	case "canceled":
		s := Status{Outcome: Canceled}
		if k.Intent.Ended == "automatic" {
			s = Status{Outcome: Lapsed, Code: CodeLapsed, Person: wanted}
		}
		return k.closed(c, Refused, k.rest(s)), true
	case "requires_capture":
		return k.standing(create, c, wanted), true
	}
	return Move{}, false
}

// closed notes the end of a capture whose answer was not known, and rests when
// there is nothing to note.
func (k Known) closed(c Attempt, s State, rest Move) Move {
	if c.Key == "" || c.State != Open {
		return rest
	}
	m := Move{Kind: Mark, Key: c.Key, State: s}
	if s == Refused {
		m.Code = CodeLapsed
	}
	return m
}

// standing goes on with a hold that can be captured.
func (k Known) standing(create, c Attempt, wanted bool) Move {
	p, sent := last(k.Attempts, StepProcess)
	i, more := last(k.Attempts, StepIncrement)
	switch {
	case sent && p.Code != CodeAuthorised: // the reader is not needed any more
		return Move{Kind: Mark, Key: p.Key, State: Done, Object: p.Request.Reader, Code: CodeAuthorised}
	case k.Want == Stop:
		return k.stop(create)
	case more && i.State == Open:
		return k.raise(i)
	case wanted:
		return k.due(c)
	}
	s := k.held(Held)
	s.After = pollHold
	if more && i.State == Refused {
		s.Code = i.Code
	} else if k.lapsing() {
		s.Code = CodeLapsing
	}
	return k.rest(s)
}

func (k Known) held(o Outcome) Status {
	return Status{Outcome: o, Amount: money.Cents(k.Intent.Capturable), HeldUntil: k.Intent.HeldUntil, Card: k.Intent.Card}
}

func (k Known) lapsing() bool {
	return !k.Intent.HeldUntil.IsZero() && k.Intent.HeldUntil.Sub(k.Now) <= HoldWarning
}

// raise settles an increment whose answer is not known.
func (k Known) raise(i Attempt) Move {
	switch {
	case k.Intent.Capturable >= int64(i.Request.Amount):
		return Move{Kind: Mark, Key: i.Key, State: Done, Object: k.Intent.ID}
	case !k.old(i) && k.Failed != i.Key:
		return Move{Kind: Replay, Key: i.Key}
	}
	return Move{Kind: Mark, Key: i.Key, State: Refused, Code: CodeNotExecuted}
}

// due goes on with a capture. The intent was read just now and is not captured,
// which settles an attempt that failed or is too old; one new attempt follows in
// each turn until Stripe captures it, refuses it, or lets it lapse.
func (k Known) due(c Attempt) Move {
	switch {
	case c.State == Open && !k.old(c) && k.Failed != c.Key:
		return Move{Kind: Replay, Key: c.Key}
	case c.State == Open:
		return Move{Kind: Mark, Key: c.Key, State: Refused, Code: CodeNotExecuted}
	case c.State == Refused && c.Code == CodeNotExecuted && !k.tried(StepCapture):
		return Move{Kind: Send, Request: c.Request, N: c.N + 1}
	}
	s := k.held(CaptureDue)
	s.Code, s.After = c.Code, pollUnknown
	if s.Code != CodeNotExecuted {
		s.Person, s.After = true, 0
	}
	return k.rest(s)
}
