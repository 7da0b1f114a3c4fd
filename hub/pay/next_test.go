package pay_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kickstand/hub/pay"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// row is an attempt of payment p, begun so long before noon.
func row(step pay.Step, n int, s pay.State, object, code string, ago time.Duration) pay.Attempt {
	r := pay.Request{Step: step, Shop: "demo", Payment: "p", Sale: "s", Reader: reader}
	if step == pay.StepCreate {
		r.Amount, r.Currency, r.Methods = 2599, "cad", "card_present"
	} else {
		r.Intent = "pi_1"
	}
	return pay.Attempt{
		Key: pay.Key("demo", "p", step, n), Hash: pay.Hash(r), N: n, Request: r,
		Begun: noon.Add(-ago), State: s, Object: object, Code: code,
	}
}

func intent(status string) *pay.Intent {
	in := &pay.Intent{ID: "pi_1", Status: status, Amount: 2599, Currency: "cad"}
	if status == "succeeded" {
		in.Received = 2599
	}
	return in
}

func TestNext(t *testing.T) {
	const open = "requires_payment_method"
	unsure := row(pay.StepCreate, 1, pay.Open, "", "", time.Minute)
	old := row(pay.StepCreate, 1, pay.Open, "", "", 24*time.Hour)
	made := row(pay.StepCreate, 1, pay.Done, "pi_1", "", time.Minute)
	asks := row(pay.StepProcess, 1, pay.Done, reader, "", time.Minute)
	sent := row(pay.StepProcess, 1, pay.Open, "", "", time.Minute)
	nope := row(pay.StepProcess, 1, pay.Refused, "", "expired_card", time.Minute)
	ours := &pay.Action{Intent: "pi_1", Status: "in_progress"}
	rows := []struct {
		name string
		k    pay.Known
		want string // kind, then what identifies the move
	}{
		{"an unknown create is replayed under its key", pay.Known{Attempts: []pay.Attempt{unsure}}, "replay " + unsure.Key},
		{"a stored failure is looked up", pay.Known{Attempts: []pay.Attempt{unsure}, Failed: unsure.Key}, "find " + unsure.Key},
		{"what the list has is taken over", pay.Known{Attempts: []pay.Attempt{unsure}, Failed: unsure.Key, Looked: true, Found: "pi_1"}, "mark done"},
		{"what the list lacks was not done", pay.Known{Attempts: []pay.Attempt{unsure}, Failed: unsure.Key, Looked: true}, "mark refused"},
		{"after 23 hours nothing is replayed", pay.Known{Attempts: []pay.Attempt{old}}, "find " + old.Key},
		{"an old one that the list lacks goes to a person", pay.Known{Attempts: []pay.Attempt{old}, Looked: true}, "rest unknown person"},
		{"the intent is read before the reader is asked", pay.Known{Attempts: []pay.Attempt{made}}, "read intent"},
		{"an open intent goes to the reader", pay.Known{Attempts: []pay.Attempt{made}, Intent: intent(open)}, "send process"},
		{"an unknown process is replayed", pay.Known{Attempts: []pay.Attempt{made, sent}, Intent: intent(open)}, "replay " + sent.Key},
		{"the reader is read before the intent", pay.Known{Attempts: []pay.Attempt{made, asks}}, "read reader"},
		{"the reader waits for a card", pay.Known{Attempts: []pay.Attempt{made, asks}, Action: ours, Intent: intent(open)}, "rest waiting"},
		{"a failed action is noted", pay.Known{Attempts: []pay.Attempt{made, asks}, Action: &pay.Action{Intent: "pi_1", Status: "failed", Code: "expired_card"}, Intent: intent(open)}, "mark refused"},
		{"a reader that was taken over is noted", pay.Known{Attempts: []pay.Attempt{made, asks}, Action: &pay.Action{Intent: "pi_2", Status: "in_progress"}, Intent: intent(open)}, "mark refused"},
		{"a decline waits for the shop", pay.Known{Attempts: []pay.Attempt{made, nope}, Intent: intent(open)}, "rest declined"},
		{"one more try is the next attempt", pay.Known{Attempts: []pay.Attempt{made, nope}, Intent: intent(open), Want: pay.Again}, "send process"},
		{"a success after a decline is a sale", pay.Known{Attempts: []pay.Attempt{made, nope}, Intent: intent("succeeded")}, "rest captured"},
		{"a stop that meets a success is a sale", pay.Known{Attempts: []pay.Attempt{made, asks}, Action: ours, Intent: intent("succeeded"), Want: pay.Stop}, "rest captured"},
		{"a stop takes the payment off the reader", pay.Known{Attempts: []pay.Attempt{made, asks}, Action: ours, Intent: intent(open), Want: pay.Stop}, "send stop"},
		{"a stop leaves the payment of another till alone", pay.Known{Attempts: []pay.Attempt{made, asks}, Action: &pay.Action{Intent: "pi_2", Status: "in_progress"}, Intent: intent(open), Want: pay.Stop}, "send cancel"},
		{"the bank is at it", pay.Known{Attempts: []pay.Attempt{made, asks}, Action: ours, Intent: intent("processing"), Want: pay.Stop}, "rest waiting"},
		{"an authorised card is for a person", pay.Known{Attempts: []pay.Attempt{made}, Intent: intent("requires_capture")}, "rest unknown person"},
		{"another amount is for a person", pay.Known{Attempts: []pay.Attempt{made}, Intent: &pay.Intent{ID: "pi_1", Status: "succeeded", Received: 1, Currency: "cad"}}, "rest captured person"},
		{"a refused create charged nothing", pay.Known{Attempts: []pay.Attempt{row(pay.StepCreate, 1, pay.Refused, "", "amount_too_small", 0)}}, "rest canceled"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			row.k.Now = noon
			if got := brief(pay.Next(row.k)); got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}

func brief(m pay.Move) string {
	s := string(m.Kind)
	switch m.Kind {
	case pay.Send:
		s += " " + string(m.Request.Step)
	case pay.Replay, pay.Find:
		s += " " + m.Key
	case pay.Mark:
		s += " " + string(m.State)
	case pay.Rest:
		s += " " + string(m.Status.Outcome)
	}
	if m.Status.Person {
		s += " person"
	}
	return s
}

// known makes up knowledge, likely or not.
func known(r *rand.Rand) pay.Known {
	pick := func(all ...string) string { return all[r.IntN(len(all))] }
	states := []pay.State{pay.Open, pay.Done, pay.Refused}
	k := pay.Known{Now: noon, Want: pay.Want(r.IntN(3)), Looked: r.IntN(2) == 0, Found: pick("", "pi_1")}
	mode := []pay.Mode{pay.Direct, pay.OnHold, pay.Saving, pay.Web, pay.WebHold, pay.WebSave}[r.IntN(6)]
	for _, step := range []pay.Step{pay.StepCreate, pay.StepProcess, pay.StepStop, pay.StepCancel, pay.StepExpire, pay.StepIncrement, pay.StepCapture} {
		times := r.IntN(3)
		if step == pay.StepCreate {
			times = 1
		}
		for n := 1; n <= times; n++ {
			s := states[r.IntN(3)]
			if n < times && s == pay.Open {
				s = pay.Refused
			}
			a := row(step, n, s, "pi_1", pick("", "expired_card", pay.CodeNotExecuted), time.Duration(r.IntN(40)-10)*time.Hour)
			a.Request.Mode = mode
			if step == pay.StepCapture || step == pay.StepIncrement {
				a.Request.Amount = 1000
			}
			k.Attempts = append(k.Attempts, a)
			if r.IntN(6) == 0 {
				k.Failed = a.Key
			}
			if r.IntN(4) == 0 {
				k.Tried = append(k.Tried, step)
			}
		}
	}
	if r.IntN(3) > 0 {
		k.Session = &pay.Session{ID: "cs_1", Status: pick("open", "complete", "expired", "new_to_us"), URL: "https://x", Intent: pick("", "pi_1")}
	}
	if r.IntN(2) == 0 {
		k.Action = &pay.Action{Intent: pick("", "pi_1", "pi_2"), Status: pick("in_progress", "succeeded", "failed"), Code: pick("", "card_declined")}
	}
	if r.IntN(3) > 0 {
		k.Intent = intent(pick("requires_payment_method", "processing", "succeeded", "canceled", "requires_capture", "requires_action", "new_to_us"))
		k.Intent.Method = pick("", "pm_1")
		k.Intent.Ended = pick("", "automatic", "requested_by_customer")
		k.Intent.Capturable = int64(500 * r.IntN(6))
	}
	return k
}

// TestNextNever checks on made-up knowledge what must hold whatever is known.
func TestNextNever(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 50_000 {
		k := known(r)
		m := pay.Next(k)
		if d := cmpMoves(m, pay.Next(k)); d != "" {
			t.Fatalf("two answers to one question: %s", d)
		}
		if why := wrong(k, m); why != "" {
			t.Fatalf("%s\nknown %+v\nmove  %+v", why, k, m)
		}
	}
}

func cmpMoves(a, b pay.Move) string {
	if a == b {
		return ""
	}
	return cmp.Diff(a, b)
}

// wrong says which law a move breaks.
func wrong(k pay.Known, m pay.Move) string {
	status := ""
	if k.Intent != nil {
		status = k.Intent.Status
	}
	for _, a := range k.Attempts {
		age := k.Now.Sub(a.Begun)
		young := age < pay.MaxReplay && age > -2*time.Hour
		switch {
		case m.Kind == pay.Send && m.Request.Step == a.Request.Step && m.N <= a.N:
			return "a key is used for a second request"
		case m.Kind == pay.Send && m.Request.Step == a.Request.Step && a.State == pay.Open:
			return "a new key while the old one is unsettled"
		case m.Kind == pay.Replay && m.Key == a.Key && (!young || a.State != pay.Open):
			return "a replay of what is too old or settled"
		}
	}
	if why := wrongHold(k, m, status); why != "" {
		return why
	}
	unkept := status == "succeeded" && k.Intent.Method == "" && (k.Attempts[0].Request.Mode == pay.Saving || k.Attempts[0].Request.Mode == pay.WebSave)
	ended := unkept || status == "canceled" || k.Session != nil && k.Session.Status == "expired"
	switch {
	case m.Kind == pay.Send && m.Request.Step == pay.StepCreate:
		return "a second intent"
	case m.Kind == pay.Send && m.Request.Step != pay.StepExpire && (status == "" || status == "succeeded" || status == "canceled" || status == "processing"):
		return "a change to an intent that is not known to be open"
	case m.Kind == pay.Send && m.Request.Step == pay.StepProcess && k.Want == pay.Stop:
		return "a card is asked for although the shop wants to stop"
	case m.Kind == pay.Rest && m.Status.Outcome == pay.Captured && status != "succeeded":
		return "captured without a success"
	case m.Kind == pay.Rest && m.Status.Outcome == pay.Canceled && !ended && k.Attempts[0].State != pay.Refused:
		return "canceled without a cancellation"
	case m.Kind == pay.Rest && m.Status.Outcome == pay.Declined && status == "succeeded":
		return "declined although the card was charged"
	case m.Kind == pay.Rest && m.Status.Outcome == pay.Unknown && m.Status.After == 0 && !m.Status.Person:
		return "unknown, and nobody is to look again"
	}
	return ""
}

// wrongHold says which law of holds, saved cards and pages a move breaks.
func wrongHold(k pay.Known, m pay.Move, status string) string {
	mode, rest := k.Attempts[0].Request.Mode, m.Kind == pay.Rest
	held := mode == pay.OnHold || mode == pay.WebHold
	wanted := false
	for _, a := range k.Attempts {
		wanted = wanted || a.Request.Step == pay.StepCapture
	}
	switch {
	case rest && m.Status.Outcome == pay.Held && (status != "requires_capture" || !held || wanted):
		return "held, and it is not"
	case rest && m.Status.Outcome == pay.CaptureDue && (status != "requires_capture" || !wanted):
		return "due, and it is not"
	case rest && m.Status.Outcome == pay.CaptureDue && m.Status.After == 0 && !m.Status.Person:
		return "due, and nobody is to try again"
	case rest && m.Status.Outcome == pay.Lapsed && (status != "canceled" || k.Intent.Ended != "automatic"):
		return "lapsed, and it has not"
	case rest && m.Status.Outcome == pay.Saved && (status != "succeeded" || mode != pay.Saving && mode != pay.WebSave):
		return "saved, and it is not"
	case rest && m.Status.Outcome == pay.Captured && (mode == pay.Saving || mode == pay.WebSave):
		return "captured, and there is no money"
	case m.Kind == pay.Send && m.Request.Step == pay.StepCapture && (status != "requires_capture" || k.Want == pay.Stop):
		return "a capture of what is not held, or is to be released"
	case m.Kind == pay.Send && m.Request.Step == pay.StepExpire && (k.Session == nil || k.Session.Status == "complete" || k.Session.Status == "expired"):
		return "a page is closed that is not known to be open"
	}
	return ""
}
