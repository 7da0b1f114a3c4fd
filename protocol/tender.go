package protocol

import (
	"errors"
	"fmt"

	"kickstand/protocol/money"
)

// MaxCode is the longest code of a gift card or deposit, in bytes.
const MaxCode = 40

// TenderBegin asks the hub to take money, or to give it back, by a tender that
// only the hub can carry out. The id is the payment's: minted once by the device
// and stored before the first question, so that the same TenderBegin may be asked
// any number of times and moves money once. The answer is a TenderState; later
// ones come unasked on Tell, and a device that was away asks with TenderAsk.
type TenderBegin struct {
	ID       string      `json:"id"`
	Sale     string      `json:"sale"`
	Operator string      `json:"operator"` // empty at a kiosk
	Tender   Tender      `json:"tender"`
	Amount   money.Cents `json:"amount"`         // not 0; below 0 gives back
	Currency string      `json:"currency"`       // ISO 4217
	Code     string      `json:"code,omitempty"` // of the gift card or deposit, as scanned or typed
	Of       string      `json:"of,omitempty"`   // giving back: id of the payment it goes back to; empty: a new store credit
}

// Kind returns KindTenderBegin.
func (*TenderBegin) Kind() Kind { return KindTenderBegin }

// Check reports malformed ids, a tender the hub has no part in, and an amount of
// nothing.
func (b *TenderBegin) Check() error {
	switch {
	case CheckID(b.ID) != nil || CheckID(b.Sale) != nil || (b.Operator != "" && CheckID(b.Operator) != nil) || (b.Of != "" && CheckID(b.Of) != nil):
		return errors.New("id, sale, operator and of must be ids")
	case !b.Tender.ByHub():
		return unknownTender(b.Tender)
	case b.Amount == 0 || b.Amount > money.MaxAmount || b.Amount < -money.MaxAmount:
		return fmt.Errorf("amount %v cannot be taken or given", b.Amount)
	case len(b.Currency) != 3:
		return fmt.Errorf("currency %.20q is not three letters", b.Currency)
	case len(b.Code) > MaxCode:
		return fmt.Errorf("code is longer than %d bytes", MaxCode)
	}
	return checkTexts(b.Code)
}

func unknownTender(t Tender) error {
	return fmt.Errorf("the hub does not carry out tender %.20q", string(t))
}

// TenderAsk asks how a tender fares. It changes nothing.
type TenderAsk struct {
	ID string `json:"id"`
}

// Kind returns KindTenderAsk.
func (*TenderAsk) Kind() Kind { return KindTenderAsk }

// Check reports a malformed id.
func (a *TenderAsk) Check() error { return CheckID(a.ID) }

// TenderCancel asks the hub to end a tender without money. The answer may be
// TenderTaken all the same: then the money was taken before, and it is a payment.
type TenderCancel struct {
	ID string `json:"id"`
}

// Kind returns KindTenderCancel.
func (*TenderCancel) Kind() Kind { return KindTenderCancel }

// Check reports a malformed id.
func (c *TenderCancel) Check() error { return CheckID(c.ID) }

// TenderPhase is how far a tender is.
type TenderPhase string

// The phases. Taken, Declined, Canceled and Person are final; a declined card may
// be tried again as a new tender with a new id.
const (
	TenderWaiting  TenderPhase = "waiting"  // the reader asks for a card; it may be canceled
	TenderChecking TenderPhase = "checking" // what became of it is not known yet: nothing else may be taken meanwhile
	TenderTaken    TenderPhase = "taken"    // the money moved, once
	TenderDeclined TenderPhase = "declined" // no money moved
	TenderCanceled TenderPhase = "canceled" // no money moved, and none will
	TenderPerson   TenderPhase = "person"   // a person must look it up; money may have moved
)

// Final reports whether the phase never changes again by itself.
func (p TenderPhase) Final() bool { return p != TenderWaiting && p != TenderChecking }

// TenderState is how a tender fares.
type TenderState struct {
	ID     string      `json:"id"`
	Sale   string      `json:"sale"`
	Tender Tender      `json:"tender"`
	Phase  TenderPhase `json:"phase"`
	N      int64       `json:"n"`               // grows with every change: an older state is late
	Amount money.Cents `json:"amount"`          // asked for
	Taken  money.Cents `json:"taken"`           // moved, of the sign of Amount; a gift card may cover a part
	Left   money.Cents `json:"left"`            // on the gift card, credit or deposit afterwards
	Ref    string      `json:"ref,omitempty"`   // for the payment's Ref
	Code   string      `json:"code,omitempty"`  // whole code of a store credit that was newly made, to print
	Words  string      `json:"words,omitempty"` // for the receipt, "Visa 4242"
	Why    string      `json:"why,omitempty"`   // declined, checking, person: what happened and what to do, in plain words
}

// Kind returns KindTenderState.
func (*TenderState) Kind() Kind { return KindTenderState }

// Check reports malformed ids, an unknown phase, and money that moved the wrong
// way or beyond what was asked for.
func (s *TenderState) Check() error {
	switch s.Phase {
	case TenderWaiting, TenderChecking, TenderTaken, TenderDeclined, TenderCanceled, TenderPerson:
	default:
		return fmt.Errorf("unknown phase %.20q", string(s.Phase))
	}
	switch {
	case CheckID(s.ID) != nil || CheckID(s.Sale) != nil:
		return errors.New("id and sale must be ids")
	case s.Taken != 0 && s.Phase != TenderTaken:
		return fmt.Errorf("%v was taken, and the tender is %s", s.Taken, s.Phase)
	case s.Amount > 0 && (s.Taken < 0 || s.Taken > s.Amount), s.Amount < 0 && (s.Taken > 0 || s.Taken < s.Amount):
		return fmt.Errorf("%v was taken of %v", s.Taken, s.Amount)
	}
	return checkTexts(s.Ref, s.Code, s.Words, s.Why)
}
