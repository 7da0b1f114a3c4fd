package scene

import (
	"strconv"

	"kickstand/device/flow"
)

// sale is the counter at work: the cart at the left, what it comes to and what
// can be done at the right.
func (s *sheet) sale(r Rect) {
	main, side := s.sides(r)
	primary, hasPrimary := s.takePrimary()
	_, _, slot := s.slots()
	if hasPrimary {
		s.buttonSized(slot, primary, 1)
	}
	s.saleSide(Rect{side.X + s.pad, side.Y + s.pad, side.W - 2*s.pad, slot.Y - side.Y - s.pad - s.gap*2})
	main = main.inset(s.pad, s.pad)
	if b, ok := s.take("back"); ok {
		at, _, _ := s.slots()
		s.button(at, b)
		_, main = main.bottom(s.primaryH + s.gap*2)
	}
	s.cart(s.saleBar(main))
}

// saleBar is the row above the cart: search, wide as the field it opens, and
// what undoes or leaves the sale. What is in no other place is here too.
func (s *sheet) saleBar(r Rect) (rest Rect) {
	bar, rest := r.top(s.target)
	_, rest = rest.top(s.gap * 2)
	all := s.rest
	s.rest = nil
	weights := make([]int, len(all))
	for i, b := range all {
		weights[i] = 20
		if b.ID == "search" || b.ID == "customer" {
			weights[i] = 28
		}
	}
	s.group(bar.shares(weights, s.gap), all)
	return rest
}

// saleSide has the actions on the whole sale above and its totals below.
func (s *sheet) saleSide(r Rect) {
	var tiles []flow.Button
	for _, id := range []string{"discount", "park", "parked"} {
		if b, ok := s.take(id); ok {
			tiles = append(tiles, b)
		}
	}
	if len(tiles) > 0 {
		bar, rest := r.top(s.target)
		s.buttons(bar, tiles, len(tiles))
		_, r = rest.top(s.gap * 2)
	}
	s.totals(r, *s.view.Cart)
}

// cart is the list of the lines, or what to do while there is none.
func (s *sheet) cart(r Rect) {
	c := s.view.Cart
	words := plural(len(c.Lines), "line", "lines") + ", " + plural(int(c.Count), "piece", "pieces")
	s.node(Node{ID: "cart", Role: RoleList, Label: "Sale", Value: words, Enabled: true, Rect: r})
	if len(c.Lines) == 0 {
		s.empty(r, "scan", c.Empty)
		return
	}
	anchor := ""
	var items []item
	for _, l := range c.Lines {
		if l.Fresh || l.Chosen {
			anchor = l.ID + ":" + strconv.FormatInt(l.Qty, 10) + ":" + strconv.Itoa(len(l.Buttons))
		}
	}
	for _, l := range c.Lines {
		id := l.ID
		if l.Fresh || l.Chosen {
			id = anchor
		}
		items = append(items, item{id: id, h: s.lineRowHeight(l), draw: func(at Rect) { s.cartLine(at, l) }})
	}
	s.scroll(r, "cart", anchor, items)
}

func (s *sheet) lineRowHeight(l flow.CartLine) int {
	h := s.cartRow()
	if l.Chosen && len(l.Buttons) > 0 {
		h += s.target + s.gap
	}
	return h
}

func (s *sheet) cartRow() int {
	return max(s.target, s.lineHeight(ink{weight: Medium})+s.lineHeight(ink{})+s.gap*2)
}

// cartLine is one line: pieces, name and details, price; and, when chosen, what
// can be done with it.
func (s *sheet) cartLine(r Rect, l flow.CartLine) {
	row, below := r.top(s.cartRow())
	if !s.unseen(r) {
		s.lineGround(r, l)
		s.lineWords(row.inset(s.gap, s.gap/2), l)
	}
	s.node(Node{ID: l.ID, Role: RoleRow, Label: l.Name, Value: s.sum(l.Price), Enabled: true, Rect: row})
	if l.Chosen {
		tools, _ := below.inset(s.gap, 0).top(s.target)
		s.lineButtons(tools, l)
	}
}

func (s *sheet) lineGround(r Rect, l flow.CartLine) {
	switch {
	case l.Chosen:
		s.fill(r, s.sunken, s.radius)
	case l.Fresh:
		s.fill(r, s.side, s.radius)
		mark, _ := r.left(s.mm(0.8))
		s.fill(mark, s.ink, 0)
		s.rule(r)
	case s.ui.Pressed == l.ID:
		s.fill(r, s.press, s.radius)
	default:
		s.rule(r)
	}
}

func (s *sheet) lineWords(r Rect, l flow.CartLine) {
	name, detail := ink{weight: Medium, color: s.ink, tail: true}, ink{color: s.quiet}
	price := ink{weight: Medium, color: s.ink, align: right, tabular: true}
	qty := ink{weight: Medium, color: s.quiet, tabular: true}
	h := s.lineHeight(name)
	box := r.middle(r.W, h+s.lineHeight(detail))
	count := strconv.FormatInt(l.Qty, 10) + " ×"
	if l.Qty != 1 {
		qty.weight, qty.color = Bold, s.ink
	}
	pieces, words := box.left(max(s.fonts.Width(s.face(qty), "00 ×"), s.fonts.Width(s.face(qty), count)))
	_, words = words.left(s.gap)
	line, _ := pieces.top(h)
	s.text(line, count, qty)
	first, second := words.top(h)
	at := s.text(first, s.sum(l.Price), price)
	s.text(Rect{first.X, first.Y, at.X - first.X - s.gap*2, h}, l.Name, name)
	s.lineDetail(second, l, detail)
}

// lineDetail is the second row: unit price, discount and a warning of the stock
// before the SKU, because they matter more.
func (s *sheet) lineDetail(r Rect, l flow.CartLine, k ink) {
	put := func(text string, k ink) {
		if text == "" || r.W < s.em(2) {
			return
		}
		_, r = r.left(s.text(r, text, k).W + s.gap*2)
	}
	if l.Qty != 1 {
		put("at "+s.sum(l.Unit), k)
	}
	if l.Discount != "" {
		strong := k
		strong.weight, strong.color = Medium, s.ink
		put(l.Discount, strong)
	}
	if l.Stock != "" && r.W > s.em(4) {
		warn := k
		warn.color, warn.weight = s.warn, Medium
		size := s.em(0)
		sign, rest := r.left(size)
		s.icon(sign.middle(size, size), "warning", s.warn)
		_, r = rest.left(s.gap / 2)
		put(l.Stock, warn)
	}
	put(l.Detail, k)
}

// lineButtons are the stepper, and beside it the rest.
func (s *sheet) lineButtons(r Rect, l flow.CartLine) {
	weights := make([]int, len(l.Buttons))
	for i, b := range l.Buttons {
		weights[i] = 20
		if stepper(l, b) != "" {
			weights[i] = 15
		}
	}
	var cells []Rect
	var others []flow.Button
	for i, cell := range r.shares(weights, s.gap) {
		b := l.Buttons[i]
		switch stepper(l, b) {
		case "minus", "plus":
			s.silent(cell, b, "", b.Icon)
		case "qty":
			s.silent(cell, b, strconv.FormatInt(l.Qty, 10), "")
		default:
			cells, others = append(cells, cell), append(others, b)
		}
	}
	s.group(cells, others)
}

// stepper is the part of the stepper that b is, if any.
func stepper(l flow.CartLine, b flow.Button) string {
	switch b.ID {
	case l.ID + ":minus":
		return "minus"
	case l.ID + ":plus":
		return "plus"
	case l.ID + ":qty":
		return "qty"
	}
	return ""
}

// silent is a button whose sign needs no words; the node has them.
func (s *sheet) silent(r Rect, b flow.Button, sign, icon string) {
	p := s.buttonPaint(b, s.ui.Pressed == b.ID && !s.covered)
	s.fill(r, p.fill, s.radius)
	if p.edge != p.fill {
		s.outline(r, p.edge, s.radius, s.hairline)
	}
	s.label(r, sign, icon, 1, p)
	s.node(Node{ID: b.ID, Role: RoleButton, Label: b.Label, Value: b.Why, Enabled: b.Enabled, Rect: r})
}

// empty teaches what to do where there is nothing to show.
func (s *sheet) empty(r Rect, icon, words string) {
	k := ink{step: 1, color: s.quiet, align: centre, shrink: true}
	size, gap, w := min(s.em(6), r.H/3), s.gap*2, min(r.W, s.em(1)*22)
	if size+gap+s.paraHeight(words, k, w, 3) > r.H { // then the words alone
		size, gap, w = 0, 0, r.W
	}
	box := r.middle(w, min(r.H, size+gap+s.paraHeight(words, k, w, 3)))
	sign, rest := box.top(size)
	if size > 0 {
		s.icon(sign, icon, s.edge)
	}
	_, rest = rest.top(gap)
	s.para(rest, words, k, 3)
	s.say("empty", words, "", box)
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}
