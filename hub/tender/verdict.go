package tender

import (
	"errors"
	"regexp"
	"time"

	"kickstand/hub/store"
	"kickstand/protocol"
)

// Stuck is how long the end of a payment may be unknown before a person may say
// how it ended: the card service may be out of reach for days, or its key gone.
const Stuck = 30 * time.Minute

// Verdict is what a person says about a payment whose end is not known.
type Verdict string

const (
	// Moved says that exactly the amount was charged, or given back.
	Moved Verdict = "moved"
	// Nothing says that no money moved and none can move any more.
	Nothing Verdict = "nothing"
	// Again has the card service asked once more, from the phase person. A charge is
	// ended there unless it has succeeded; it is never begun anew.
	Again Verdict = "again"
)

var (
	// ErrNotPerson is returned for a tender that waits for nobody.
	ErrNotPerson = errors.New("nobody has to look this payment up")
	// ErrNoRef is returned for money that moved without a number of the card service.
	ErrNoRef = errors.New("the number of the card service is missing")
)

var (
	intentID = regexp.MustCompile(`^pi_[0-9A-Za-z_]{3,64}$`)
	refundID = regexp.MustCompile(`^(re|pyr)_[0-9A-Za-z_]{3,64}$`)
)

// codePerson says that a person decided.
const codePerson = "person"

const (
	wordsLookedUp   = "It was looked up: no money was taken."
	wordsNotBack    = "It was looked up: no money was given back."
	wordsAskedAgain = "The card service is asked once more."
)

// Settled is what becomes of a tender by a verdict; ref is the number of the
// payment or refund at the card service, for Moved where it is not known yet.
// Every verdict ends the phase person; Again can lead back to it.
func Settled(x store.Tender, v Verdict, ref string, now time.Time) (store.Tender, error) {
	stuck := x.Phase == protocol.TenderChecking && now.Sub(time.UnixMilli(x.BegunMS)) > Stuck && v != Again
	if x.Phase != protocol.TenderPerson && !stuck {
		return x, ErrNotPerson
	}
	x.Taken = 0
	switch {
	case v == Again:
		x.Phase, x.Stop, x.Code, x.Why = protocol.TenderChecking, x.Amount > 0, "", wordsAskedAgain
		return x, nil
	case v == Nothing && x.Amount < 0:
		decline(&x, codePerson, wordsNotBack)
		return x, nil
	case v == Nothing:
		x.Phase, x.Code, x.Why = protocol.TenderCanceled, codePerson, wordsLookedUp
		return x, nil
	case v != Moved:
		return x, errors.New("no such verdict")
	}
	return moved(x, ref)
}

// moved is money that went to or from a card; later refunds need the number.
func moved(x store.Tender, ref string) (store.Tender, error) {
	fits := intentID
	if x.Amount < 0 {
		fits = refundID
	}
	if known := x.Intent; x.Amount > 0 && known != "" {
		ref = known
	}
	if !fits.MatchString(ref) {
		return x, ErrNoRef
	}
	x.Phase, x.Taken, x.Ref, x.Code, x.Why = protocol.TenderTaken, x.Amount, ref, "", ""
	if x.Amount > 0 {
		x.Intent = ref
	}
	if x.Words == "" {
		x.Words = "Card"
	}
	return x, nil
}

// Settle carries a verdict out: the device hears of it, now or when it is back,
// and may go on with its sale.
func Settle(t *store.Tx, id string, v Verdict, ref string) (store.Tender, error) {
	x, err := t.Tender(id)
	if err != nil {
		return x, err
	}
	if x, err = Settled(x, v, ref, time.UnixMilli(t.AtMS())); err != nil {
		return x, err
	}
	if x, err = t.PutTender(x); err != nil {
		return x, err
	}
	if x.Phase.Final() {
		if err := ended(t, x); err != nil {
			return x, err
		}
	}
	return x, t.Tell(x.Device, state(x))
}
