package scene

import (
	"strconv"
	"strings"

	"kickstand/device/flow"
)

// self is the basket of a customer at the kiosk: the lines with their steppers at
// the left, what they come to at the right.
func (s *sheet) self(r Rect) {
	main, side := s.sides(r)
	_, _, slot := s.slots()
	foot := s.foot()
	v := s.view.Self
	s.selfSum(Rect{slot.X, side.Y + s.pad, slot.W, slot.Y - side.Y - s.pad - s.gap*2}, v)
	main = main.inset(s.pad, s.gap)
	_, main = main.bottom(foot - s.gap)
	var items []item
	anchor := ""
	for _, l := range v.Lines {
		id := l.ID
		if l.Fresh {
			anchor = l.ID + ":" + strconv.FormatInt(l.Qty, 10)
			id = anchor
		}
		name := s.selfName(main.W, l)
		h := max(s.target, (len(name)+1)*s.lineHeight(selfInk)) + s.gap
		items = append(items, item{id: id, h: h, draw: func(at Rect) { s.selfLine(at, l, name) }})
	}
	s.scroll(main, "self", anchor, items)
}

// selfSum is the total, large, with what it is made of above where there is room.
func (s *sheet) selfSum(r Rect, v *flow.Self) {
	note := plural(int(v.Count), "thing", "things")
	label := ink{color: s.quiet}
	big := ink{step: 6, weight: Bold, color: s.ink, tabular: true, shrink: true}
	f := s.fitted(big, s.sum(v.Total), r.W, max(r.H-2*s.lineHeight(label), s.lineHeight(label)))
	box, rest := r.bottom(s.faceHeight(f) + s.lineHeight(label))
	head, sum := box.top(s.lineHeight(label))
	at := s.text(head, "Total", label)
	_, side := head.left(at.W + s.gap*2)
	label.align, label.shrink = right, true
	s.text(side, note, label)
	s.say("self-total", "Total", s.sum(v.Total), s.line(sum, s.sum(v.Total), f, big))
	small := ink{color: s.quiet, tabular: true, shrink: true}
	for i := len(v.Taxes) - 1; i >= 0 && rest.H >= s.lineHeight(small); i-- {
		var row Rect
		row, rest = rest.bottom(s.lineHeight(small))
		s.selfTax(row, v.Taxes[i], v.Included, small)
	}
}

func (s *sheet) selfTax(r Rect, t flow.TaxRow, included bool, k ink) {
	name := t.Label
	if included {
		name = "incl. " + name
	}
	at := k
	at.align = right
	sum := s.text(r, s.sum(t.Amount), at)
	s.text(Rect{r.X, r.Y, max(sum.X-r.X-s.gap*2, 0), r.H}, name, k)
}

// selfInk is how the lines of a customer's basket are set.
var selfInk = ink{weight: Medium}

// selfName is what a customer bought, in up to two lines. Size and colour stand at
// the end of a name and are kept when it is too long. The width is that of a line
// beside the bar of a long list.
func (s *sheet) selfName(width int, l flow.CartLine) []string {
	f, w := s.face(selfInk), width-s.mm(2)-s.selfStepper()-s.gap*2
	name := s.wrap(f, l.Name, w, 2)
	if len(name) == 2 {
		name[1] = s.shorten(f, s.shortenHead(f, strings.TrimPrefix(l.Name, name[0]+" "), w), w)
	}
	return name
}

// selfStepper is the width of a line's number with the buttons beside it.
func (s *sheet) selfStepper() int {
	return 2*s.target + s.fonts.Width(s.face(ink{step: 1, weight: Bold, tabular: true}), "00") + 2*s.gap
}

// selfLine is one thing: how many, what, what it costs, and the stepper.
func (s *sheet) selfLine(r Rect, l flow.CartLine, name []string) {
	inner, _ := r.top(r.H - s.gap)
	stepper, words := inner.right(s.selfStepper())
	stepper = stepper.middle(stepper.W, s.target)
	_, words = words.right(s.gap * 2)
	if !s.unseen(r) {
		if l.Fresh {
			s.fill(r, s.side, s.radius)
		}
		s.rule(r)
		s.selfWords(words, l, name)
		s.text(stepper, strconv.FormatInt(l.Qty, 10), ink{step: 1, weight: Bold, color: s.ink, align: centre, tabular: true})
	}
	s.say(l.ID, l.Name, s.sum(l.Price), words)
	less, _ := stepper.left(s.target)
	more, _ := stepper.right(s.target)
	for i, at := range []Rect{less, more} {
		if i < len(l.Buttons) {
			s.silent(at, l.Buttons[i], "", l.Buttons[i].Icon)
		}
	}
}

func (s *sheet) selfWords(r Rect, l flow.CartLine, name []string) {
	k := selfInk
	k.color = s.ink
	h := s.lineHeight(k)
	box := r.middle(r.W, min(h*(len(name)+1), r.H))
	head, foot := box.top(h * len(name))
	s.lines(head, name, s.face(k), k)
	text := s.sum(l.Price)
	if l.Qty != 1 {
		text += "  (" + s.sum(l.Unit) + ")"
	}
	k.tabular, k.shrink = true, true
	s.text(foot, text, k)
}
