package scene

import "kickstand/device/flow"

// Layout lays out one screen. It is a pure function: the same arguments give
// the same list.
func Layout(v flow.View, p Panel, prefs Prefs, f Fonts, ui UI) List {
	s := newSheet(v, p, prefs, f, ui)
	s.covered = v.Dialog != nil
	screen := Rect{W: p.W, H: p.H}
	s.fill(screen, s.ground, 0)
	s.screen(screen)
	if v.Dialog != nil {
		s.dialog()
	}
	return s.list
}

// screen draws the part of the view that its Screen names.
func (s *sheet) screen(r Rect) {
	switch {
	case s.view.Search != nil:
		s.search(r)
		return
	case s.view.Code != nil:
		s.code(r)
		return
	case s.view.Mail != nil:
		s.mail(r)
		return
	}
	body := s.below(r)
	switch v := s.view; {
	case v.Attract != nil:
		s.attract(body)
	case v.Cart != nil:
		s.sale(body)
	case v.Self != nil:
		s.self(body)
	case v.Ways != nil:
		s.ways(body)
	case v.Tender != nil:
		s.tender(body)
	case v.Pay != nil:
		s.pay(body)
	case v.Keypad != nil:
		s.number(body)
	case v.Done != nil:
		s.done(body)
	case v.QR != nil:
		s.qr(body)
	case v.List != nil:
		s.rows(body)
	case v.Price != nil:
		s.price(body)
	case v.Total != nil:
		s.total(body)
	default:
		s.loading(body)
	}
}

// below draws header and banner and returns what is left.
func (s *sheet) below(r Rect) Rect {
	h := s.header
	for _, b := range s.rest {
		if b.ID == "help" {
			h = max(h, s.target+s.gap)
		}
	}
	top, body := r.top(h)
	s.slim = s.tooLow(body)
	s.strip(top)
	if !s.slim {
		_, body = body.top(s.banner(body))
	}
	return body
}

// tooLow reports whether a banner would leave a keypad too little room.
func (s *sheet) tooLow(body Rect) bool {
	if s.view.Banner == nil || s.view.Pay == nil && s.view.Keypad == nil {
		return false
	}
	_, h := s.bannerRoom(body)
	_, _, slot := s.slots()
	return slot.Y-body.Y-h-s.pad-s.gap*2 < 4*s.target+3*s.gap
}

// slots are the places at the foot of every screen: the primary action bottom
// right, back bottom left, and what is between.
func (s *sheet) slots() (back, between, primary Rect) {
	foot := Rect{X: s.pad, Y: s.panel.H - s.pad - s.primaryH, W: s.panel.W - 2*s.pad, H: s.primaryH}
	primary, rest := foot.right(s.column - 2*s.pad)
	_, rest = rest.right(2 * s.pad)
	back, between = rest.left(max(s.column*45/100, s.target))
	_, between = between.left(s.gap)
	return back, between, primary
}

// foot places back, the primary action and all buttons that have no place yet.
// It returns the height it takes, margins included.
func (s *sheet) foot() int {
	back, between, primary := s.slots()
	if b, ok := s.takePrimary(); ok {
		s.buttonSized(primary, b, 1)
	} else if s.sideless() {
		between.W = primary.X + primary.W - between.X
	}
	if b, ok := s.take("back"); ok {
		s.button(back, b)
	} else {
		x := between.X + between.W
		between.X, between.W = back.X, x-back.X
	}
	if n := len(s.rest); n > 0 {
		cells := between.columns(max(n, between.W/max(s.column*65/100, 1)), s.gap)
		s.group(cells, s.rest)
		s.rest = nil
	}
	return s.primaryH + 2*s.pad
}

// sideless reports whether the screen has no column at the right.
func (s *sheet) sideless() bool {
	return s.view.List != nil || s.view.Loading != nil || s.view.Tender != nil
}

// sides cuts the column of the actions from the right and tints it.
func (s *sheet) sides(r Rect) (main, side Rect) {
	side, main = r.right(s.column)
	s.fill(side, s.side, 0)
	edge, _ := side.left(s.hairline)
	s.fill(edge, s.hair, 0)
	return main, side
}
