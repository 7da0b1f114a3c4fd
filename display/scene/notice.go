package scene

import (
	"image/color"

	"kickstand/device/flow"
)

// slimBanner is a banner in the header. A toast hides its words for a while.
func (s *sheet) slimBanner(strip, row Rect) {
	b := s.view.Banner
	c, tint, _ := s.tone(b.State)
	if b.Button != nil {
		var at Rect
		at, row = row.right(s.toastButtonWidth(*b.Button))
		hit := at.middle(at.W, s.target)
		s.buttonIn(hit, hit.inset(0, s.mm(1)), *b.Button, 0)
		_, row = row.right(s.gap)
	}
	words := ""
	s.toastOr(row, func() {
		words = b.Text
		at := Rect{strip.X, strip.Y, row.X + row.W - strip.X, strip.H - s.hairline}
		s.fill(at, tint, 0)
		s.bannerWords(row, *b, c)
	})
	if words == "" {
		row = Rect{}
	}
	s.node(Node{ID: "banner", Role: RoleBanner, Label: b.Text, Value: string(b.State), Enabled: true, Rect: row})
	if words != "" && s.titled() {
		s.say("title", s.view.Title, "", Rect{})
	}
}

// bannerWords are the sign of a banner and its text in up to two lines.
func (s *sheet) bannerWords(r Rect, b flow.Banner, c color.RGBA) {
	_, _, mark := s.tone(b.State)
	sign, words := r.left(s.iconSmall)
	_, words = words.left(s.gap)
	s.icon(sign.middle(s.iconSmall, s.iconSmall), mark, c)
	k := ink{weight: Medium, color: c, shrink: true}
	f := s.paraFace(words, b.Text, k, 2)
	lines := s.wrap(f, b.Text, words.W, 2)
	if len(lines)*s.faceHeight(f) > words.H {
		lines = s.wrap(f, b.Text, words.W, 1)
	}
	s.lines(words, lines, f, k)
}

// toastOr draws the toast, or what stands there without one. Beneath a dialog
// there is none: it comes above.
func (s *sheet) toastOr(r Rect, otherwise func()) {
	t := s.view.Toast
	if t == nil || s.covered {
		otherwise()
		return
	}
	s.toastAt(r, *t)
	if s.titled() {
		s.say("title", s.view.Title, "", Rect{})
	}
}

// toastAt is what just happened, on something that floats.
func (s *sheet) toastAt(r Rect, t flow.Toast) {
	c, mark := s.toastTone(t.State)
	box := r.inset(0, s.mm(0.8))
	if t.Button == nil || r.W > s.mm(130) {
		box, _ = box.left(s.toastWidth(t, box.W))
	}
	s.add(Op{Kind: OpShadow, Rect: box, Radius: s.radius, Color: s.shadow, Width: s.mm(1.5)})
	s.fill(box, s.toast, s.radius)
	inner := box.inset(s.gap*3/2, 0)
	if t.Button != nil {
		inner = s.toastButton(box, *t.Button)
	}
	sign, words := inner.left(s.iconSmall)
	_, words = words.left(s.gap)
	s.icon(sign.middle(s.iconSmall, s.iconSmall), mark, c)
	k := ink{weight: Medium, color: s.onToast}
	h := s.paraHeight(t.Text, k, words.W, 2)
	s.para(words.middle(words.W, min(h, words.H)), t.Text, k, 2)
	s.node(Node{ID: "toast", Role: RoleToast, Label: t.Text, Value: string(t.State), Enabled: true, Rect: box})
}

// toastTone is the tone of a state on the toast, which is dark on a light
// screen and light on a dark one.
func (s *sheet) toastTone(state flow.PartState) (c color.RGBA, icon string) {
	on := darkPalette()
	if s.prefs.Theme == Dark || s.prefs.Theme == Contrast {
		on = lightPalette()
	}
	c, _, icon = on.tone(state)
	return c, icon
}

// toastWidth is what the text takes in one line, no more than there is.
func (s *sheet) toastWidth(t flow.Toast, most int) int {
	w := s.fonts.Width(s.face(ink{weight: Medium}), t.Text) + s.iconSmall + 4*s.gap
	if t.Button != nil {
		w += s.toastButtonWidth(*t.Button) + s.gap
	}
	return min(w+s.gap, most)
}

func (s *sheet) toastButtonWidth(b flow.Button) int {
	return max(s.fonts.Width(s.face(ink{weight: Bold}), b.Label)+s.iconSmall+4*s.gap, s.target)
}

// toastButton draws the button at the toast's right end, as high as the header.
func (s *sheet) toastButton(box Rect, b flow.Button) (rest Rect) {
	at, rest := box.right(s.toastButtonWidth(b))
	p := paint{text: s.onToast, icon: s.onToast, weight: Bold}
	if s.ui.Pressed == b.ID {
		p.text, p.icon = s.edge, s.edge
	}
	edge, _ := at.inset(0, s.gap).left(s.hairline)
	s.fill(edge, s.edge, 0)
	s.label(at, b.Label, b.Icon, 0, p)
	hit := Rect{at.X, box.Y - s.mm(0.8), at.W, box.H + 2*s.mm(0.8)}
	s.node(Node{ID: b.ID, Role: RoleButton, Label: b.Label, Enabled: b.Enabled, Rect: hit})
	return rest.inset(s.gap*3/2, 0)
}

// banner is trouble that lasts. It returns its height, 0 without one.
func (s *sheet) banner(r Rect) int {
	b := s.view.Banner
	if b == nil {
		return 0
	}
	c, tint, _ := s.tone(b.State)
	room, h := s.bannerRoom(r)
	box, _ := r.top(h)
	s.fill(box, tint, 0)
	s.rule(box)
	s.bannerWords(Rect{room.X, box.Y, room.W, box.H}, *b, c)
	s.node(Node{ID: "banner", Role: RoleBanner, Label: b.Text, Value: string(b.State), Enabled: true, Rect: box})
	if b.Button != nil {
		at, _ := box.inset(s.pad, 0).right(s.toastButtonWidth(*b.Button))
		s.button(at.middle(at.W, s.target), *b.Button)
	}
	return h
}

// bannerRoom is where the words of the banner stand, and how high it is.
func (s *sheet) bannerRoom(r Rect) (words Rect, h int) {
	b := s.view.Banner
	words = r.inset(s.pad, 0)
	if b.Button != nil {
		_, words = words.right(s.toastButtonWidth(*b.Button) + s.gap)
	}
	h = s.paraHeight(b.Text, ink{weight: Medium}, words.W-s.iconSmall-s.gap, 2) + s.gap*2
	if b.Button != nil {
		h = max(h, s.target+s.mm(1))
	}
	return words, h
}
