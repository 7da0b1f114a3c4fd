package scene

import (
	"strconv"

	"kickstand/device/flow"
)

// total is the sale turned to the customer: what is bought at the left, what it
// comes to at the right, larger than anything staff need.
func (s *sheet) total(r Rect) {
	main, side := s.sides(r)
	t := s.view.Total
	foot := s.foot()
	side = side.inset(s.pad, s.pad)
	s.customerTotal(side, t)
	main = main.inset(s.pad, s.pad)
	_, main = main.bottom(foot - s.pad)
	var items []item
	for _, l := range t.Lines {
		items = append(items, item{id: l.ID, h: s.customerRow(main.W-s.mm(2), l), draw: func(at Rect) { s.customerLine(at, l) }})
	}
	last := ""
	if n := len(t.Lines); n > 0 {
		last = t.Lines[n-1].ID
	}
	s.node(Node{ID: "cart", Role: RoleList, Label: s.view.Title, Value: plural(len(t.Lines), "line", "lines"), Enabled: true, Rect: main})
	s.scroll(main, "total", last, items)
}

// customerInk is the text of a screen that is turned to a customer.
func (s *sheet) customerInk(step int) ink { return ink{step: step + 2, color: s.ink, tabular: true} }

// customerRow is the height of a line in w pixels; a long name takes up to three rows.
func (s *sheet) customerRow(w int, l flow.CartLine) int {
	k := s.customerInk(0)
	w -= s.fonts.Width(s.face(k), s.sum(l.Price)) + s.gap*2
	return s.paraHeight(customerName(l), k, w, 3) + s.gap*3
}

func customerName(l flow.CartLine) string {
	if l.Qty == 1 {
		return l.Name
	}
	return strconv.FormatInt(l.Qty, 10) + " × " + l.Name
}

func (s *sheet) customerLine(r Rect, l flow.CartLine) {
	if s.unseen(r) {
		return
	}
	s.rule(r)
	k := s.customerInk(0)
	k.align = right
	name := s.customerInk(0)
	words := r.middle(r.W, r.H-s.gap*3)
	first, _ := words.top(s.lineHeight(k))
	at := s.text(first, s.sum(l.Price), k)
	s.para(Rect{r.X, words.Y, at.X - r.X - s.gap*2, words.H}, customerName(l), name, 3)
	s.say(l.ID, l.Name, s.sum(l.Price), r)
}

func (s *sheet) customerTotal(r Rect, t *flow.Total) {
	label := s.customerInk(0)
	label.color = s.quiet
	huge := ink{step: 8, weight: Bold, color: s.ink, tabular: true, shrink: true, align: right}
	f := s.fitted(huge, s.sum(t.Total), r.W, r.H/2)
	sum, rest := r.bottom(s.faceHeight(f))
	s.say("total", "Total", s.sum(t.Total), s.line(sum, s.sum(t.Total), f, huge))
	word, rest := rest.bottom(s.lineHeight(label))
	label.align = right
	s.say("title", s.view.Title, "", s.text(word, s.view.Title, label))
	_, rest = rest.bottom(s.gap * 2)
	if t.Shop != "" {
		head, below := rest.top(s.lineHeight(label))
		s.say("shop", "Shop", t.Shop, s.text(head, t.Shop, ink{step: 2, weight: Bold, color: s.ink, align: right, shrink: true}))
		rest = below
	}
	rows := s.figures(flow.Cart{Discount: t.Discount, Taxes: t.Taxes})[1:]
	h := s.lineHeight(ink{step: 1})
	box, _ := rest.bottom(min(h*len(rows), rest.H))
	for i, at := range box.rows(len(rows), 0) {
		s.say(rows[i].id, rows[i].label, rows[i].value, at)
		v := s.text(at, rows[i].value, ink{step: 1, color: s.ink, align: right, tabular: true})
		s.text(Rect{at.X, at.Y, max(v.X-at.X-s.gap, 0), at.H}, rows[i].label, ink{step: 1, color: s.quiet})
	}
}
