package scene

// search is what was typed, what was found, and the keyboard below. The header
// gives its place to the query, because a small panel has no other.
func (s *sheet) search(r Rect) {
	v := s.view.Search
	s.slim = s.view.Banner != nil && s.lowPanel()
	top, body := r.top(s.searchRow() + s.gap*2)
	s.fill(top, s.side, 0)
	s.rule(top)
	s.searchBar(top.inset(s.pad, s.gap))
	if !s.slim {
		_, body = body.top(s.banner(body))
	}
	body = s.board(body)
	body = body.inset(s.pad, s.gap/2)
	if len(v.Hits) == 0 {
		s.empty(body, "search", v.Empty)
		return
	}
	s.rowList(body, "search:"+v.Query, v.Hits, 2)
}

// board draws the keyboard at the foot of r, with back in its corner, and returns
// what is above.
func (s *sheet) board(r Rect) Rect {
	keys, rest := r.bottom(4*s.keyHeight() + 3*s.keyGap() + s.pad + s.gap)
	s.fill(keys, s.side, 0)
	edge, _ := keys.top(s.hairline)
	s.fill(edge, s.hair, 0)
	corner := s.keyboard(Rect{s.pad, keys.Y + s.gap, s.panel.W - 2*s.pad, keys.H - s.pad - s.gap})
	if b, ok := s.take("back"); ok {
		s.button(corner, b)
	}
	return rest
}

// keyHeight is that of a key of the keyboard.
func (s *sheet) keyHeight() int {
	return max(s.mm(staffTarget), min(s.mm(staffTarget)*3/2, s.panel.H/10))
}

// searchRow is the height of the query. Its keys are keys of the keyboard.
func (s *sheet) searchRow() int {
	if s.view.Kiosk && !s.lowPanel() {
		return s.target
	}
	if s.view.Kiosk {
		return max(s.header, s.lineHeight(ink{step: 1})+s.gap)
	}
	return s.target
}

// lowPanel reports whether there is no room for a row of large targets above
// the keyboard.
func (s *sheet) lowPanel() bool { return float64(s.panel.H) < 100*s.panel.PxPerMM }

// searchBar is the query with the keys that empty it and take the only hit, the
// time and the operator.
func (s *sheet) searchBar(r Rect) {
	if !s.view.Kiosk {
		r = s.clockText(r)
	}
	r = s.operator(r)
	r = s.help(r)
	cells := r.shares([]int{4, 5}, s.gap)
	switch {
	case s.slim:
		s.query(cells[0])
		s.slimBanner(cells[1], cells[1])
		return
	case s.view.Toast != nil:
		s.query(cells[0])
		s.toastOr(cells[1], func() {})
		return
	}
	enter, rest := r.right(max(s.searchRow(), s.mm(16)))
	_, rest = rest.right(s.gap)
	s.query(rest)
	s.key(enter, "key:enter", "", "enter", "Take the first one found", 1)
}

func (s *sheet) query(r Rect) { s.field(r, "query", s.view.Title, s.view.Search.Query, "search") }

// field is a row to type letters into, with the key that empties it. Its name
// stands in it while it is empty.
func (s *sheet) field(r Rect, id, label, value, icon string) {
	s.fill(r, s.card, s.radius)
	s.outline(r, s.edge, s.radius, s.hairline)
	clear, words := r.right(s.searchRow())
	inner := words.inset(s.gap, 0)
	sign, text := inner.left(s.iconSmall)
	_, text = text.left(s.gap)
	s.icon(sign.middle(s.iconSmall, s.iconSmall), icon, s.quiet)
	shown, k := value, ink{step: 1, color: s.ink}
	if value == "" {
		shown, k = label, ink{step: 1, color: s.quiet, shrink: true}
	}
	if f := s.face(k); value != "" {
		shown = s.tail(f, value, text.W-s.mm(1)) // what was typed last is seen
	}
	at := s.text(text, shown, k)
	if value != "" {
		s.fill(Rect{at.X + at.W + s.mm(0.4), at.Y, max(s.mm(0.4), 1), at.H}.meet(text), s.ink, 0)
	}
	s.node(Node{ID: id, Role: RoleInput, Label: label, Value: value, Enabled: true, Rect: words})
	s.clearKey(clear)
}
