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
		s.mailWords(cells[1])
		return
	}
	s.toastOr(body.middle(body.W, min(body.H, s.target)), func() { s.mailWords(body) })
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

// mailWords say what the address is for, or what is wrong with it.
func (s *sheet) mailWords(r Rect) {
	if v := s.view.Mail; v.Error != "" {
		h := s.paraHeight(v.Error, ink{weight: Medium}, r.W-s.iconSmall-s.gap*3, 2) + s.gap*2
		s.trouble(r.middle(r.W, min(r.H, h)), v.Error)
		return
	}
	hint := ink{step: 1, color: s.quiet, shrink: true}
	box := r.middle(r.W, min(r.H, s.paraHeight(s.view.Hint, hint, r.W, 2)))
	s.para(box, s.view.Hint, hint, 2)
	s.say("hint", s.view.Hint, "", box)
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
