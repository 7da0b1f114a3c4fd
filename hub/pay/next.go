package pay

import (
	"slices"
	"time"

	"kickstand/protocol/money"
)

// Want is what the shop wants of a payment now.
type Want int

// What can be wanted. Look goes on with what was begun; Again has the reader
// ask for a card once more after a decline; Stop ends the payment unless it
// turns out to be captured.
const (
	Look Want = iota
	Again
	Stop
)

// Intent is a PaymentIntent, or a SetupIntent, as read from Stripe. Amounts are in the smallest unit
// of their currency.
type Intent struct {
	ID          string
	Status      string // Stripe's words, as in its table of PaymentIntent states
	Amount      int64  // asked for
	Capturable  int64  // authorised and not yet captured
	Received    int64  // captured
	Refunded    int64  // given back
	Currency    string
	Created     time.Time
	Shop        string // from the metadata, as the next three
	Payment     string
	Sale        string
	Device      string
	Decline     string    // code of the last decline
	Taken       time.Time // of the capture; zero before, and while Stripe has not booked it
	Fee         int64     // what Stripe keeps of it; counts only when Taken is set
	FeeCurrency string    // of the fee: that of the shop's account
	HeldUntil   time.Time // capture_before of the charge: when a hold lapses; zero when Stripe says none
	Ended       string    // why it is canceled, in Stripe's words: "automatic" when a hold has lapsed
	Disputed    bool      // the customer's bank has taken it back, or tries to
	Card        Card
	Customer    string // Stripe's id
	Method      string // Stripe's id of the saved card: of a SetupIntent, or when the card was kept
}

// Session is a Checkout session as read from Stripe.
type Session struct {
	ID     string
	Status string // open, complete or expired
	URL    string // of Stripe's page, while it is open
	Intent string // id of the PaymentIntent or SetupIntent; empty before there is one
}

// Method is a saved card as read from Stripe.
type Method struct {
	ID       string
	Customer string // it belongs to; empty when it was detached
}

// Action is what a reader does, as read from Stripe.
type Action struct {
	Intent string // payment it works for; empty when it does nothing
	Refund string // refund of the shop that it works for, from the metadata
	Status string // in_progress, succeeded or failed
	Code   string // why it failed
}

// Known is everything that Next decides upon: the stored attempts, and what was
// read since the last request was sent.
type Known struct {
	Attempts []Attempt
	Want     Want
	Now      time.Time
	Action   *Action   // of the reader; nil when it was not read
	Intent   *Intent   // nil when it was not read; always read after Action
	Session  *Session  // nil when it was not read; always read before Intent
	Method   *Method   // nil when it was not read
	Back     *Returned // the refund; nil when it was not read
	Looked   bool      // Stripe's list was searched for what an attempt should have made
	Found    string    // the id that the search found; empty when there is none
	Failed   string    // key whose replay brought back a failure that Stripe has stored
	Tried    []Step    // steps that were sent in this turn
}

// MoveKind is a kind of next move.
type MoveKind string

// The kinds of moves.
const (
	Send       MoveKind = "send"        // store a new attempt with Request and N, then send it
	Replay     MoveKind = "replay"      // send the attempt of Key once more, unchanged
	Find       MoveKind = "find"        // search Stripe's list for what the attempt of Key made
	ReadReader MoveKind = "read reader" // read the reader's action
	ReadIntent MoveKind = "read intent" // read the intent
	ReadPage   MoveKind = "read page"   // read the Checkout session
	ReadMethod MoveKind = "read method" // read the saved card
	ReadBack   MoveKind = "read refund" // read the refund
	Mark       MoveKind = "mark"        // note State, Object and Code of the attempt of Key
	Rest       MoveKind = "rest"        // answer with Status
)

// Move is what to do next. It is comparable.
type Move struct {
	Kind    MoveKind
	Request Request // Send
	N       int     // Send
	Key     string  // Replay, Find, Mark
	State   State   // Mark
	Object  string  // Mark, ReadReader, ReadIntent: the id
	Code    string  // Mark
	Status  Status  // Rest
}

// Next decides the next move of a payment whose first attempt is stored. It is
// pure: the same knowledge gives the same move.
//
// The reader is always read before the intent. A reader that has finished with
// the intent still open afterwards is a decline; the other way round a card
// could be charged between the two readings.
func Next(k Known) Move {
	create, ok := last(k.Attempts, StepCreate)
	switch {
	case !ok:
		return k.rest(Status{Outcome: Canceled})
	case create.State == Refused && create.Request.Method != "" && k.Want != Stop:
		return k.rest(Status{Outcome: Declined, Code: create.Code})
	case create.State == Refused:
		return k.rest(Status{Outcome: Canceled, Code: create.Code})
	case create.State == Open:
		return k.settle(create)
	case create.Request.Mode.web():
		return k.web(create)
	}
	if k.Intent == nil {
		return k.read(create)
	}
	if m, over := k.hold(create); over {
		return m
	}
	if m, over := k.final(create); over {
		return m
	}
	if k.Want == Stop {
		return k.stop(create)
	}
	return k.collect(create)
}

// settle finds out how a create or refund ended whose answer is not known.
func (k Known) settle(a Attempt) Move {
	old := k.old(a)
	switch {
	case !old && k.Failed != a.Key:
		return Move{Kind: Replay, Key: a.Key}
	case !k.Looked:
		return Move{Kind: Find, Key: a.Key}
	case k.Found != "":
		return Move{Kind: Mark, Key: a.Key, State: Done, Object: k.Found}
	case old:
		return k.rest(Status{Outcome: Unknown, Code: CodeTooOld, Person: true})
	}
	return Move{Kind: Mark, Key: a.Key, State: Refused, Code: CodeNotExecuted}
}

// old reports whether a is too old for its key to be relied upon. An attempt
// that begins well in the future shows a clock that went backwards, and may be
// of any age.
func (k Known) old(a Attempt) bool {
	age := k.Now.Sub(a.Begun)
	return age >= MaxReplay || age < -Overlap
}

// read reads the reader first when it may be at work, then the intent.
func (k Known) read(create Attempt) Move {
	p, sent := last(k.Attempts, StepProcess)
	working := sent && p.Code != CodeAuthorised && (p.State == Done || p.State == Open && (k.Want == Stop || k.Failed == p.Key))
	if working && k.Action == nil {
		return Move{Kind: ReadReader, Object: p.Request.Reader}
	}
	return Move{Kind: ReadIntent, Object: create.Object}
}

// final answers for an intent on which nobody can act any more.
func (k Known) final(create Attempt) (Move, bool) {
	in := k.Intent
	switch in.Status {
	case "succeeded":
		if create.Request.Mode == Saving {
			return k.rest(k.saved()), true
		}
		s := k.taken()
		if in.Received != int64(create.Request.Amount) || in.Currency != create.Request.Currency {
			s.Person, s.Code = true, CodeAmount
		}
		return k.rest(s), true
	case "canceled":
		return k.rest(Status{Outcome: Canceled}), true
	case "requires_capture":
		return k.rest(Status{Outcome: Unknown, Code: CodeHeld, Person: true}), true
	case "processing":
		return k.rest(Status{Outcome: Waiting, After: pollReader}), true
	}
	return Move{}, false
}

// taken is the status of an intent that has succeeded.
func (k Known) taken() Status {
	return Status{
		Outcome: Captured, Amount: money.Cents(k.Intent.Received), Card: k.Intent.Card,
		Fee: money.Cents(k.Intent.Fee), FeeCurrency: k.Intent.FeeCurrency, Customer: k.Intent.Customer, Method: k.Intent.Method,
	}
}

// saved is the status of a SetupIntent that has succeeded. Not every card that a
// reader takes can be charged later without it.
func (k Known) saved() Status {
	if k.Intent.Method == "" {
		return Status{Outcome: Canceled, Code: "card_not_supported"}
	}
	return Status{Outcome: Saved, Card: k.Intent.Card, Customer: k.Intent.Customer, Method: k.Intent.Method}
}

// collect brings an open intent and a card together.
func (k Known) collect(create Attempt) Move {
	if create.Request.Method != "" {
		return k.offSession()
	}
	p, sent := last(k.Attempts, StepProcess)
	switch {
	case k.old(create), p.State == Open && k.old(p):
		return k.rest(Status{Outcome: Unknown, Code: CodeTooOld, Person: true})
	case !sent, p.State == Refused && k.Want == Again:
		return k.send(create, StepProcess)
	case p.State == Refused:
		return k.rest(Status{Outcome: Declined, Code: p.Code})
	case p.State == Open && k.Failed != p.Key:
		return Move{Kind: Replay, Key: p.Key}
	}
	return k.reader(p)
}

// offSession answers for a saved card of which the intent is still open: the
// bank has said no, or wants the customer.
func (k Known) offSession() Move {
	code := k.Intent.Decline
	if code == "" {
		code = "authentication_required"
	}
	return k.rest(Status{Outcome: Declined, Code: code})
}

// reader judges by the reader's action how a process request went on.
func (k Known) reader(p Attempt) Move {
	ours := k.Action != nil && k.Action.Intent == k.Intent.ID
	switch {
	case ours && k.Action.Status == "failed":
		code := k.Action.Code
		if code == "card_declined" && k.Intent.Decline != "" {
			code = k.Intent.Decline
		}
		return Move{Kind: Mark, Key: p.Key, State: Refused, Code: code}
	case ours && p.State == Open:
		return Move{Kind: Mark, Key: p.Key, State: Done, Object: p.Request.Reader}
	case ours:
		return k.rest(Status{Outcome: Waiting, After: pollReader})
	case p.State == Open:
		return Move{Kind: Mark, Key: p.Key, State: Refused, Code: CodeNotExecuted}
	}
	return Move{Kind: Mark, Key: p.Key, State: Refused, Code: CodeInterrupted}
}

// stop takes the payment off its reader and cancels the intent. Each is sent at
// most once a turn; the intent's status has the last word.
func (k Known) stop(create Attempt) Move {
	asking := k.Action != nil && k.Action.Intent == k.Intent.ID && k.Action.Status == "in_progress"
	if asking && !k.tried(StepStop) {
		return k.send(create, StepStop)
	}
	if !k.tried(StepCancel) {
		return k.send(create, StepCancel)
	}
	c, _ := last(k.Attempts, StepCancel)
	if c.State == Open && k.Failed == c.Key {
		return Move{Kind: Mark, Key: c.Key, State: Refused, Code: CodeNotExecuted}
	}
	return k.rest(Status{Outcome: Unknown, Code: CodeOffline, After: pollUnknown})
}

func (k Known) tried(step Step) bool { return slices.Contains(k.Tried, step) }

// send makes the next attempt of a step, or replays the last one when its
// answer is not known and its key is still good. The intent was read as open
// just now, which settles an attempt that is too old to be replayed.
func (k Known) send(create Attempt, step Step) Move {
	n := 1
	if a, ok := last(k.Attempts, step); ok {
		if a.State == Open && !k.old(a) {
			return Move{Kind: Replay, Key: a.Key}
		}
		if a.State == Open {
			return Move{Kind: Mark, Key: a.Key, State: Refused, Code: CodeNotExecuted}
		}
		n = a.N + 1
	}
	r := create.Request
	r = Request{
		Step: step, Shop: r.Shop, Payment: r.Payment, Sale: r.Sale, Device: r.Device,
		Reader: r.Reader, Intent: create.Object, Mode: r.Mode,
	}
	if k.Intent != nil {
		r.Intent = k.Intent.ID
	}
	return Move{Kind: Send, Request: r, N: n}
}

// rest completes a status with what the attempts say.
func (k Known) rest(s Status) Move {
	if c, ok := last(k.Attempts, StepCreate); ok {
		s.Payment, s.Intent = c.Request.Payment, c.Object
		if c.Request.Mode.web() {
			s.Intent = k.session().Intent
		}
	}
	s.Text = Reason(s.Code)
	return Move{Kind: Rest, Status: s}
}
