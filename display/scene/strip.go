package scene

import (
	"image/color"
	"strings"

	"kickstand/device/flow"
)

// strip is the header: the title, what is wrong in words, who is selling, and
// the time. A toast lies over its left part and so never over the screen.
func (s *sheet) strip(r Rect) {
	s.fill(r, s.side, 0)
	s.rule(r)
	row := r.inset(s.pad, 0)
	row = s.clockText(row)
	row = s.operator(row)
	row = s.help(row)
	s.toastOr(row, func() {
		row = s.items(row)
		s.title(row)
	})
}

func (s *sheet) clockText(r Rect) Rect {
	if s.view.Strip.Time == "" {
		return r
	}
	k := ink{weight: Medium, color: s.quiet, align: right, tabular: true}
	w := s.fonts.Width(s.face(k), s.view.Strip.Time)
	at, rest := r.right(w)
	s.say("clock", "Time", s.view.Strip.Time, s.text(at, s.view.Strip.Time, k))
	_, rest = rest.right(s.gap * 2)
	return rest
}

// operator is the button with the name of who is selling, or the one that asks.
func (s *sheet) operator(r Rect) Rect {
	b, ok := s.take("operator")
	if name := s.view.Strip.Operator; name != "" {
		b, ok = flow.Button{ID: "operator", Label: name, Icon: "person", Enabled: true, Kind: flow.Quiet}, true
	}
	if !ok {
		return r
	}
	w := s.fonts.Width(s.face(ink{weight: Medium}), b.Label) + s.iconSmall + s.em(0) + 2*s.gap
	at, rest := r.right(min(max(w, s.target), r.W*2/5))
	hit := at.middle(at.W, s.target)
	s.buttonIn(hit, hit.inset(0, s.mm(1)), b, 0)
	_, rest = rest.right(s.gap * 2)
	return rest
}

// help is top right, where customers look for it.
func (s *sheet) help(r Rect) Rect {
	b, ok := s.take("help")
	if !ok {
		return r
	}
	w := s.fonts.Width(s.face(ink{weight: Medium}), b.Label) + 3*s.iconSmall
	at, rest := r.right(max(w, s.target))
	s.button(at.middle(at.W, s.target), b)
	_, rest = rest.right(s.gap * 2)
	return rest
}

// items are the signs of what the device is connected to: an icon while it
// works, icon and words when it does not. Where the words of all have no room
// beside the title, the longest become a second icon.
func (s *sheet) items(r Rect) Rect {
	widths := s.itemWidths(r.W - s.titleWidth())
	for i := len(s.view.Strip.Items) - 1; i >= 0; i-- {
		it := s.view.Strip.Items[i]
		at, rest := r.right(widths[i])
		s.item(at, it)
		s.say(it.Icon, named(it.Icon), orElse(it.Text, string(it.State)), at)
		_, r = rest.right(s.gap * 2)
	}
	return r
}

// named is the name of an icon as a label.
func named(icon string) string {
	if icon == "" {
		return ""
	}
	return strings.ToUpper(icon[:1]) + icon[1:]
}

func orElse(text, other string) string {
	if text == "" {
		return other
	}
	return text
}

func (s *sheet) titleWidth() int {
	if s.view.Kiosk {
		return s.fonts.Width(s.face(ink{weight: Bold}), s.view.Strip.Shop) + s.gap*2
	}
	return s.fonts.Width(s.face(ink{step: 1, weight: Bold}), s.view.Title) + s.gap*2
}

// itemWidths are the widths of the signs within room.
func (s *sheet) itemWidths(room int) []int {
	all := s.view.Strip.Items
	widths, sum := make([]int, len(all)), 0
	for i, it := range all {
		widths[i] = s.iconSmall
		if it.State != flow.PartOK {
			widths[i] = s.fonts.Width(s.face(ink{weight: Medium}), it.Text) + s.iconSmall + 3*s.gap
		}
		sum += widths[i] + s.gap*2
	}
	short := s.shortItem()
	for range all {
		longest := 0
		for i, w := range widths {
			if w > widths[longest] {
				longest = i
			}
		}
		if sum <= room || widths[longest] <= short {
			break
		}
		sum -= widths[longest] - short
		widths[longest] = short
	}
	return widths
}

func (s *sheet) shortItem() int { return 2*s.iconSmall + 3*s.gap }

func (s *sheet) item(at Rect, it flow.StripItem) {
	size := s.iconSmall
	if it.State == flow.PartOK {
		s.icon(at.middle(size, size), it.Icon, s.quiet)
		return
	}
	c, tint, mark := s.tone(it.State)
	h := max(size, s.lineHeight(ink{})) + s.gap
	pill := at.middle(at.W, min(h, at.H))
	s.fill(pill, tint, h/2)
	sign, words := pill.inset(s.gap, 0).left(size)
	_, words = words.left(s.gap)
	s.icon(sign.middle(size, size), it.Icon, c)
	if k := (ink{weight: Medium, color: c}); at.W > s.shortItem() {
		s.text(words, it.Text, k)
		return
	}
	s.icon(words.middle(size, size), mark, c)
}

// title is the name of the screen; a kiosk asks its question large in the body
// and has the shop's name here.
func (s *sheet) title(r Rect) {
	v := s.view
	shop := v.Strip.Shop
	switch {
	case v.Attract != nil || v.Total != nil:
		return // they say it larger
	case v.Kiosk:
		s.say("shop", "Shop", shop, s.text(r, shop, ink{weight: Bold, color: s.ink}))
		return
	}
	at := s.text(r, v.Title, ink{step: 1, weight: Bold, color: s.ink})
	s.say("title", v.Title, "", at)
	_, rest := r.left(at.W + s.gap*2)
	if v.Hint != "" && v.Keypad == nil && rest.W > s.mm(24) {
		s.say("hint", v.Hint, "", s.text(rest, v.Hint, ink{color: s.quiet}))
		return
	}
	if v.Hint == "" && rest.W > s.mm(24) {
		s.say("shop", "Shop", shop, s.text(rest, shop, ink{color: s.quiet}))
	}
}

// toastOr draws the toast, or what stands there without one.
func (s *sheet) toastOr(r Rect, otherwise func()) {
	t := s.view.Toast
	if t == nil {
		otherwise()
		return
	}
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
	s.say("title", s.view.Title, "", Rect{X: r.X, Y: r.Y, W: 1, H: 1})
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
func (s *sheet) toastWidth(t *flow.Toast, most int) int {
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
	c, tint, mark := s.tone(b.State)
	room := r.inset(s.pad, 0)
	if b.Button != nil {
		_, room = room.right(s.toastButtonWidth(*b.Button) + s.gap)
	}
	_, words := room.left(s.iconSmall + s.gap)
	k := ink{weight: Medium, color: c}
	lines := 2
	h := s.paraHeight(b.Text, k, words.W, lines) + s.gap*2
	if b.Button != nil {
		h = max(h, s.target+s.mm(1))
	}
	box, _ := r.top(h)
	s.fill(box, tint, 0)
	s.rule(box)
	sign, _ := Rect{room.X, box.Y, room.W, box.H}.left(s.iconSmall)
	s.icon(sign.middle(s.iconSmall, s.iconSmall), mark, c)
	text := Rect{words.X, box.Y, words.W, box.H}
	s.para(text.middle(text.W, min(text.H, s.paraHeight(b.Text, k, words.W, lines))), b.Text, k, lines)
	s.node(Node{ID: "banner", Role: RoleBanner, Label: b.Text, Value: string(b.State), Enabled: true, Rect: box})
	if b.Button != nil {
		at, _ := box.inset(s.pad, 0).right(s.toastButtonWidth(*b.Button))
		s.button(at.middle(at.W, s.target), *b.Button)
	}
	return h
}
