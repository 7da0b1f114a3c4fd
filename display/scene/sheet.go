package scene

import (
	"image/color"

	"kickstand/device/flow"
)

// sheet is the screen being laid out: the list so far and everything a widget
// needs to know to add itself.
type sheet struct {
	list  List
	view  flow.View
	panel Panel
	prefs Prefs
	fonts Fonts
	ui    UI
	palette

	clip    Rect          // of what is added, the zero Rect outside a list
	slim    bool          // the banner has only room in the header
	stack   bool          // buttons have their words below the icon
	covered bool          // a dialog lies above: nothing here can be tapped
	rest    []flow.Button // buttons of the view that have no place yet

	pad, gap  int // margins of the screen, and between things that belong together
	radius    int
	hairline  int
	target    int // smallest height of something to tap
	primaryH  int
	header    int // height of the header
	column    int // width of the right column
	base      int // em of running text
	floor     int // em that no text goes below
	smallest  int // em that only figures go below, because they are never shortened before
	iconSmall int // beside running text
}

// Millimetres.
const (
	staffTarget    = 12.0
	customerTarget = 20.0
	staffEm        = 3.55 // capital letters of 2.52 mm
	customerEm     = 4.95 // capital letters of 3.52 mm
	smallPanel     = 90.0
)

func newSheet(v flow.View, p Panel, prefs Prefs, f Fonts, ui UI) *sheet {
	s := &sheet{view: v, panel: p, prefs: prefs, fonts: f, ui: ui, palette: paletteOf(prefs.Theme), rest: append([]flow.Button(nil), v.Buttons...)}
	s.list = List{Screen: string(v.Screen), W: p.W, H: p.H, PxPerMM: p.PxPerMM}
	s.measure()
	return s
}

// measure derives all sizes from the panel. What people read and tap grows a
// little with the panel, because they stand further away; the space around it
// grows more.
func (s *sheet) measure() {
	spare := max(float64(s.panel.H)/s.panel.PxPerMM-smallPanel, 0)
	grow, air := min(1+spare/170, 1.65), min(1+spare/104, 2.2)
	em, target := staffEm, staffTarget
	if s.view.Kiosk {
		em, target = customerEm, customerTarget
	}
	s.floor = s.up(em)
	s.base = s.up(em * grow)
	if s.prefs.Large {
		s.base = s.base * 5 / 4
	}
	s.smallest = max(s.floor, s.base*4/5)
	s.target = s.up(target * grow)
	s.primaryH = s.up((target + 2) * grow)
	if s.view.Kiosk {
		s.target, s.primaryH = s.up(target), s.up(target*grow)
	}
	s.header = s.up(staffTarget * grow)
	s.pad, s.gap = s.mm(3*air), s.mm(1.5*air)
	s.radius, s.hairline = s.mm(1.2*grow), max(s.mm(0.2), 1)
	s.iconSmall = s.base * 5 / 4
	s.column = s.panel.W * 40 / 100
	if spare > 0 {
		s.column = s.panel.W * 37 / 100
	}
}

// mm is a length in pixels. The conversion in the middle keeps the sum from
// being fused with the product on machines that can, so that all agree.
func (s *sheet) mm(v float64) int { return int(float64(v*s.panel.PxPerMM) + 0.5) }

// up is a length in pixels that is no shorter.
func (s *sheet) up(v float64) int { return int(float64(v*s.panel.PxPerMM) + 0.999) }

// em is the size of a step of the scale, 1.25 times the step below; 0 is
// running text.
func (s *sheet) em(step int) int {
	px := s.base * 1024
	for range step {
		px = px * 5 / 4
	}
	return px / 1024
}

func (s *sheet) add(op Op) {
	op.Clip = s.clip
	s.list.Ops = append(s.list.Ops, op)
}

func (s *sheet) fill(r Rect, c color.RGBA, radius int) {
	if !r.empty() {
		s.add(Op{Kind: OpFill, Rect: r, Color: c, Radius: radius})
	}
}

func (s *sheet) outline(r Rect, c color.RGBA, radius, width int) {
	if !r.empty() {
		s.add(Op{Kind: OpStroke, Rect: r, Color: c, Radius: radius, Width: width})
	}
}

func (s *sheet) icon(r Rect, name string, c color.RGBA) {
	if name != "" && !r.empty() {
		s.add(Op{Kind: OpIcon, Rect: r, Icon: name, Color: c})
	}
}

// rule draws a hairline along the lower edge of r.
func (s *sheet) rule(r Rect) {
	edge, _ := r.bottom(s.hairline)
	s.fill(edge, s.hair, 0)
}

// node adds a node. What a list hides is in the tree with an empty rectangle,
// and what lies beneath a dialog cannot be tapped and is not in it.
func (s *sheet) node(n Node) {
	if s.covered && n.Interactive() {
		return
	}
	n.Rect = n.Rect.meet(Rect{W: s.panel.W, H: s.panel.H})
	if s.clip != (Rect{}) {
		n.Rect = n.Rect.meet(s.clip)
	}
	if n.Rect.empty() {
		n.Rect = Rect{}
	}
	s.list.Nodes = append(s.list.Nodes, n)
}

// say adds a text node.
func (s *sheet) say(id, label, value string, r Rect) {
	s.node(Node{ID: id, Role: RoleText, Label: label, Value: value, Enabled: true, Rect: r})
}

// take returns the button with this id and strikes it from those without a place.
func (s *sheet) take(id string) (flow.Button, bool) {
	for i, b := range s.rest {
		if b.ID == id {
			s.rest = append(append([]flow.Button(nil), s.rest[:i]...), s.rest[i+1:]...)
			return b, true
		}
	}
	return flow.Button{}, false
}

// takePrimary returns the primary action, enabled or not.
func (s *sheet) takePrimary() (flow.Button, bool) {
	for _, b := range s.rest {
		if b.Kind == flow.Primary {
			return s.take(b.ID)
		}
	}
	return flow.Button{}, false
}

// sum is an amount as people read it.
func (s *sheet) sum(c flow.Cents) string { return Money(s.view.Currency, c) }
