package flow

import (
	"slices"

	"kickstand/protocol"
	"kickstand/protocol/slip"
)

// Open is a tender of a cart whose end only the hub can tell. Its id is minted
// and stored with it before the hub is asked, and there is never another one
// beside it: what was asked for once is asked again under the same id until it
// has ended.
type Open struct {
	ID     string               `json:"id"` // the payment's
	Tender protocol.Tender      `json:"tender"`
	Amount Cents                `json:"amount"`         // never changes; below 0 gives back
	Code   string               `json:"code,omitempty"` // of the gift card, as scanned or typed
	Of     string               `json:"of,omitempty"`   // the payment that is given back
	Phase  protocol.TenderPhase `json:"phase"`          // empty until the hub has answered once
	N      int64                `json:"n"`              // of the hub's latest word
	Why    string               `json:"why,omitempty"`
	Cancel bool                 `json:"cancel,omitempty"` // a person wants it to end
}

// ended reports whether the tender has come to an end without money. What the
// hub gave to a person has not: money may have moved.
func (o *Open) ended() bool {
	return o == nil || o.Phase == protocol.TenderDeclined || o.Phase == protocol.TenderCanceled
}

// Call is the talk with the hub about one open tender. It is not kept over a
// restart: the tender is, and is asked about again.
type Call struct {
	Tender  string
	Ask     string // id of the Ask that is out, empty when none is
	Verb    verb
	Tries   int   // asked since the last answer
	AtMS    int64 // monotonic clock, when to ask again
	SinceMS int64 // monotonic clock, when this process first asked
}

// verb is what is asked of a tender.
type verb string

const (
	verbBegin  verb = "begin"
	verbAsk    verb = "ask"
	verbCancel verb = "cancel"
)

// How long until a tender is asked about again, in ms. The hub tells news
// unasked; asking finds what was lost on the way.
const (
	pollMS     = 5000
	retryMS    = 1000
	retryMaxMS = 15_000
)

// owing returns the open sale and the parked ones whose tender has not ended.
func (s State) owing() []Basket {
	var all []Basket
	for _, c := range append([]Basket{s.Durable.Cart}, s.Durable.Parked...) {
		if !c.Open.ended() {
			all = append(all, c)
		}
	}
	return all
}

// call returns the talk about a tender.
func (s State) call(tender string) (Call, int) {
	i := slices.IndexFunc(s.World.Calls, func(c Call) bool { return c.Tender == tender })
	if i < 0 {
		return Call{Tender: tender, SinceMS: s.Clock.MonoMS}, i
	}
	return s.World.Calls[i], i
}

func (t *turn) putCall(c Call) {
	calls := slices.Clone(t.World.Calls)
	if _, i := t.call(c.Tender); i >= 0 {
		calls[i] = c
	} else {
		calls = append(calls, c)
	}
	t.World.Calls = calls
}

// dropCall forgets the talk about a tender that has ended.
func (t *turn) dropCall(tender string) {
	t.World.Calls = slices.DeleteFunc(slices.Clone(t.World.Calls), func(c Call) bool { return c.Tender == tender })
	if len(t.World.Calls) == 0 {
		t.World.Calls = nil
	}
}

// beginTender takes a new tender into the cart and asks the hub for it.
func (t *turn) beginTender(o Open) {
	o.ID = t.sub("p")
	t.Durable.Cart.Open = &o
	t.askAbout(t.Durable.Cart)
	t.paying()
}

// askAbout asks the hub about the open tender of a cart: for the first time, or
// the same again.
func (t *turn) askAbout(c Basket) {
	o := *c.Open
	call, _ := t.call(o.ID)
	call.Ask, call.Tries = t.sub("a"), call.Tries+1
	var body protocol.Body
	switch {
	case o.Phase == "":
		call.Verb = verbBegin
		body = &protocol.TenderBegin{
			ID: o.ID, Sale: c.ID, Operator: t.Durable.Operator, Tender: o.Tender, Amount: o.Amount,
			Currency: c.Rules.Currency, Code: o.Code, Of: o.Of,
		}
	case o.Cancel && o.Phase == protocol.TenderWaiting:
		call.Verb = verbCancel
		body = &protocol.TenderCancel{ID: o.ID}
	default:
		call.Verb = verbAsk
		body = &protocol.TenderAsk{ID: o.ID}
	}
	t.putCall(call)
	t.do(Ask{ID: call.Ask, Body: body})
}

// chase asks about every open tender whose time has come.
func (t *turn) chase() {
	if !t.World.Online {
		return
	}
	for _, c := range t.owing() {
		if t.World.Wait != "" && c.ID == t.Durable.Cart.ID {
			continue // its pieces are not kept yet
		}
		if call, _ := t.call(c.Open.ID); call.Ask == "" && call.AtMS <= t.Clock.MonoMS {
			t.askAbout(c)
		}
	}
}

// chaseMS is when to ask again, 0 for never.
func (s State) chaseMS() int64 {
	next := int64(0)
	for _, c := range s.owing() {
		call, _ := s.call(c.Open.ID)
		if call.Ask == "" && s.World.Online && (next == 0 || call.AtMS < next) {
			next = call.AtMS
		}
	}
	return next
}

// relinked asks about everything at once when the hub is back.
func (t *turn) relinked() {
	calls := slices.Clone(t.World.Calls)
	for i := range calls {
		calls[i].AtMS, calls[i].Tries = 0, 0
	}
	t.World.Calls = calls
	t.chase()
}

// tenderAnswered takes the hub's answer to an Ask about a tender and reports
// whether it was one.
func (t *turn) tenderAnswered(h Answered) bool {
	call, ok := t.asked(h.ID)
	if !ok {
		return false
	}
	body, ok := h.Body.(*protocol.TenderState)
	if !ok || body.ID != call.Tender {
		t.unanswered(call)
		return true
	}
	call.Ask, call.Tries, call.AtMS = "", 0, t.Clock.MonoMS+pollMS
	t.putCall(call)
	t.tenderTold(body)
	t.hurryCancel(call)
	return true
}

// hurryCancel asks at once for the end that a person wished for while another
// question was out.
func (t *turn) hurryCancel(call Call) {
	at := t.cartOf(call.Tender)
	if at == nowhere || call.Verb == verbCancel {
		return
	}
	if o := t.cart(at).Open; o.Cancel && o.Phase == protocol.TenderWaiting {
		t.askAbout(t.cart(at))
	}
}

// tenderFailed takes the end of an Ask that had no answer.
func (t *turn) tenderFailed(h AskFailed) bool {
	call, ok := t.asked(h.ID)
	if !ok {
		return false
	}
	at := t.cartOf(call.Tender)
	switch {
	case at == nowhere:
		t.dropCall(call.Tender)
	case h.Refused && call.Verb == verbBegin:
		t.refusedTender(at, clean(h.Why))
	case h.Refused:
		t.unknownTender(at, call)
	default:
		t.unanswered(call)
	}
	return true
}

// asked returns the talk that an Ask belongs to.
func (s State) asked(ask string) (Call, bool) {
	i := slices.IndexFunc(s.World.Calls, func(c Call) bool { return c.Ask == ask && ask != "" })
	if i < 0 {
		return Call{}, false
	}
	return s.World.Calls[i], true
}

// unanswered lets some time pass before the same is asked again.
func (t *turn) unanswered(call Call) {
	call.Ask = ""
	call.AtMS = t.Clock.MonoMS + min(int64(retryMS)<<min(call.Tries, 10), retryMaxMS)
	t.putCall(call)
}

// refusedTender ends a tender that the hub will not begin.
func (t *turn) refusedTender(at int, why string) {
	o := *t.cart(at).Open
	o.Phase, o.Why = protocol.TenderDeclined, why
	t.putOpen(at, &o)
	t.dropCall(o.ID)
	t.sound(Refused)
}

// unknownTender asks for a tender anew, under its old id, that the hub does not
// know, as after a restored backup. One that was canceled before it came is told
// as that.
func (t *turn) unknownTender(at int, call Call) {
	o := *t.cart(at).Open
	o.Phase, o.N = "", 0
	t.putOpen(at, &o)
	t.unanswered(call)
}

// Where a cart is: the open one, or the place of a parked one.
const (
	here    = -1
	nowhere = -2
)

// cartOf finds the cart of an open tender.
func (s State) cartOf(tender string) int {
	has := func(c Basket) bool { return c.Open != nil && c.Open.ID == tender }
	if has(s.Durable.Cart) {
		return here
	}
	if i := slices.IndexFunc(s.Durable.Parked, has); i >= 0 {
		return i
	}
	return nowhere
}

func (s State) cart(at int) Basket {
	if at == here {
		return s.Durable.Cart
	}
	return s.Durable.Parked[at]
}

func (t *turn) putCart(at int, c Basket) {
	if at == here {
		t.Durable.Cart = c
		return
	}
	t.Durable.Parked = slices.Clone(t.Durable.Parked)
	t.Durable.Parked[at] = c
}

func (t *turn) putOpen(at int, o *Open) {
	c := t.cart(at)
	c.Open = o
	t.putCart(at, c)
}

// tenderTold takes the hub's word about a tender. A word about another tender,
// or older than one heard before, changes nothing.
func (t *turn) tenderTold(s *protocol.TenderState) {
	at := t.cartOf(s.ID)
	if at == nowhere {
		return
	}
	c := t.cart(at)
	o := *c.Open
	if o.ended() || o.Phase != "" && s.N <= o.N {
		return
	}
	o.Phase, o.N, o.Why = s.Phase, s.N, clean(s.Why)
	if s.Sale != c.ID || s.Tender != o.Tender || s.Amount != o.Amount {
		o.Phase, o.Why = protocol.TenderPerson, wordTenderDiffers
	}
	if o.Phase == protocol.TenderTaken && s.Taken == 0 {
		o.Phase, o.Why = protocol.TenderDeclined, wordNothingTaken
	}
	t.putOpen(at, &o)
	t.tenderMoved(at, o, s)
}

// tenderMoved does what the new phase of a tender brings with it.
func (t *turn) tenderMoved(at int, o Open, s *protocol.TenderState) {
	if t.kiosk() {
		t.touched() // a customer has time to read how it ended
	}
	switch o.Phase {
	case protocol.TenderTaken:
		t.dropCall(o.ID)
		t.took(at, o, s)
	case protocol.TenderCanceled:
		t.dropCall(o.ID)
		if at == here && o.Cancel {
			t.putOpen(at, nil)
			t.paying()
			t.toast(PartOK, wordCanceled)
		}
	case protocol.TenderDeclined:
		t.dropCall(o.ID)
		t.sound(Refused)
	case protocol.TenderPerson:
		t.sound(Attention)
	}
}

// took writes down money that the hub has moved.
func (t *turn) took(at int, o Open, s *protocol.TenderState) {
	c := t.cart(at)
	c.Open = nil
	c.Paid = append(slices.Clone(c.Paid), protocol.Payment{
		ID: o.ID, Tender: o.Tender, Amount: s.Taken, Tendered: s.Taken, Ref: clean(s.Ref), Words: wordTook(s), Of: o.Of,
	})
	t.putCart(at, c)
	if s.Code != "" {
		t.paper(o.ID, slip.Credit(t.Durable.Settings.Shop, c.Rules.Currency, -s.Taken, clean(s.Code), t.Clock.WallMS))
	}
	if at != here {
		t.notice(wordParkedPaid(parkedTitle(c), s.Taken))
		return
	}
	if o.Amount < 0 {
		t.toast(PartOK, wordGaveBack(-s.Taken, o.Tender))
	}
	t.Visit.Part = 0
	t.advance()
}

// cancelTender asks the hub to end the open tender of the cart.
func (t *turn) cancelTender() {
	o := *t.Durable.Cart.Open
	o.Cancel = true
	t.Durable.Cart.Open = &o
	if call, _ := t.call(o.ID); call.Ask == "" {
		t.askAbout(t.Durable.Cart)
	}
}
