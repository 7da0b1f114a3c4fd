package flow

import "kickstand/protocol"

// How long a screen waits for a person, in ms.
const (
	parkMS   = 90_000  // counter, when the settings say nothing
	warnMS   = 60_000  // kiosk: then it asks
	calledMS = 300_000 // kiosk: after the staff was called
	leaveMS  = 20_000  // and waits this long for an answer (WCAG 2.2.1)
	stuckMS  = 30_000  // a print without an answer may be given up
	minute   = 60_000
)

// touched notes that a person is here.
func (t *turn) touched() { t.Clock.TouchMS = t.Clock.MonoMS }

// stay answers the question whether a customer is still here.
func (t *turn) stay() {
	if t.Visit.Ask.Kind == askIdle {
		t.Visit.Ask = Question{}
	}
}

// expire takes away what only stays for a while.
func (t *turn) expire() {
	if t.Visit.Toast.Text != "" && t.Clock.MonoMS >= t.Visit.Toast.UntilMS {
		t.Visit.Toast = Note{}
	}
}

// tick does what its time has come for.
func (t *turn) tick() {
	t.Clock.WakeMS = 0
	t.pump()
	t.chase()
	if at := t.idleMS(); at == 0 || t.Clock.MonoMS < at {
		return
	}
	if t.Role == protocol.Kiosk && t.Visit.Ask.Kind != askIdle {
		t.Visit.Ask = Question{Kind: askIdle, AtMS: t.Clock.MonoMS}
		t.sound(Attention)
		return
	}
	t.leave()
}

// leave ends a visit nobody goes on with. A sale is parked, never lost.
func (t *turn) leave() {
	switch {
	case t.kiosk() && t.free():
		t.reset()
		return
	case t.Durable.Cart.Locked:
		t.paying()
		return
	}
	lines := len(t.Durable.Cart.Lines)
	if lines > 0 {
		t.parkCart()
	}
	t.Durable.Cart = Basket{}
	t.reset()
	if lines > 0 {
		t.toast(PartOK, wordAutoParked)
	}
}

// idleMS is when the screen gives up waiting, 0 for never: there is nothing to
// leave, or money is being counted.
func (s State) idleMS() int64 {
	if s.counting() {
		return 0
	}
	switch s.Visit.Screen {
	case ScreenAttract:
		if s.Visit.Ask.Kind == "" {
			return 0
		}
	case ScreenPay, ScreenCash, ScreenPart, ScreenCode, ScreenTender:
		if s.Durable.Cart.Locked && (!s.kiosk() || !s.free()) {
			return 0
		}
	}
	if s.Role == protocol.Counter {
		return s.Clock.TouchMS + s.parkAfter()
	}
	if s.Visit.Ask.Kind == askIdle {
		return s.Visit.Ask.AtMS + leaveMS
	}
	if s.Durable.Cart.Help {
		return s.Clock.TouchMS + calledMS
	}
	return s.Clock.TouchMS + warnMS
}

func (s State) parkAfter() int64 {
	if s.Durable.Settings.IdleS > 0 {
		return int64(s.Durable.Settings.IdleS) * 1000
	}
	return parkMS
}

// setWake asks for the next Ticked that is needed. A Wake that is out and not
// later than needed stays: when it comes, the next one is worked out again.
func (t *turn) setWake() {
	t.setMinute()
	next := t.Clock.MinuteMS
	for _, at := range []int64{t.idleMS(), t.Visit.Toast.UntilMS, t.jobMS(), t.chaseMS(), t.secondMS()} {
		if at > t.Clock.MonoMS {
			next = min(next, at)
		}
	}
	out := t.Clock.WakeMS
	if out > t.Clock.MonoMS && out <= next {
		return
	}
	t.Clock.WakeMS = next
	t.do(Wake{MonoMS: next})
}

// setMinute finds the next full minute, when the time on the screen changes.
func (t *turn) setMinute() {
	if t.Clock.MinuteMS > t.Clock.MonoMS {
		return
	}
	past := t.Clock.WallMS % minute
	if past < 0 {
		past += minute
	}
	t.Clock.MinuteMS = t.Clock.MonoMS + minute - past
}
