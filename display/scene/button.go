package scene

import (
	"image/color"
	"strings"

	"kickstand/device/flow"
)

// paint is how a button looks in its state.
type paint struct {
	fill, edge, text, icon color.RGBA
	weight                 Weight
}

// buttonPaint chooses the colours. What is switched off is flat and quiet and
// has no outline, so that it differs by shape and not by colour alone.
func (s *sheet) buttonPaint(b flow.Button, down bool) paint {
	p := paint{fill: s.card, edge: s.edge, text: s.ink, icon: s.ink, weight: Medium}
	switch {
	case !b.Enabled:
		return paint{fill: s.sunken, edge: s.hair, text: s.quiet, icon: s.quiet, weight: Regular}
	case b.Kind == flow.Primary:
		p = paint{fill: s.accent, edge: s.accent, text: s.onAccent, icon: s.onAccent, weight: Bold}
	case b.Kind == flow.Danger:
		p.text, p.icon = s.bad, s.bad
	case b.Kind == flow.Quiet:
		p.fill, p.edge = color.RGBA{}, s.hair
	}
	switch {
	case down && b.Kind == flow.Primary:
		p.fill, p.edge = s.accented, s.accented
	case down:
		p.fill = s.press
	}
	return p
}

// button draws a button and adds its node.
func (s *sheet) button(r Rect, b flow.Button) { s.buttonSized(r, b, 0) }

// buttonSized is a button whose label stands step above running text.
func (s *sheet) buttonSized(r Rect, b flow.Button, step int) { s.buttonIn(r, r, b, step) }

// buttonIn is a button that is drawn smaller, in look, than the place where it
// takes a finger.
func (s *sheet) buttonIn(hit, r Rect, b flow.Button, step int) {
	p := s.buttonPaint(b, s.ui.Pressed == b.ID && !s.covered)
	if p.fill.A != 0 {
		s.fill(r, p.fill, s.radius)
	}
	if p.edge != p.fill {
		s.outline(r, p.edge, s.radius, s.hairline)
	}
	s.label(r, b.Label, b.Icon, step, p)
	s.node(Node{ID: b.ID, Role: RoleButton, Label: b.Label, Value: b.Why, Enabled: b.Enabled, Primary: b.Kind == flow.Primary, Rect: hit})
}

// label puts icon and words into a button: side by side where that fits, else
// the icon above the words, else the words alone in up to two lines.
func (s *sheet) label(r Rect, label, icon string, step int, p paint) {
	k := ink{step: step, weight: p.weight, color: p.text, align: centre, shrink: true}
	inside := r.inset(s.mm(1.2), 0)
	if icon == "" || label == "" {
		if icon != "" {
			s.icon(r.middle(s.em(step)*5/4, s.em(step)*5/4), icon, p.icon)
			return
		}
		s.words(inside, label, k)
		return
	}
	size := s.em(step) * 5 / 4
	between := max(size/3, s.mm(1))
	beside := k
	beside.align = left
	if f := s.face(beside); !s.stack && s.fonts.Width(f, label) <= inside.W-size-between {
		w := size + between + s.fonts.Width(f, label)
		box := inside.middle(w, r.H)
		mark, text := box.left(size)
		_, text = text.left(between)
		s.icon(mark.middle(size, size), icon, p.icon)
		s.line(text, label, f, beside)
		return
	}
	inside = r.inset(s.mm(0.7), 0)
	f := s.fitted(k, label, inside.W, r.H)
	size = min(s.iconSmall, r.H-s.faceHeight(f)-s.mm(1.2))
	if s.fonts.Width(f, label) > inside.W || size < s.mm(3.6) {
		s.words(inside, label, k)
		return
	}
	stack := r.middle(r.W, size+s.faceHeight(f))
	mark, text := stack.top(size)
	s.icon(mark.middle(size, size), icon, p.icon)
	s.line(text.meet(Rect{inside.X, text.Y, inside.W, text.H}), label, f, k)
}

// words centres a text in one line, in two where that keeps its size.
func (s *sheet) words(r Rect, label string, k ink) {
	f := s.face(k)
	if s.fonts.Width(f, label) > r.W && strings.Contains(label, " ") && r.H >= 2*s.faceHeight(f) {
		if lines := s.wrap(f, label, r.W, 3); len(lines) == 2 {
			s.lines(r, lines, f, k)
			return
		}
	}
	f = s.fitted(k, label, r.W, r.H)
	if s.fonts.Width(f, label) <= r.W || !strings.Contains(label, " ") || r.H < 2*s.faceHeight(f) {
		s.line(r, label, f, k)
		return
	}
	s.lines(r, s.wrap(f, label, r.W, 2), f, k)
}

// lines sets lines below each other in the middle of r.
func (s *sheet) lines(r Rect, lines []string, f Face, k ink) {
	box := r.middle(r.W, len(lines)*s.faceHeight(f))
	for i, row := range box.rows(len(lines), 0) {
		s.line(row, lines[i], f, k)
	}
}

// buttons lays buttons out in a grid of cols columns; the last one takes what
// is left of its row.
func (s *sheet) buttons(r Rect, all []flow.Button, cols int) {
	if len(all) == 0 {
		return
	}
	rows := (len(all) + cols - 1) / cols
	cells := r.grid(cols, rows, s.gap)[:len(all)]
	last := &cells[len(all)-1]
	last.W = r.X + r.W - last.X
	s.group(cells, all)
}

// group draws buttons that belong together: when the words of one have no room
// beside its icon, all have them below.
func (s *sheet) group(cells []Rect, all []flow.Button) {
	for i, b := range all {
		if b.Icon != "" && s.besideWidth(b) > cells[i].W {
			s.stack = true
		}
	}
	for i, b := range all {
		s.button(cells[i], b)
	}
	s.stack = false
}

// besideWidth is what a button needs that has its words beside its icon.
func (s *sheet) besideWidth(b flow.Button) int {
	weight := Medium
	if !b.Enabled {
		weight = Regular
	}
	size := s.em(0) * 5 / 4
	return s.fonts.Width(s.face(ink{weight: weight}), b.Label) + size + max(size/3, s.mm(1)) + 2*s.mm(1.2)
}

// gridHeight is the height of n buttons in cols columns, each h high.
func (s *sheet) gridHeight(n, cols, h int) int {
	if n == 0 {
		return 0
	}
	rows := (n + cols - 1) / cols
	return rows*h + (rows-1)*s.gap
}

// key draws a key of a keypad or the keyboard.
func (s *sheet) key(r Rect, id, label, icon, words string, step int) {
	fill := s.card
	if s.ui.Pressed == id && !s.covered {
		fill = s.press
	}
	s.fill(r, fill, s.radius)
	s.outline(r, s.edge, s.radius, s.hairline)
	k := ink{step: step, weight: Medium, color: s.ink, align: centre, shrink: true, tabular: true}
	if icon != "" {
		size := s.em(step) * 5 / 4
		s.icon(r.middle(min(size, r.W), min(size, r.H)), icon, s.ink)
	} else {
		s.text(r.inset(s.mm(0.8), 0), label, k)
	}
	s.node(Node{ID: id, Role: RoleKey, Label: words, Enabled: true, Rect: r})
}
