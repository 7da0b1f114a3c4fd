package scene

import "kickstand/device/flow"

// price answers a customer: what it is, what it costs, whether it is there.
func (s *sheet) price(r Rect) {
	foot := s.foot()
	_, r = r.bottom(foot)
	if r.W > r.H*5/2 {
		cells := r.inset(s.pad, s.gap).shares([]int{6, 5}, s.pad*2)
		s.priceWords(cells[0], 4)
		s.priceSum(cells[1], right)
		return
	}
	r = r.inset(s.pad*2, s.pad)
	top, rest := r.top(r.H * 45 / 100)
	s.priceWords(top, 3)
	_, rest = rest.top(s.pad)
	s.priceSum(rest, left)
}

// priceWords are the name of the item, its details, and whether it is there.
func (s *sheet) priceWords(r Rect, most int) {
	p := s.view.Price
	name, detail := ink{step: 2, weight: Bold, color: s.ink, shrink: true}, ink{color: s.quiet}
	below := s.lineHeight(detail)
	if p.Stock != "" {
		below += s.lineHeight(detail) + s.gap*2
	}
	room := max(r.H-below, s.lineHeight(ink{}))
	f := s.paraFace(Rect{W: r.W, H: room}, p.Name, name, most)
	h := min(len(s.wrap(f, p.Name, r.W, most))*s.faceHeight(f), room)
	box := r.middle(r.W, h+below)
	title, rest := box.top(h)
	s.para(title, p.Name, name, most)
	s.say("name", p.Name, p.Detail, title)
	line, rest := rest.top(s.lineHeight(detail))
	s.text(line, p.Detail, detail)
	_, rest = rest.top(s.gap)
	s.stock(rest, p)
}

// priceSum is the price, as large as it may be, and what it says about tax.
func (s *sheet) priceSum(r Rect, side align) {
	p := s.view.Price
	huge := ink{step: 9, weight: Bold, color: s.ink, tabular: true, shrink: true, align: side}
	small := ink{color: s.quiet, align: side}
	f := s.fitted(huge, s.sum(p.Price), r.W, max(r.H-s.lineHeight(small), 1))
	box := r.middle(r.W, s.faceHeight(f)+s.lineHeight(small))
	big, rest := box.top(s.faceHeight(f))
	s.say("price", "Price", s.sum(p.Price), s.line(big, s.sum(p.Price), f, huge))
	s.say("tax", "Tax", p.Tax, s.text(rest, p.Tax, small))
}

func (s *sheet) stock(r Rect, p *flow.Price) {
	if p.Stock == "" {
		return
	}
	k := ink{weight: Medium, color: s.ink}
	line, _ := r.top(s.lineHeight(k) + s.gap)
	sign, words := line.left(s.iconSmall)
	_, words = words.left(s.gap)
	s.icon(sign.middle(s.iconSmall, s.iconSmall), "tag", s.quiet)
	s.say("stock", "Stock", p.Stock, s.text(words, p.Stock, k))
}

// total is the sale turned to the customer: what is bought at the left, what it
// comes to at the right, larger than anything staff need.
func (s *sheet) total(r Rect) {
	main, side := s.sides(r)
	t := s.view.Total
	foot := s.foot()
	side = side.inset(s.pad, s.pad)
	_, side = side.bottom(s.primaryH + s.gap)
	s.customerTotal(side, t)
	main = main.inset(s.pad, s.pad)
	_, main = main.bottom(foot - s.pad)
	var items []item
	for _, l := range t.Lines {
		items = append(items, item{id: l.ID, h: s.customerRow(), draw: func(at Rect) { s.customerLine(at, l) }})
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

func (s *sheet) customerRow() int {
	return s.lineHeight(s.customerInk(0)) + s.gap*3
}

func (s *sheet) customerLine(r Rect, l flow.CartLine) {
	if s.unseen(r) {
		return
	}
	s.rule(r)
	k := s.customerInk(0)
	k.align = right
	at := s.text(r, s.sum(l.Price), k)
	name := s.customerInk(0)
	label := l.Name
	if l.Qty != 1 {
		label = plural(int(l.Qty), "×", "×") + " " + label
	}
	s.text(Rect{r.X, r.Y, at.X - r.X - s.gap*2, r.H}, label, name)
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
	rows := s.figures(flow.Cart{Taxes: t.Taxes})[1:]
	h := s.lineHeight(ink{step: 1})
	box, _ := rest.bottom(min(h*len(rows), rest.H))
	for i, at := range box.rows(len(rows), 0) {
		s.say(rows[i].id, rows[i].label, rows[i].value, at)
		v := s.text(at, rows[i].value, ink{step: 1, color: s.ink, align: right, tabular: true})
		s.text(Rect{at.X, at.Y, max(v.X-at.X-s.gap, 0), at.H}, rows[i].label, ink{step: 1, color: s.quiet})
	}
}
