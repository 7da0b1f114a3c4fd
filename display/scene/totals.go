package scene

import (
	"strconv"

	"kickstand/device/flow"
)

// figure is a row of a bill: what it is and how much.
type figure struct{ id, label, value string }

// figures are the rows above the total.
func (s *sheet) figures(c flow.Cart) []figure {
	rows := []figure{{"subtotal", "Subtotal", s.sum(c.Subtotal)}}
	if c.Discount != 0 {
		rows = append(rows, figure{"discount-sum", "Discount", s.sum(-c.Discount)})
	}
	for i, t := range c.Taxes {
		label := t.Label
		if c.Included {
			label += " included"
		}
		rows = append(rows, figure{"tax:" + strconv.Itoa(i+1), label, s.sum(t.Amount)})
	}
	return rows
}

// totals stands at the foot of r: the rows of the bill, and below a line the
// total, large, with the button that shows it to the customer beside it.
func (s *sheet) totals(r Rect, c flow.Cart) {
	sum, rest := r.bottom(max(s.target, s.lineHeight(ink{step: 4})))
	s.totalRow(sum, c)
	rows := s.figures(c)
	air := min(s.gap, max((rest.H-len(rows)*s.lineHeight(ink{}))/3, s.gap/3))
	_, rest = rest.bottom(air)
	line, _ := rest.bottom(s.hairline)
	s.fill(line, s.hair, 0)
	_, rest = rest.bottom(air)
	s.bill(rest, rows)
}

func (s *sheet) totalRow(r Rect, c flow.Cart) {
	left := r
	if b, ok := s.take("show-total"); ok {
		var at Rect
		at, left = r.left(r.W * 36 / 100)
		s.button(at.middle(at.W, s.target), b)
		_, left = left.left(s.gap * 2)
	}
	value := s.sum(c.Total)
	k := ink{step: 4, weight: Bold, color: s.ink, align: right, tabular: true, shrink: true}
	label := ink{weight: Medium, color: s.quiet}
	w := s.fonts.Width(s.face(label), "Total") + s.gap*2
	if s.fonts.Width(s.face(ink{step: 2, weight: Bold, tabular: true}), value)+w <= left.W {
		head, rest := left.left(w)
		s.text(head, "Total", label)
		left = rest
	}
	s.say("total", "Total", value, s.text(left, value, k))
}

// bill sets rows from the bottom of r up; when they do not all fit, two share
// a row.
func (s *sheet) bill(r Rect, rows []figure) {
	k := ink{color: s.quiet}
	if len(rows)*s.lineHeight(k) > r.H {
		s.billPairs(r, rows)
		return
	}
	h := min(s.lineHeight(k)*5/4, r.H/max(len(rows), 1))
	box, _ := r.bottom(h * len(rows))
	for i, at := range box.rows(len(rows), 0) {
		s.figure(at, rows[i])
	}
}

func (s *sheet) billPairs(r Rect, rows []figure) {
	n := (len(rows) + 1) / 2
	h := min(s.lineHeight(ink{}), r.H/n)
	box, _ := r.bottom(h * n)
	for i, row := range box.rows(n, 0) {
		for j, at := range row.columns(2, s.gap) {
			if k := 2*i + j; k < len(rows) {
				s.figure(at, rows[k])
			}
		}
	}
}

// figure is a label at the left and an amount at the right.
func (s *sheet) figure(r Rect, f figure) {
	s.say(f.id, f.label, f.value, r)
	at := s.text(r, f.value, ink{color: s.ink, align: right, tabular: true})
	s.text(Rect{r.X, r.Y, max(at.X-r.X-s.gap, 0), r.H}, f.label, ink{color: s.quiet})
}
