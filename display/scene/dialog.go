package scene

import "kickstand/device/flow"

// dialog lies over the screen, which takes no taps beneath it.
func (s *sheet) dialog() {
	d := s.view.Dialog
	s.covered = false
	screen := Rect{W: s.panel.W, H: s.panel.H}
	s.fill(screen, s.scrim, 0)
	w := min(s.panel.W-4*s.pad, max(s.panel.W*58/100, s.mm(120)))
	pad := s.pad * 3 / 2
	inner := w - 2*pad
	cols, h := s.dialogGrid(d.Buttons)
	grid := s.gridHeight(len(d.Buttons), cols, h)
	most := s.panel.H - 2*s.gap
	if s.view.Toast != nil {
		most = s.panel.H - 2*(s.header+s.gap)
	}
	head := s.dialogHeadHeight(d, inner, most-grid-2*pad-s.gap)
	space := min(s.pad, max(most-head-grid-2*pad, s.gap))
	box := screen.middle(w, min(head+grid+2*pad+space, most))
	s.add(Op{Kind: OpShadow, Rect: box, Radius: s.radius * 2, Color: s.shadow, Width: s.mm(4)})
	s.fill(box, s.ground, s.radius*2)
	s.outline(box, s.hair, s.radius*2, s.hairline)
	s.node(Node{ID: "dialog", Role: RoleDialog, Label: d.Title, Value: d.Text, Enabled: true, Rect: box})
	body := box.inset(pad, pad)
	top, rest := body.top(head)
	s.dialogHead(top, d)
	_, rest = rest.top(space)
	s.dialogButtons(rest, d.Buttons, cols, h)
	if t := s.view.Toast; t != nil {
		at, _ := screen.top(s.header)
		s.toastAt(at.inset(s.pad, 0), flow.Toast{State: t.State, Text: t.Text})
	}
}

// dialogGrid chooses one row for up to two buttons, else two columns.
func (s *sheet) dialogGrid(all []flow.Button) (cols, h int) {
	if len(all) <= 2 {
		return max(len(all), 1), s.primaryH
	}
	return 2, max(s.target, s.lineHeight(ink{})*2+s.mm(1))
}

func (s *sheet) dialogInks() (title, text ink) {
	return ink{step: 2, weight: Bold, color: s.ink}, ink{color: s.quiet, shrink: true}
}

// How many lines of text a dialog has at most: few before its buttons have to be
// dragged, more while there is room.
const (
	fewLines = 5
	maxLines = 10
)

// dialogHeadHeight is the height of title and text, in a room that leaves all
// buttons in sight.
func (s *sheet) dialogHeadHeight(d *flow.Dialog, w, room int) int {
	title, text := s.dialogInks()
	w -= s.em(2)*5/4 + s.gap*2
	h := s.paraHeight(d.Title, title, w, 2) + s.gap
	lines := min(max((room-h)/s.lineHeight(text), fewLines), maxLines)
	return h + s.paraHeight(d.Text, text, w, lines)
}

func (s *sheet) dialogHead(r Rect, d *flow.Dialog) {
	title, text := s.dialogInks()
	c, _, mark := s.tone(d.State)
	size := s.em(2) * 5 / 4
	sign, words := r.left(size)
	_, words = words.left(s.gap * 2)
	switch {
	case d.State == flow.PartOK && d.Text == "":
		mark, words = "", r
	case d.State == flow.PartOK:
		mark, c = "info", s.quiet
	}
	first, _ := sign.top(s.lineHeight(title))
	s.icon(first.middle(size, size), mark, c)
	_, below := words.top(s.para(words, d.Title, title, 2) + s.gap)
	s.para(below, d.Text, text, maxLines)
}

// dialogButtons is a grid of buttons; more than fit are dragged like a list.
func (s *sheet) dialogButtons(r Rect, all []flow.Button, cols, h int) {
	if s.gridHeight(len(all), cols, h) <= r.H {
		at, _ := r.bottom(s.gridHeight(len(all), cols, h))
		s.buttons(at, all, cols)
		return
	}
	var items []item
	for i := 0; i < len(all); i += cols {
		row := all[i:min(i+cols, len(all))]
		items = append(items, item{h: h + s.gap, draw: func(at Rect) {
			line, _ := at.top(h)
			for j, cell := range line.columns(cols, s.gap)[:len(row)] {
				s.button(cell, row[j])
			}
		}})
	}
	s.scroll(r, "dialog:"+s.view.Dialog.Title, "", items)
}
