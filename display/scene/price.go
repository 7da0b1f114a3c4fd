package scene

import "kickstand/device/flow"

// price answers a customer: what it is, what it costs, whether it is there.
func (s *sheet) price(r Rect) {
	foot := s.foot()
	_, r = r.bottom(foot)
	if s.view.Price.Picture != "" {
		s.priceBeside(r)
		return
	}
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

// priceBeside is a picture with everything about the item at its right.
func (s *sheet) priceBeside(r Rect) {
	r = r.inset(s.pad, s.gap)
	box, rest := r.left(min(r.H, r.W*2/5))
	box = box.middle(box.W, box.W)
	s.fill(box, s.side, s.radius)
	at := box.inset(s.gap, s.gap)
	s.add(Op{Kind: OpPicture, Rect: at, Picture: s.view.Price.Picture})
	s.node(Node{ID: "picture", Role: RoleImage, Label: s.view.Price.Name, Enabled: true, Rect: at})
	_, rest = rest.left(s.pad * 2)
	words, sum := rest.top(rest.H * 55 / 100)
	s.priceWords(words, 3)
	s.priceSum(sum, left)
}

// priceWords are the name of the item, its details, and whether it is there.
func (s *sheet) priceWords(r Rect, most int) {
	p := s.view.Price
	if p.Picture == "" {
		r = s.priceSign(r, p.Icon)
	}
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

// priceSign draws a sign for the sort of thing at the left of its words, where
// there is room, and returns the rest.
func (s *sheet) priceSign(r Rect, icon string) Rect {
	size := min(s.em(5), r.H)
	if icon == "" || r.W < size*4 {
		return r
	}
	box, rest := r.left(size)
	box = box.middle(size, size)
	s.fill(box, s.side, s.radius)
	s.icon(box.inset(size/5, size/5), icon, s.quiet)
	_, rest = rest.left(s.gap * 3)
	return rest
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
