package tender

import (
	"time"

	"kickstand/hub/pay"
	"kickstand/hub/store"
	"kickstand/protocol"
)

const (
	// longAway is how old an open tender may be that a new process finds: after
	// that the customer may be gone, and no card is asked for again.
	longAway = 2 * time.Minute
	// longWait is how long a reader asks for a card.
	longWait = 15 * time.Minute
)

// want is what is to be done about a card payment.
type want struct {
	stop bool
	why  string // told when it ends without money
}

// wanted decides whether a card payment goes on. found says that this process
// looks at it for the first time.
func wanted(x store.Tender, now time.Time, found bool) want {
	waited := now.Sub(time.UnixMilli(x.BegunMS))
	away := now.Sub(time.UnixMilli(x.ChangedMS))
	switch {
	case x.Stop:
		return want{stop: true}
	case found && away > longAway:
		return want{stop: true, why: wordsLong}
	case waited > longWait:
		return want{stop: true, why: wordsNobody}
	}
	return want{}
}

// next is what becomes of a tender when the card service has said how it stands.
// It is pure, and a final tender stays as it is.
func next(x store.Tender, s pay.Status) store.Tender {
	if x.Phase.Final() {
		return x
	}
	if s.Intent != "" {
		x.Intent = s.Intent
	}
	switch {
	case s.Person:
		x.Phase, x.Taken, x.Code, x.Why = protocol.TenderPerson, s.Amount, s.Code, s.Text
	case s.Outcome == pay.Captured:
		x.Phase, x.Taken, x.Why, x.Code = protocol.TenderTaken, s.Amount, "", ""
		x.Ref, x.Words = s.Intent, cardWords(s.Card)
	case s.Outcome == pay.Refunded:
		x.Phase, x.Taken, x.Why = protocol.TenderTaken, -s.Amount, ""
		x.Ref = s.Refund
	case s.Outcome == pay.Declined && x.Amount < 0:
		decline(&x, s.Code, s.Text)
	case s.Outcome == pay.Declined: // over only once the intent is canceled
		x.Phase, x.Stop, x.Code, x.Why = protocol.TenderChecking, true, s.Code, s.Text
	case s.Outcome == pay.Canceled && s.Code != "":
		decline(&x, s.Code, s.Text)
	case s.Outcome == pay.Canceled && x.Code != "":
		decline(&x, x.Code, pay.Reason(x.Code))
	case s.Outcome == pay.Canceled:
		x.Phase = protocol.TenderCanceled
		if x.Why == wordsStopping {
			x.Why = ""
		}
	case s.Outcome == pay.Waiting && !x.Stop:
		x.Phase, x.Why = protocol.TenderWaiting, ""
	case s.Outcome == pay.Unknown:
		x.Phase, x.Why = protocol.TenderChecking, s.Text
	}
	return x
}

// news reports whether a device must hear of the change, or the row must keep it.
func news(was, is store.Tender) bool {
	return was.Phase != is.Phase || was.Why != is.Why || was.Intent != is.Intent || was.Stop != is.Stop || was.Code != is.Code
}
