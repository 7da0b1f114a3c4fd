package pay

import "strings"

// NextRefund decides the next move of a refund whose attempt is stored. It is
// pure. Want Again looks once more at what was given back. A refused refund is
// over: whoever asks again needs a new id.
func NextRefund(k Known) Move {
	a, ok := last(k.Attempts, StepRefund)
	if !ok {
		return k.rest(Status{Outcome: Canceled})
	}
	m := k.refund(a)
	if m.Kind == Rest {
		m.Status.Payment, m.Status.Intent = a.Request.Payment, a.Request.Intent
	}
	return m
}

func (k Known) refund(a Attempt) Move {
	switch {
	case a.Request.Mode == Present && a.State != Refused && !strings.HasPrefix(a.Object, "re_"):
		return k.atReader(a)
	case a.State == Done:
		if k.Want == Again && k.Back == nil {
			return Move{Kind: ReadBack, Object: a.Object}
		}
		if k.Back != nil && !k.Back.Gave() {
			return Move{Kind: Mark, Key: a.Key, State: Refused, Code: codeReturned}
		}
		return k.rest(Status{Outcome: Refunded, Amount: a.Request.Amount, Refund: a.Object})
	case a.State == Refused:
		return k.rest(Status{Outcome: Declined, Code: a.Code})
	}
	return k.settle(a)
}

// atReader goes on with a refund for which a reader wants the card. The reader is
// read before the list of refunds, which has the last word: what has ended at the
// reader and is not on the list was not given back.
func (k Known) atReader(a Attempt) Move {
	open := a.State == Open
	switch {
	case open && !k.old(a) && k.Failed != a.Key && k.Want != Stop:
		return Move{Kind: Replay, Key: a.Key}
	case k.Action == nil:
		return Move{Kind: ReadReader, Object: a.Request.Reader}
	case !k.Looked:
		return Move{Kind: Find, Key: a.Key}
	case k.Found != "":
		return Move{Kind: Mark, Key: a.Key, State: Done, Object: k.Found}
	case open && k.old(a):
		return k.rest(Status{Outcome: Unknown, Code: CodeTooOld, Person: true})
	}
	ours := k.Action.Refund == a.Request.Payment
	switch {
	case ours && k.Action.Status == "in_progress" && k.Want == Stop:
		return k.stopRefund(a)
	case ours && k.Action.Status == "in_progress" && open:
		return Move{Kind: Mark, Key: a.Key, State: Done, Object: a.Request.Reader}
	case ours && k.Action.Status == "in_progress":
		return k.rest(Status{Outcome: Waiting, After: pollReader})
	case ours && k.Action.Status == "succeeded": // and the list does not have it yet
		return k.rest(Status{Outcome: Unknown, Code: CodeOffline, After: pollUnknown})
	case ours:
		return Move{Kind: Mark, Key: a.Key, State: Refused, Code: k.Action.Code}
	case open && k.Failed != a.Key: // it may still be on its way to the reader
		return Move{Kind: Replay, Key: a.Key}
	case open:
		return Move{Kind: Mark, Key: a.Key, State: Refused, Code: CodeNotExecuted}
	}
	return Move{Kind: Mark, Key: a.Key, State: Refused, Code: CodeInterrupted}
}

// stopRefund has the reader stop asking, once in a turn.
func (k Known) stopRefund(a Attempt) Move {
	s, sent := last(k.Attempts, StepStop)
	switch {
	case sent && s.State == Open && k.Failed == s.Key: // it asks on: the next turn tries again
		return Move{Kind: Mark, Key: s.Key, State: Refused, Code: CodeNotExecuted}
	case k.tried(StepStop):
		return k.rest(Status{Outcome: Unknown, Code: CodeOffline, After: pollUnknown})
	case sent && s.State == Open && !k.old(s):
		return Move{Kind: Replay, Key: s.Key}
	case sent && s.State == Open:
		return Move{Kind: Mark, Key: s.Key, State: Refused, Code: CodeNotExecuted}
	}
	r := a.Request
	r.Step, r.Amount, r.Currency = StepStop, 0, ""
	return Move{Kind: Send, Request: r, N: s.N + 1}
}
