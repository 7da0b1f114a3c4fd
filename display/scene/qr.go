package scene

import "image/color"

// codeMM is the least side of a QR code with its margin, for a telephone that is
// held at arm's length.
const codeMM = 42.0

// qr is a receipt as a code for a telephone, as large as it may be, with what to do
// beside it. Its own ground is white and its modules black in every theme: not all
// telephones read the other way round.
func (s *sheet) qr(r Rect) {
	v := s.view.QR
	foot := s.foot()
	_, r = r.bottom(foot)
	r = r.inset(s.pad, s.gap)
	side := min(r.H, r.W/2, s.mm(90))
	at, rest := r.left(max(side, s.mm(codeMM)))
	_, rest = rest.left(s.pad * 2)
	box := at.middle(side, side)
	s.add(Op{Kind: OpQR, Rect: box, Color: color.RGBA{A: 255}, Code: v.Link})
	s.node(Node{ID: "receipt-code", Role: RoleText, Label: "QR code of receipt " + v.Slip, Value: v.Link, Enabled: true, Rect: box})
	s.qrWords(rest)
}

// qrWords say what to do, and for which receipt the code is.
func (s *sheet) qrWords(r Rect) {
	v := s.view.QR
	title := ink{step: 2, weight: Bold, color: s.ink, shrink: true}
	text := ink{step: 1, color: s.ink, shrink: true}
	small := ink{color: s.quiet, tabular: true, shrink: true}
	noteH := 0
	if v.Note != "" {
		noteH = s.paraHeight(v.Note, ink{weight: Medium}, r.W-s.iconSmall-s.gap*3, 4) + s.gap*3
	}
	h := s.lineHeight(title) + s.paraHeight(v.Text, text, r.W, 4) + s.lineHeight(small) + s.gap*2 + noteH
	r = r.middle(r.W, min(h, r.H))
	line, rest := r.top(s.lineHeight(title))
	s.say("qr-title", s.view.Title, "", s.text(line, s.view.Title, title))
	_, rest = rest.top(s.gap)
	room := Rect{rest.X, rest.Y, rest.W, max(rest.H-s.lineHeight(small)-noteH-s.gap, s.lineHeight(text))}
	used := s.para(room, v.Text, text, 4)
	s.say("qr-text", v.Text, "", Rect{rest.X, rest.Y, rest.W, used})
	_, rest = rest.top(used + s.gap)
	line, rest = rest.top(s.lineHeight(small))
	s.say("slip", "Receipt", v.Slip, s.text(line, "Receipt "+v.Slip, small))
	if v.Note != "" {
		_, rest = rest.top(s.gap)
		s.status(rest, "qr-note", "Receipt", v.Note, "warning")
	}
}
