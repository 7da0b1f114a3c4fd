package scene

import (
	"strings"

	"kickstand/device/flow"
)

// done is the finished sale: the change, as large as the screen allows, and at
// the right how the receipt fares.
func (s *sheet) done(r Rect) {
	main, side := s.sides(r)
	d := s.view.Done
	s.doneSide(side)
	foot := s.foot()
	main = main.inset(s.pad, s.pad)
	_, main = main.bottom(foot - s.pad)
	s.change(main, d)
}

func (s *sheet) change(r Rect, d *flow.Done) {
	label := ink{step: 2, color: s.quiet}
	huge := ink{step: 9, weight: Bold, color: s.ink, tabular: true, shrink: true}
	small := ink{step: 1, color: s.quiet, tabular: true, shrink: true}
	name, value := "Change", s.sum(d.Change)
	if d.By != "" {
		name, value = "Paid", s.sum(d.Paid)
	}
	rows := s.lineHeight(small)
	if d.Rounding != 0 {
		rows *= 2
	}
	f := s.fitted(huge, value, r.W, r.H-s.lineHeight(label)-rows-s.gap*2)
	h := s.faceHeight(f)
	box := r.middle(r.W, s.lineHeight(label)+h+rows+s.gap)
	head, rest := box.top(s.lineHeight(label))
	s.text(head, name, label)
	big, rest := rest.top(h)
	s.say(strings.ToLower(name), name, value, s.line(big, value, f, huge))
	_, rest = rest.top(s.gap)
	row, rest := rest.top(s.lineHeight(small))
	if d.By != "" {
		s.say("paid-by", "Paid by", d.By, s.text(row, d.By, small))
		return
	}
	cells := row.columns(2, s.gap*2)
	s.pair(cells[0], "paid", "Paid", s.sum(d.Paid), small)
	s.pair(cells[1], "total", "Total", s.sum(d.Total), small)
	if d.Rounding != 0 { // else Paid less Total would not be Change
		s.rounded(rest, s.sum(d.Total+d.Rounding), small)
	}
}

// rounded is the total in coins, below the total where there is room.
func (s *sheet) rounded(r Rect, value string, k ink) {
	cells := r.columns(2, s.gap*2)
	if f := s.face(k); s.fonts.Width(f, "Rounded")+s.gap*2+s.fonts.Width(f, value) <= cells[1].W {
		r = cells[1]
	}
	s.pair(r, "rounded", "Rounded", value, k)
}

// pair is a word and its amount beside it.
func (s *sheet) pair(r Rect, id, label, value string, k ink) {
	at := s.text(r, label, k)
	_, rest := r.left(at.W + s.gap)
	strong := k
	strong.weight, strong.color = Medium, s.ink
	s.say(id, label, value, s.text(rest, value, strong))
}

// doneSide is the receipt: its number, what became of it, and what can be done.
func (s *sheet) doneSide(r Rect) {
	d := s.view.Done
	_, _, slot := s.slots()
	body := Rect{slot.X, r.Y + s.pad, slot.W, slot.Y - r.Y - s.pad - s.gap*2}
	var jobs []flow.Button
	for _, b := range append([]flow.Button(nil), s.rest...) {
		if len(b.ID) > 4 && b.ID[:4] == "job:" {
			s.take(b.ID)
			jobs = append(jobs, b)
		}
	}
	tools, body := body.bottom(s.gridHeight(len(jobs), 2, s.target))
	s.buttons(tools, jobs, 2)
	if len(jobs) > 0 {
		_, body = body.bottom(s.gap * 2)
	}
	label, number := ink{color: s.quiet}, ink{step: 1, weight: Medium, color: s.ink, tabular: true, shrink: true}
	head, rest := body.top(s.lineHeight(number))
	at := s.text(head, "Receipt", label)
	s.say("slip", "Receipt", d.Slip, s.text(Rect{at.X + at.W + s.gap, head.Y, head.W - at.W - s.gap, head.H}, d.Slip, number))
	_, rest = rest.top(s.gap)
	rest = s.status(rest, "receipt-state", "Receipt", d.Words, d.Receipt)
	rest = s.status(rest, "mailed", "Receipt by e-mail", d.Mailed, flow.PartOK)
	if s.view.Kiosk {
		return
	}
	state, words := flow.PartOK, "The office has it"
	if !d.Synced {
		state, words = flow.PartWarning, "Not with the office yet"
	}
	s.sync(rest, state, words)
}

// status is a state in icon and words, on its tint. It returns what is below.
func (s *sheet) status(r Rect, id, label, words string, state flow.PartState) Rect {
	if words == "" {
		return r
	}
	c, tint, mark := s.tone(state)
	if words == "Printing…" {
		mark = "printer"
	}
	k := ink{weight: Medium, color: c, shrink: true}
	w := r.W - s.iconSmall - s.gap*3
	margin := min(s.gap, max(r.H-s.lineHeight(k), 0)/2)
	box, rest := r.top(s.paraHeight(words, k, w, 5) + margin*2)
	s.fill(box, tint, s.radius)
	inner := box.inset(s.gap, margin)
	sign, text := inner.left(s.iconSmall)
	_, text = text.left(s.gap)
	first, _ := sign.top(s.lineHeight(k))
	s.icon(first.middle(s.iconSmall, s.iconSmall), mark, c)
	s.para(text, words, k, 5)
	s.node(Node{ID: id, Role: RoleText, Label: words, Value: string(state), Enabled: true, Rect: box})
	_, rest = rest.top(s.gap)
	return rest
}

// sync says quietly whether the sale has left the till.
func (s *sheet) sync(r Rect, state flow.PartState, words string) {
	k := ink{color: s.quiet}
	if r.H < s.lineHeight(k) {
		s.node(Node{ID: "synced", Role: RoleText, Label: words, Value: string(state), Enabled: true})
		return
	}
	line, _ := r.top(s.lineHeight(k) + s.gap)
	sign, text := line.left(s.iconSmall + s.gap)
	_, text = text.left(s.gap)
	mark := "check"
	if state != flow.PartOK {
		mark = "outbox"
	}
	s.icon(sign.middle(s.iconSmall, s.iconSmall), mark, s.quiet)
	s.text(text, words, k)
	s.node(Node{ID: "synced", Role: RoleText, Label: words, Value: string(state), Enabled: true, Rect: line})
}
