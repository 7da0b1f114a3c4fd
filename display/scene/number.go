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
	name := ink{step: 1, weight: Medium, color: s.ink}
	used := s.para(main, p.Label, name, 2)
	at, rest := main.top(used)
	s.say("label", p.Label, "", at)
	_, rest = rest.top(s.gap * 2)
	field, rest := rest.top(max(s.target, s.lineHeight(ink{step: 2})+s.lineHeight(ink{})) + s.gap)
	s.entry(field, "entered", s.view.Title, p.Value, s.unit(p.Unit))
	_, rest = rest.top(s.gap * 2)
	presets, between := rest.bottom(s.gridHeight(len(p.Presets), s.presetColumns(p.Presets), s.target))
	s.buttons(presets, p.Presets, s.presetColumns(p.Presets))
	if p.Error != "" {
		_, between = between.bottom(s.gap * 2)
		if h := s.lineHeight(ink{}) + s.gap; between.H < h {
			between = field
		}
		s.trouble(between.meet(Rect{between.X, between.Y, between.W, max(s.target*3/2, s.lineHeight(ink{})*4)}), p.Error)
	}
}

// unit is a unit as it stands behind a number: a currency by its sign.
func (s *sheet) unit(u string) string {
	if u == s.view.Currency && u != "" {
		return u
	}
	return u
}

func (s *sheet) presetColumns(all []flow.Button) int {
	if len(all) > 4 {
		return 3
	}
	return 2
}
