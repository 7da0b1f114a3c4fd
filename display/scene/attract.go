package scene

import (
	"image/color"

	"kickstand/device/flow"
)

// attract is the resting screen: the shop's name, a bicycle and the invitation.
func (s *sheet) attract(r Rect) {
	a := s.view.Attract
	if s.view.Kiosk {
		s.poster(r.inset(s.pad, s.pad), a, s.foot())
		return
	}
	main, side := s.sides(r)
	_, _, slot := s.slots()
	if b, ok := s.takePrimary(); ok {
		s.buttonSized(slot, b, 1)
	}
	all := s.rest
	s.rest = nil
	tools := Rect{side.X + s.pad, side.Y + s.pad, side.W - 2*s.pad, slot.Y - side.Y - s.pad - s.gap*2}
	h := min(max(s.target, s.primaryH), (tools.H-2*s.gap)/3)
	grid, _ := tools.bottom(s.gridHeight(len(all), 2, max(h, s.target)))
	s.buttons(grid, all, 2)
	s.poster(main.inset(s.pad, s.pad), a, 0)
}

// poster is what is seen from across the shop. foot is the height at the bottom
// that is not free.
func (s *sheet) poster(r Rect, a *flow.Attract, foot int) {
	_, r = r.bottom(max(foot-s.pad, 0))
	name := ink{step: 6, weight: Bold, color: s.ink, align: centre, shrink: true}
	invite := ink{step: 2, color: s.quiet, align: centre, shrink: true}
	wide := s.view.Kiosk && r.W > r.H*2
	if wide {
		name.align, invite.step = left, 1
		cells := r.shares([]int{10, 9}, s.pad*2)
		s.bicycle(cells[1].inset(0, s.gap))
		s.posterWords(cells[0], a, name, invite)
		return
	}
	words := s.faceHeight(s.fitted(name, a.Shop, r.W, r.H/3)) + s.paraHeight(a.Invite, invite, r.W, 2) + s.gap
	text, art := r.bottom(min(words+s.gap, r.H))
	s.bicycle(art.inset(s.pad, s.gap))
	s.posterWords(text, a, name, invite)
}

func (s *sheet) posterWords(r Rect, a *flow.Attract, name, invite ink) {
	invite.align = name.align
	f := s.fitted(name, a.Shop, r.W, r.H/2)
	nameH, inviteH := s.faceHeight(f), s.paraHeight(a.Invite, invite, r.W, 2)
	box := r.middle(r.W, min(nameH+inviteH+s.gap, r.H))
	top, rest := box.top(nameH)
	s.say("shop", "Shop", a.Shop, s.line(top, a.Shop, f, name))
	_, rest = rest.top(s.gap)
	used, _ := rest.top(s.para(rest, a.Invite, invite, 2))
	s.say("title", a.Invite, "", used)
}

// bicycle is the illustration, in its layers.
func (s *sheet) bicycle(r Rect) {
	w, h := r.W, r.W*150/240
	if h > r.H {
		w, h = r.H*240/150, r.H
	}
	at := r.middle(w, h)
	ground := Rect{at.X - w/20, at.Y + h*143/150, w * 11 / 10, s.hairline}
	s.fill(ground.meet(r), s.hair, 0)
	layers := []struct {
		name string
		c    color.RGBA
	}{
		{"bicycle-spokes", s.art},
		{"bicycle-tyres", s.ink},
		{"bicycle-stays", s.accent},
		{"bicycle-chain", s.ink},
		{"bicycle-frame", s.accent},
		{"bicycle-parts", s.ink},
	}
	for _, l := range layers {
		s.icon(at, l.name, l.c)
	}
	s.node(Node{ID: "picture", Role: RoleImage, Label: "A bicycle", Enabled: true, Rect: at})
}

// loading is the first download of the items.
func (s *sheet) loading(r Rect) {
	_, r = r.bottom(s.foot())
	box := r.inset(s.pad*3, s.pad)
	title, hint := ink{step: 3, weight: Bold, color: s.ink, shrink: true, align: centre}, ink{step: 1, color: s.quiet, align: centre}
	bar := s.mm(3) + s.gap + s.lineHeight(ink{})
	foot, box := box.bottom(bar)
	s.progress(foot)
	art, rest := box.top(box.H * 2 / 5)
	s.bicycle(art)
	_, rest = rest.top(s.gap * 2)
	top, rest := rest.top(s.lineHeight(title))
	s.say("title", s.view.Title, "", s.text(top, s.view.Title, title))
	_, rest = rest.bottom(s.gap)
	used, _ := rest.top(s.para(rest, s.view.Hint, hint, 3))
	if s.view.Hint != "" {
		s.say("hint", s.view.Hint, "", used)
	}
}

// progress is how much of the items is here, as far as that is known.
func (s *sheet) progress(r Rect) {
	l := s.view.Loading
	if l == nil || l.Total <= 0 {
		return
	}
	words, rest := r.bottom(s.lineHeight(ink{}))
	bar, _ := rest.middle(min(r.W, s.mm(160)), r.H).top(s.mm(3))
	s.fill(bar, s.sunken, bar.H/2)
	done, _ := bar.left(bar.W * min(max(l.Have, 0), l.Total) / l.Total)
	s.fill(done, s.ink, bar.H/2)
	s.outline(bar, s.edge, bar.H/2, s.hairline)
	s.say("progress", l.Words, "", s.text(words, l.Words, ink{color: s.quiet, align: centre, tabular: true}))
}
