package stage

import (
	"fmt"
	"time"

	"kickstand/display/scene"
)

// patience is how long a tap of the workbench or a test counts as having waited
// before: longer than any guard against taps that nobody can mean. A script
// knows the screen it taps on.
const patience = time.Second

// Pointer takes one movement of a finger or a mouse, in pixels of the panel.
func (s *Stage) Pointer(kind scene.PointerKind, x, y int) {
	s.glass.Lock()
	id := s.touch(kind, x, y)
	s.glass.Unlock()
	s.tapped(id)
}

// Tap presses and releases at a point, in pixels of the panel.
func (s *Stage) Tap(x, y int) {
	s.glass.Lock()
	id := s.press(x, y)
	s.glass.Unlock()
	s.tapped(id)
}

// TapID taps the node with this id; one of a list that is scrolled out of view is
// scrolled into view first, as a person would. The error says in plain words why
// it cannot: there is no such node, it is none to tap, it is switched off, or
// something lies over it.
func (s *Stage) TapID(id string) error {
	got, err := s.tapNode(id)
	if err != nil {
		return err
	}
	s.tapped(got)
	return nil
}

// tapNode finds a point where the node is on top and taps there.
func (s *Stage) tapNode(id string) (string, error) {
	s.glass.Lock()
	defer s.glass.Unlock()
	s.layout()
	l := s.glass.list
	n, ok := l.Find(id)
	switch {
	case !ok:
		return "", fmt.Errorf("there is no %q on the screen %q", id, l.Screen)
	case !n.Interactive():
		return "", fmt.Errorf("%q on the screen %q is a %s, nothing to tap", id, l.Screen, n.Role)
	case !n.Enabled:
		return "", fmt.Errorf("%q on the screen %q is switched off", id, l.Screen)
	}
	if n.Rect == (scene.Rect{}) {
		n = s.bring(n)
	}
	x, y, ok := free(s.glass.list, n)
	if !ok {
		return "", fmt.Errorf("%q on the screen %q is covered", id, l.Screen)
	}
	got := s.press(x, y)
	if got != id {
		return "", fmt.Errorf("%q on the screen %q did not take the tap", id, l.Screen)
	}
	return got, nil
}

// bring scrolls the list until n is in the middle of what is seen of it, as far as
// the list goes, and returns n as it is then. A node that is nowhere in the list
// leaves it where it was. The lock of glass is held.
func (s *Stage) bring(n scene.Node) scene.Node {
	was := s.glass.list.Scroll
	step := max(was.View.H/2, 1)
	for offset := 0; offset < was.Max+step && was.View.H > 0; offset += step {
		s.scroll(min(offset, was.Max))
		seen, ok := s.glass.list.Find(n.ID)
		if !ok || seen.Rect == (scene.Rect{}) {
			continue
		}
		now := s.glass.list.Scroll
		s.scroll(now.Offset + seen.Rect.Y + seen.Rect.H/2 - now.View.Y - now.View.H/2)
		n, _ = s.glass.list.Find(n.ID)
		return n
	}
	s.scroll(was.Offset)
	return n
}

// scroll moves the list to an offset. The lock of glass is held.
func (s *Stage) scroll(offset int) {
	g := &s.glass
	sc := g.list.Scroll
	sc.Offset = min(max(offset, 0), sc.Max)
	if sc == g.list.Scroll {
		return
	}
	g.ui.Scroll, g.touched = sc, true
	s.layout()
	s.in.Lock()
	s.tell()
	s.in.Unlock()
}

// free is a point of n that nothing lies over: its middle, else one of a grid.
func free(l scene.List, n scene.Node) (x, y int, ok bool) {
	const grid = 16
	for i := range (grid - 1) * (grid - 1) {
		fx, fy := grid/2+i%(grid-1), grid/2+i/(grid-1)
		x, y = n.Rect.X+n.Rect.W*(fx%grid)/grid, n.Rect.Y+n.Rect.H*(fy%grid)/grid
		if top, hit := l.At(x, y); hit && top.ID == n.ID {
			return x, y, true
		}
	}
	return 0, 0, false
}

// press is a tap by somebody patient. The lock of glass is held.
func (s *Stage) press(x, y int) string {
	s.touch(scene.Cancel, x, y)
	s.glass.patient += patience
	s.touch(scene.Press, x, y)
	return s.touch(scene.Release, x, y)
}

// touch moves the touch state on and returns the id that was tapped, if any.
// The lock of glass is held.
func (s *Stage) touch(kind scene.PointerKind, x, y int) string {
	s.layout()
	g := &s.glass
	at := (s.cfg.Now().Sub(s.start) + g.patient).Milliseconds()
	ui, id := g.ui.Pointer(g.list, scene.Pointer{Kind: kind, X: x, Y: y, At: at})
	if ui.Pressed != g.ui.Pressed || ui.Scroll != g.ui.Scroll {
		g.touched = true
		s.in.Lock()
		s.tell()
		s.in.Unlock()
	}
	g.ui = ui
	return id
}

// tapped reports a tap; no lock is held.
func (s *Stage) tapped(id string) {
	if id != "" && s.cfg.OnTap != nil {
		s.cfg.OnTap(id)
	}
}

// Type takes text of a keyboard. "\n" is Enter, "\b" Backspace, "\x1b" Escape.
func (s *Stage) Type(text string) {
	if text != "" && s.cfg.OnType != nil {
		s.cfg.OnType(text)
	}
}
