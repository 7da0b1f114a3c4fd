package scene

import (
	"strings"

	"kickstand/device/flow"
)

// strip is the header: the title, what is wrong in words, who is selling, and
// the time. A toast lies over its left part and so never over the screen; on a
// low panel with a keypad the banner is there too.
func (s *sheet) strip(r Rect) {
	s.fill(r, s.side, 0)
	s.rule(r)
	row := r.inset(s.pad, 0)
	row = s.clockText(row)
	row = s.operator(row)
	row = s.help(row)
	if s.slim {
		s.slimBanner(r, row)
		return
	}
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
	s.button(at.middle(at.W, min(s.target, at.H)), b)
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

// titled reports whether the header has the screen's title. Other screens say
// it larger, or need none.
func (s *sheet) titled() bool {
	v := s.view
	switch {
	case v.Search != nil || v.Attract != nil || v.Total != nil || v.Kiosk && v.Price != nil:
		return false
	}
	return v.Cart != nil || v.Pay != nil || v.Keypad != nil || v.Done != nil || v.List != nil || v.Price != nil || v.Ways != nil || v.Self != nil
}

// title is the name of the screen, or else the shop's.
func (s *sheet) title(r Rect) {
	v := s.view
	shop := v.Strip.Shop
	if !s.titled() {
		if v.Attract == nil && v.Total == nil {
			s.say("shop", "Shop", shop, s.text(r, shop, ink{weight: Bold, color: s.ink}))
		}
		return
	}
	at := s.text(r, v.Title, ink{step: 1, weight: Bold, color: s.ink})
	s.say("title", v.Title, "", at)
	_, rest := r.left(at.W + s.gap*2)
	if v.Hint != "" && v.Keypad == nil && rest.W > s.mm(24) {
		s.say("hint", v.Hint, "", s.text(rest, v.Hint, ink{color: s.quiet, shrink: true}))
		return
	}
	if v.Hint == "" && rest.W > s.mm(24) {
		s.say("shop", "Shop", shop, s.text(rest, shop, ink{color: s.quiet}))
	}
}
