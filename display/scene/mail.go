package scene

// mail asks for an e-mail address: the field with the action in the header, what
// it is for or what is wrong with it below, and the keyboard.
func (s *sheet) mail(r Rect) {
	s.slim = s.view.Banner != nil && s.lowPanel()
	top, body := r.top(s.target + s.gap*2)
	s.fill(top, s.side, 0)
	s.rule(top)
	s.mailBar(top.inset(s.pad, s.gap))
	if !s.slim {
		_, body = body.top(s.banner(body))
	}
	keys, body := body.bottom(4*s.keyHeight() + 3*s.keyGap() + s.pad + s.gap)
	s.fill(keys, s.side, 0)
	edge, _ := keys.top(s.hairline)
	s.fill(edge, s.hair, 0)
	s.mailKeys(Rect{s.pad, keys.Y + s.gap, s.panel.W - 2*s.pad, keys.H - s.pad - s.gap})
	body = body.inset(s.pad, s.gap/2)
	if s.slim {
		cells := body.columns(2, s.gap*2)
		s.slimBanner(cells[0], cells[0])
		s.typedWords(cells[1], s.view.Mail.Error, 2)
		return
	}
	s.toastOr(body.middle(body.W, min(body.H, s.target)), func() { s.typedWords(body, s.view.Mail.Error, 2) })
}

// mailBar is the field with the key that empties it, and the action.
func (s *sheet) mailBar(r Rect) {
	if !s.view.Kiosk {
		r = s.operator(s.clockText(r))
	}
	ok, _ := s.takePrimary()
	cells := r.shares([]int{15, 5}, s.gap*2)
	s.field(cells[0], "address", s.view.Title, s.view.Mail.Value, "mail")
	s.buttonSized(cells[1], ok, 0)
}

// mailKeys is the keyboard of an e-mail address: four rows of eleven keys. Back
// lies in its corner.
func (s *sheet) mailKeys(r Rect) {
	rows := r.rows(4, s.keyGap())
	first := rows[0].columns(11, s.keyGap())
	s.keyRow(first[:10], "1234567890")
	s.key(first[10], "key:backspace", "", "backspace", "Delete the last character", 1)
	for i, letters := range []string{"qwertyuiop-", "asdfghjkl_@"} {
		s.keyRow(rows[i+1].columns(11, s.keyGap()), letters)
	}
	last := rows[3].columns(11, s.keyGap())
	s.keyRow(last[2:], "zxcvbnm+.")
	if b, ok := s.take("back"); ok {
		s.button(Rect{last[0].X, last[0].Y, last[1].X + last[1].W - last[0].X, last[0].H}, b)
	}
}
