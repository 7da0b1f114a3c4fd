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
	_, main = main.bottom(foot - s.pad)
	p := s.view.Keypad
	field, rest := main.top(max(s.target, s.lineHeight(ink{step: 2})+s.lineHeight(ink{})+s.gap))
	s.entry(field, "entered", orElse(s.view.Hint, p.Label), p.Value, p.Unit)
	_, rest = rest.top(s.gap * 2)
	presets, between := rest.bottom(s.gridHeight(len(p.Presets), s.presetColumns(p.Presets), s.target))
	s.buttons(presets, p.Presets, s.presetColumns(p.Presets))
	if p.Error != "" {
		_, between = between.bottom(s.gap * 2)
		at, _ := between.top(max(s.target, s.lineHeight(ink{})*4+s.gap*2))
		s.trouble(at, p.Error)
	}
}

func (s *sheet) presetColumns(all []flow.Button) int {
	if len(all) > 4 {
		return 3
	}
	return 2
}
