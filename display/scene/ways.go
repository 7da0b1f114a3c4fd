package scene

import (
	"strings"

	"kickstand/device/flow"
)

// ways is the payment: what is due at the left, with what was paid so far and
// the notes a customer may hold out; the ways to pay at the right.
func (s *sheet) ways(r Rect) {
	main, side := s.sides(r)
	_, _, slot := s.slots()
	w := s.view.Ways
	tiles := Rect{slot.X, side.Y + s.pad, slot.W, slot.Y + slot.H - side.Y - s.pad}
	foot := s.foot()
	if len(w.Ways) > 0 {
		s.buttons(tiles, w.Ways, 2)
	}
	main = main.inset(s.pad, s.pad)
	_, main = main.bottom(foot - s.pad)
	quick, rest := main.bottom(s.quickHeight(len(w.Quick)))
	s.quick(quick, w.Quick)
	if len(w.Quick) > 0 {
		_, rest = rest.bottom(s.gap * 2)
	}
	s.standing(rest, w)
}

// standing is what is due, and the payments so far below it.
func (s *sheet) standing(r Rect, w *flow.Ways) {
	if len(w.Paid) == 0 {
		s.due(r, s.dueWords(w))
		return
	}
	var items []item
	for i, row := range w.Paid {
		items = append(items, item{h: s.rowHeight(row, r.W-s.mm(2)), draw: func(at Rect) { s.row(at, row, i+1) }})
	}
	h := 0
	for _, it := range items {
		h += it.h
	}
	least := s.lineHeight(ink{}) + s.lineHeight(ink{step: 2})
	list, top := r.bottom(min(h, max(r.H-least, 0)))
	s.due(top, s.dueWords(w))
	s.scroll(list, "paid", "", items)
}

// owed is an amount to be paid, with its name and a note beside it.
type owed struct {
	label, value, note, id string
}

func (s *sheet) dueWords(w *flow.Ways) owed {
	o := owed{id: "due", label: "Still to pay", value: s.sum(w.Due)}
	var notes []string
	switch {
	case w.Part > 0:
		o.label, o.value = "This way", s.sum(w.Part)
		notes = append(notes, "of "+s.sum(w.Due))
	case w.Due == w.Total:
		o.label = "To pay"
	default:
		notes = append(notes, "of "+s.sum(w.Total))
	}
	if w.Cash != w.Due && w.Part == 0 {
		notes = append(notes, "in cash "+s.sum(w.Cash))
	}
	o.note = strings.Join(notes, ", ")
	return o
}
