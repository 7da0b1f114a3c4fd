package scene

import "kickstand/device/flow"

// UI is what lives on the glass only: what is pressed and how far the list is
// scrolled. The zero UI is untouched. It is a plain value; keep the one that
// [UI.Pointer] returned and hand it to [Layout].
type UI struct {
	Pressed string // id of the node that is drawn pressed, empty when none
	Scroll  Scroll
	touch   touch
	last    tapped // on a primary action
	before  tapped // on anything
}

// touch is the finger on the glass.
type touch struct {
	down     bool
	finger   int
	screen   string
	id       string // interactive node under it at the press
	x, y     int    // of the press
	inList   bool
	dragging bool
	offset   int // of the list at the press
}

// tapped is an earlier tap.
type tapped struct {
	id     string
	screen string
	at     int64
}

// finished is the screen after a payment. The second half of a double tap on
// any way to pay must do nothing there.
const finished = string(flow.ScreenDone)

// Pointer is a touch or a mouse button.
type Pointer struct {
	Kind   PointerKind
	X, Y   int   // pixels
	At     int64 // monotonic, ms
	Finger int   // 0 unless the panel tells fingers apart
}

// PointerKind is what a pointer did.
type PointerKind uint8

// What a pointer does.
const (
	Press PointerKind = iota + 1
	Move
	Release
	Cancel // the system took the touch away
)

const (
	dragMM     = 3.0 // a finger that moved further in a list drags it
	bounceMS   = 150 // two taps of one finger this close are one
	surpriseMS = 400 // nobody has read the next screen so soon
)

// Pointer moves the touch state on and returns the id of the node that was
// tapped, or "". l is the list that is on the glass.
//
// A tap is a press and a release inside the same node of the same screen, no
// matter how short. In a list a finger that moved more than 3 mm drags and
// does not tap. A second finger is ignored. A primary action tapped again
// within 150 ms counts once, and for 400 ms a tap on one screen's primary
// action keeps the next screen's, which lies at the same place, from being
// tapped by accident. Within 400 ms of any tap before it, the screen of a
// finished sale takes none. Nodes that are not enabled are reported too, so that
// the flow can say why.
func (u UI) Pointer(l List, ev Pointer) (UI, string) {
	if u.touch.down && ev.Finger != u.touch.finger {
		return u, ""
	}
	switch ev.Kind {
	case Press:
		return u.press(l, ev), ""
	case Move:
		return u.move(l, ev), ""
	case Release:
		return u.release(l, ev)
	case Cancel:
		return u.lift(), ""
	}
	return u, ""
}

func (u UI) press(l List, ev Pointer) UI {
	u = u.lift()
	u.Scroll = l.Scroll
	u.touch = touch{
		down: true, finger: ev.Finger, screen: l.Screen, x: ev.X, y: ev.Y,
		inList: l.Scroll.View.Has(ev.X, ev.Y), offset: l.Scroll.Offset,
	}
	if n, ok := l.At(ev.X, ev.Y); ok {
		u.touch.id = n.ID
	}
	return u.look(l, ev)
}

func (u UI) move(l List, ev Pointer) UI {
	if !u.touch.down {
		return u
	}
	dx, dy := ev.X-u.touch.x, ev.Y-u.touch.y
	limit := int(dragMM * l.PxPerMM)
	if u.touch.inList && dx*dx+dy*dy > limit*limit {
		u.touch.dragging = true
	}
	if u.touch.dragging && l.Scroll.Key == u.Scroll.Key {
		u.Scroll = l.Scroll
		u.Scroll.Offset = min(max(u.touch.offset-dy, 0), l.Scroll.Max)
	}
	return u.look(l, ev)
}

func (u UI) release(l List, ev Pointer) (UI, string) {
	if !u.touch.down {
		return u, ""
	}
	u = u.move(l, ev)
	n, hit := u.under(l, ev)
	u = u.lift()
	before := u.before
	if !hit || l.Screen == finished && before.screen != finished && ev.At-before.at < surpriseMS {
		return u, ""
	}
	u.before = tapped{screen: l.Screen, at: ev.At}
	if !n.Primary {
		return u, n.ID
	}
	gap := ev.At - u.last.at
	if u.last.id == n.ID && gap < bounceMS || u.last.id != "" && u.last.id != n.ID && gap < surpriseMS {
		return u, ""
	}
	u.last = tapped{id: n.ID, at: ev.At}
	return u, n.ID
}

// look keeps the pressed look with the finger: it goes while the finger is
// outside the node, and for good once a list is dragged.
func (u UI) look(l List, ev Pointer) UI {
	u.Pressed = ""
	if n, ok := u.under(l, ev); ok && n.Enabled {
		u.Pressed = n.ID
	}
	return u
}

// under returns the pressed node if the finger is still on it.
func (u UI) under(l List, ev Pointer) (Node, bool) {
	if u.touch.id == "" || u.touch.dragging || l.Screen != u.touch.screen {
		return Node{}, false
	}
	n, ok := l.At(ev.X, ev.Y)
	return n, ok && n.ID == u.touch.id
}

func (u UI) lift() UI {
	u.Pressed, u.touch = "", touch{}
	return u
}
