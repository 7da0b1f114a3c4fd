package scene

import (
	"strings"

	"kickstand/device/flow"
)

// pay takes cash: what is due, large, at the left with the quick amounts; the
// keypad at the right above the action.
func (s *sheet) pay(r Rect) {
	main, side := s.sides(r)
	_, _, slot := s.slots()
	s.keypad(Rect{slot.X, side.Y + s.pad, slot.W, slot.Y - side.Y - s.pad - s.gap*2})
	foot := s.foot()
	main = main.inset(s.pad, s.pad)
	_, main = main.bottom(foot - s.pad)
	p := s.view.Pay
	quick, rest := main.bottom(s.quickHeight(len(p.Quick)))
	s.quick(quick, p.Quick)
	_, rest = rest.bottom(s.gap * 2)
	least := max(s.target, s.lineHeight(ink{step: 2})+s.lineHeight(ink{}))
	given, due := rest.bottom(max(least, min(rest.H*2/5, least*8/5)))
	s.given(given, p)
	_, due = due.bottom(s.gap)
	s.due(due, s.cashWords(p))
}

// cashWords is what is due in cash.
func (s *sheet) cashWords(p *flow.Pay) owed {
	o := owed{id: "due", label: "To pay", value: s.sum(p.Due)}
	if p.Rounding != 0 {
		o.note = s.sum(p.Total) + ", rounded " + s.signed(p.Rounding)
	}
	return o
}

const quickColumns = 3

func (s *sheet) quickHeight(n int) int { return s.gridHeight(n, quickColumns, s.target) }

// quick are the notes a customer is likely to hold out.
func (s *sheet) quick(r Rect, all []flow.Button) {
	if n := len(all); n > 0 {
		for i, cell := range r.grid(quickColumns, (n+quickColumns-1)/quickColumns, s.gap)[:n] {
			b := all[i]
			b.Icon = ""
			b.Label = s.moneyWords(b.Label)
			s.buttonSized(cell, b, 1)
		}
	}
}

// moneyWords writes an amount at the beginning of text with its currency.
func (s *sheet) moneyWords(text string) string {
	amount, rest, _ := strings.Cut(text, " ")
	c, ok := cents(amount)
	if !ok {
		return text
	}
	if rest != "" {
		rest = " " + rest
	}
	return s.sum(c) + rest
}

// due is an amount, as large as there is room, its name above it or, on a low
// panel, beside it.
func (s *sheet) due(r Rect, o owed) {
	label := ink{color: s.quiet, tabular: true}
	k := ink{step: 8, weight: Bold, color: s.ink, tabular: true, shrink: true}
	if f := s.fitted(k, o.value, r.W, r.H-s.lineHeight(label)); f.Px >= s.em(6) || r.H >= 6*s.lineHeight(label) {
		box := r.middle(r.W, s.lineHeight(label)+s.faceHeight(f))
		head, rest := box.top(s.lineHeight(label))
		at := s.text(head, o.label, label)
		_, side := head.left(at.W + s.gap*2)
		s.dueNote(side, o)
		s.say(o.id, o.label, o.value, s.line(rest, o.value, f, k))
		return
	}
	at := s.text(Rect{r.X, r.Y, r.W * 2 / 3, r.H}, o.value, k)
	s.say(o.id, o.label, o.value, at)
	_, side := r.left(at.W + s.gap*2)
	side = side.middle(side.W, 2*s.lineHeight(label))
	head, rest := side.top(s.lineHeight(label))
	label.align = right
	s.text(head, o.label, label)
	s.dueNote(rest, o)
}

// dueNote says what the amount is made of.
func (s *sheet) dueNote(r Rect, o owed) {
	if o.note != "" {
		s.say("due-note", o.note, o.note, s.text(r, o.note, ink{color: s.quiet, align: right, tabular: true, shrink: true}))
	}
}

// signed is an amount that is added or taken away.
func (s *sheet) signed(c flow.Cents) string {
	if c > 0 {
		return "+" + s.sum(c)
	}
	return s.sum(c)
}

// given is what was typed, and what it means: change, or what is missing.
func (s *sheet) given(r Rect, p *flow.Pay) {
	cells := r.shares([]int{10, 9}, s.gap*2)
	entered := p.Entered
	if entered != "" {
		entered = s.moneyWords(entered)
	}
	s.entry(cells[0], "entered", "Given", entered, "")
	switch {
	case p.Error != "":
		s.trouble(cells[1], p.Error)
	case p.Short > 0:
		s.result(cells[1], "short", "Missing", s.sum(p.Short), flow.PartWarning)
	case p.Entered != "":
		s.result(cells[1], "change", "Change", s.sum(p.Change), flow.PartOK)
	}
}

// entry is a field that shows what was typed, with the key that empties it.
func (s *sheet) entry(r Rect, id, label, value, unit string) {
	s.fill(r, s.card, s.radius)
	s.outline(r, s.edge, s.radius, s.hairline)
	clear, words := r.right(max(s.target, r.H))
	inner := words.inset(s.gap, s.gap/2)
	small, big := ink{color: s.quiet}, ink{step: 5, weight: Medium, color: s.ink, tabular: true, shrink: true}
	shown, ink2 := value, big
	if unit != "" && value != "" {
		shown = value + " " + unit
	}
	if value == "" {
		shown, ink2 = orDash(unit), ink{step: 5, color: s.quiet, shrink: true}
	}
	h := s.lineHeight(small)
	if inner.H >= h+s.lineHeight(ink{step: 1}) {
		head, rest := inner.top(h)
		s.text(head, label, small)
		s.text(rest, shown, ink2)
	} else {
		at := s.text(inner, label, small)
		_, rest := inner.left(at.W + s.gap*2)
		s.text(rest, shown, ink2)
	}
	s.node(Node{ID: id, Role: RoleInput, Label: label, Value: value, Enabled: true, Rect: words})
	s.clearKey(clear)
}

func orDash(unit string) string {
	if unit == "" {
		return "–"
	}
	return "– " + unit
}

// clearKey empties the field it stands in.
func (s *sheet) clearKey(r Rect) {
	if s.ui.Pressed == "key:clear" && !s.covered {
		s.fill(r.inset(s.hairline, s.hairline), s.press, s.radius)
	}
	s.icon(r.middle(s.iconSmall, s.iconSmall), "close", s.quiet)
	s.node(Node{ID: "key:clear", Role: RoleKey, Label: "Clear", Enabled: true, Rect: r})
}

// result is an amount with its meaning in icon, word and colour.
func (s *sheet) result(r Rect, id, label, value string, state flow.PartState) {
	c, tint, mark := s.tone(state)
	s.fill(r, tint, s.radius)
	inner := r.inset(s.gap, s.gap/2)
	small := ink{color: c, weight: Medium}
	size := s.em(0)
	head, rest := inner.top(s.lineHeight(small))
	sign, words := head.left(size)
	_, words = words.left(s.gap / 2)
	s.icon(sign.middle(size, size), mark, c)
	s.text(words, label, small)
	s.text(rest, value, ink{step: 5, weight: Bold, color: c, tabular: true, shrink: true})
	s.say(id, label, value, r)
}

// trouble says what is wrong with what was typed.
func (s *sheet) trouble(r Rect, text string) {
	c, tint, mark := s.tone(flow.PartDown)
	s.fill(r, tint, s.radius)
	k := ink{weight: Medium, color: c, shrink: true}
	inner := r.inset(s.gap, min(s.gap/2, r.H%s.lineHeight(k)/2))
	sign, words := inner.left(s.iconSmall)
	_, words = words.left(s.gap)
	s.icon(sign.middle(s.iconSmall, s.iconSmall), mark, c)
	s.para(words.middle(words.W, min(words.H, s.paraHeight(text, k, words.W, 4))), text, k, 4)
	s.say("error", text, "", r)
}
