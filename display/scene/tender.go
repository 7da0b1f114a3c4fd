package scene

import (
	"strconv"

	"kickstand/device/flow"
)

// tender is a payment that the hub carries out: what the customer or the person
// at the till does now, and the amount.
func (s *sheet) tender(r Rect) {
	w := s.view.Tender
	foot := s.foot()
	_, r = r.bottom(foot)
	r = r.inset(s.pad, s.pad)
	cells := r.shares([]int{11, 8}, s.pad*2)
	if r.W < r.H*6/5 {
		top, rest := r.top(r.H * 3 / 5)
		cells = []Rect{top, rest}
	}
	s.tenderWords(cells[0], w)
	s.tenderSum(cells[1], w)
}

// tenderWords are the state in icon and words, what to do, and for how long it
// has been so.
func (s *sheet) tenderWords(r Rect, w *flow.Tending) {
	c, tint, mark := s.tone(w.State)
	if w.State == flow.PartOK {
		mark = w.Icon
	}
	s.fill(r, tint, s.radius)
	inner := r.inset(s.pad, s.pad)
	title := ink{step: 3, weight: Bold, color: c, shrink: true}
	text := ink{step: 1, color: s.ink, shrink: true}
	small := ink{color: s.quiet, tabular: true, shrink: true}
	note := s.tenderNote(w)
	if note != "" {
		var line Rect
		line, inner = inner.bottom(s.lineHeight(small))
		_, inner = inner.bottom(s.gap)
		s.say("under-way", note, strconv.Itoa(w.Seconds), s.text(line, note, small))
	}
	size := min(s.em(4), inner.H/4)
	sign, rest := inner.top(size)
	icon, _ := sign.left(size)
	s.icon(icon, mark, c)
	_, rest = rest.top(s.gap)
	room := Rect{rest.X, rest.Y, rest.W, max(rest.H*55/100, s.lineHeight(text))}
	used := s.para(room, s.view.Title, title, 3)
	s.say("tender-state", s.view.Title, string(w.State), Rect{rest.X, rest.Y, rest.W, used})
	_, rest = rest.top(used + s.gap)
	used = s.para(rest, w.Text, text, 5)
	s.say("tender-text", w.Text, "", Rect{rest.X, rest.Y, rest.W, used})
}

// tenderNote is the quiet line below: for how long, or which payment.
func (s *sheet) tenderNote(w *flow.Tending) string {
	switch {
	case w.Detail != "":
		return w.Detail
	case w.Seconds > 0:
		return plural(w.Seconds, "second", "seconds")
	}
	return ""
}

// tenderSum is the amount, as large as it may be.
func (s *sheet) tenderSum(r Rect, w *flow.Tending) {
	o := owed{id: "tender-amount", label: w.Words, value: s.sum(w.Amount)}
	switch {
	case w.Amount < 0:
		o.label, o.value = "Back to: "+w.Words, s.sum(-w.Amount)
	case w.Due > w.Amount:
		o.note = "of " + s.sum(w.Due)
	}
	s.due(r, o)
}

// code asks for a code: the field in the header, what it is or what is wrong with
// it below, and the keyboard.
func (s *sheet) code(r Rect) {
	s.slim = s.view.Banner != nil && s.lowPanel()
	top, body := r.top(s.searchRow() + s.gap*2)
	s.fill(top, s.side, 0)
	s.rule(top)
	s.codeBar(top.inset(s.pad, s.gap))
	if !s.slim {
		_, body = body.top(s.banner(body))
	}
	body = s.board(body)
	body = body.inset(s.pad, s.gap)
	if s.slim {
		cells := body.columns(2, s.gap*2)
		s.slimBanner(cells[0], cells[0])
		s.typedWords(cells[1], s.view.Code.Error, 3)
		return
	}
	s.toastOr(body.middle(body.W, min(body.H, s.target)), func() { s.typedWords(body, s.view.Code.Error, 3) })
}

// codeBar is the field with the key that empties it, and the action.
func (s *sheet) codeBar(r Rect) {
	v := s.view.Code
	r = s.operator(s.clockText(r))
	ok, _ := s.takePrimary()
	cells := r.shares([]int{12, 7}, s.gap*2)
	s.field(cells[0], "code", s.view.Title, v.Value, "tag")
	s.buttonSized(cells[1], ok, 0)
}

// typedWords say what to type, or in up to so many lines what is wrong with what was
// typed.
func (s *sheet) typedWords(r Rect, wrong string, most int) {
	if wrong != "" {
		h := s.paraHeight(wrong, ink{weight: Medium}, r.W-s.iconSmall-s.gap*3, most) + s.gap*2
		s.trouble(r.middle(r.W, min(r.H, h)), wrong)
		return
	}
	hint := ink{step: 1, color: s.quiet, shrink: true}
	box := r.middle(r.W, min(r.H, s.paraHeight(s.view.Hint, hint, r.W, 2)))
	s.para(box, s.view.Hint, hint, 2)
	s.say("hint", s.view.Hint, "", box)
}
