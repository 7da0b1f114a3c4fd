package scene

import "kickstand/device/flow"

// number asks for a quantity or a discount: what it is for and ready-made
// answers at the left, the keypad at the right.
func (s *sheet) number(r Rect) {
	main, side := s.sides(r)
	_, _, slot := s.slots()
	s.keypad(Rect{slot.X, side.Y + s.pad, slot.W, slot.Y - side.Y - s.pad - s.gap*2})
	foot := s.foot()
	main = main.inset(s.pad, s.pad)
	_, main = main.bottom(foot - s.pad - s.gap)
	p := s.view.Keypad
	presets, rest := main.bottom(s.gridHeight(len(p.Presets), s.presetColumns(p.Presets), s.target))
	s.buttons(presets, p.Presets, s.presetColumns(p.Presets))
	least := max(s.target, s.lineHeight(ink{step: 2})+s.lineHeight(ink{}))
	wrong := s.lineHeight(ink{})*3 + s.gap
	field, rest := rest.top(max(least, min(rest.H-wrong-s.gap*3, least*5/2)))
	s.entry(field, "entered", orElse(s.view.Hint, p.Label), p.Value, p.Unit)
	if p.Error != "" {
		_, rest = rest.top(s.gap)
		at, _ := rest.top(max(rest.H-s.gap, min(rest.H, wrong)))
		s.trouble(at.meet(Rect{at.X, at.Y, at.W, wrong + s.gap}), p.Error)
	}
}

func (s *sheet) presetColumns(all []flow.Button) int {
	if len(all) > 4 {
		return 3
	}
	return 2
}
