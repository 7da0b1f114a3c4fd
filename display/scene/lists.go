package scene

import (
	"strconv"

	"kickstand/device/flow"
)

// rows is a screen that is one list: parked sales, people, receipts, the device.
func (s *sheet) rows(r Rect) {
	l := s.view.List
	foot := s.foot()
	_, r = r.bottom(foot)
	if s.people() {
		_, r = r.top(s.pad - s.gap)
	}
	r = r.inset(s.pad, s.gap)
	s.node(Node{ID: "list", Role: RoleList, Label: s.view.Title, Value: plural(len(l.Rows), "row", "rows"), Enabled: true, Rect: r})
	if len(l.Rows) == 0 {
		s.empty(r, "list", l.Empty)
		return
	}
	cols := 1
	switch {
	case s.people():
		cols = 3
	case s.view.Screen == flow.ScreenTillCount && s.countFits(r.W/2, l.Rows):
		cols = 2
	}
	s.rowList(r, string(s.view.Screen), l.Rows, cols)
}

// countFits reports whether a row of a count has room in half the width.
func (s *sheet) countFits(w int, rows []flow.Row) bool {
	need := 4 * s.gap
	for _, wide := range s.buttonWidths(rows[0].Buttons) {
		need += wide + s.gap
	}
	sums := s.fonts.Width(s.face(ink{weight: Medium, tabular: true}), "100.00 $9,999.00")
	return need+sums <= w-s.mm(2)-s.gap
}

// rowList is a scrolling list of rows, cols beside each other.
func (s *sheet) rowList(r Rect, key string, rows []flow.Row, cols int) {
	var items []item
	for i := 0; i < len(rows); i += cols {
		part := rows[i:min(i+cols, len(rows))]
		h := 0
		for _, row := range part {
			h = max(h, s.rowHeight(row, (r.W-s.mm(2))/cols-s.gap))
		}
		items = append(items, item{h: h, draw: func(at Rect) {
			for j, cell := range at.columns(cols, s.gap*2)[:len(part)] {
				s.row(cell, part[j], i+j+1)
			}
		}})
	}
	s.scroll(r, key, "", items)
}

func (s *sheet) rowHeight(row flow.Row, w int) int {
	title, detail := s.rowLines(row, s.rowTextWidth(row, w))
	h := title*s.lineHeight(ink{weight: Medium}) + detail*s.lineHeight(ink{})
	if n := len(row.Buttons); n > 0 {
		h = max(h, s.target)
	}
	if s.people() {
		return s.target*3/2 + s.gap*2
	}
	if len(row.Buttons) > 0 {
		return h + s.gap*2
	}
	return max(s.target, h+s.gap*2)
}

// rowLines is how many lines the title and the detail of a row take. What a search
// found has two in all, and a long name needs both.
func (s *sheet) rowLines(row flow.Row, w int) (title, detail int) {
	title, detail = 1, len(s.wrap(s.face(ink{}), row.Detail, w, 3))
	if s.view.Search == nil {
		return title, detail
	}
	title = max(len(s.wrap(s.face(ink{weight: Medium}), row.Title, w, 2)), 1)
	return title, min(detail, 2-title)
}

// people reports whether the list is one of people, who are shown as cards.
func (s *sheet) people() bool { return s.view.Screen == flow.ScreenOperators }

// rowTextWidth is what is left for the words of a row.
func (s *sheet) rowTextWidth(row flow.Row, w int) int {
	w -= 2 * s.gap
	if s.rowMark(row) != "" {
		w -= s.iconSmall + s.gap*2
	}
	if row.Value != "" {
		w -= s.fonts.Width(s.face(ink{weight: Medium, tabular: true}), s.moneyWords(row.Value)) + s.gap*2
	}
	return max(w-s.rowButtonsWidth(row, w), s.em(4))
}

func (s *sheet) rowButtonsWidth(row flow.Row, w int) int {
	all := 0
	for _, wide := range s.buttonWidths(row.Buttons) {
		all += wide + s.gap
	}
	return min(all, w*3/5)
}

// buttonWidths are what buttons with icon and words in one line need.
func (s *sheet) buttonWidths(all []flow.Button) []int {
	widths := make([]int, len(all))
	for i, b := range all {
		widths[i] = max(s.fonts.Width(s.face(ink{weight: Medium}), b.Label)+s.iconSmall+s.em(0)+s.gap*2, s.target)
	}
	return widths
}

// rowMark is the icon of a row: its state when that is not fine, a person for
// people.
func (s *sheet) rowMark(row flow.Row) string {
	if s.people() {
		return "person"
	}
	if s.view.Screen == flow.ScreenDevice || row.State == flow.PartWarning || row.State == flow.PartDown {
		_, _, mark := s.tone(row.State)
		return mark
	}
	return ""
}

// row is one row: icon, title and detail, value, buttons.
func (s *sheet) row(r Rect, row flow.Row, n int) {
	if s.people() {
		_, r = r.bottom(s.gap * 2)
	}
	if !s.unseen(r) {
		s.rowLook(r, row)
	}
	s.rowNode(r, row, n)
	inner := r.inset(s.gap, s.gap)
	if w := s.rowButtonsWidth(row, inner.W); w > 0 {
		at, _ := inner.right(w - s.gap)
		for i, cell := range at.middle(at.W, s.target).shares(s.buttonWidths(row.Buttons), s.gap) {
			s.button(cell, row.Buttons[i])
		}
	}
}

func (s *sheet) rowNode(r Rect, row flow.Row, n int) {
	value := s.moneyWords(row.Value)
	if value == "" {
		value = row.Detail
	}
	if row.ID == "" {
		s.say("row:"+strconv.Itoa(n), row.Title, value, r)
		return
	}
	s.node(Node{ID: row.ID, Role: RoleRow, Label: row.Title, Value: value, Enabled: true, Rect: r})
}

func (s *sheet) rowGround(r Rect, row flow.Row) {
	down := row.ID != "" && s.ui.Pressed == row.ID && !s.covered
	switch {
	case s.people() && down:
		s.fill(r, s.press, s.radius)
	case s.people():
		s.fill(r, s.card, s.radius)
		s.outline(r, s.edge, s.radius, s.hairline)
	case down:
		s.fill(r, s.press, s.radius)
	default:
		s.rule(r)
	}
}

func (s *sheet) rowLook(r Rect, row flow.Row) {
	s.rowGround(r, row)
	inner := r.inset(s.gap, s.gap)
	if s.people() {
		inner = r.inset(s.gap*2, s.gap)
	}
	_, words := inner.right(s.rowButtonsWidth(row, inner.W))
	if mark := s.rowMark(row); mark != "" {
		c, _, _ := s.tone(row.State)
		if mark == "person" {
			c = s.quiet
		}
		var sign Rect
		sign, words = words.left(s.iconSmall)
		_, words = words.left(s.gap * 2)
		s.icon(sign.middle(s.iconSmall, s.iconSmall), mark, c)
	}
	if row.Value != "" {
		at := s.text(words, s.moneyWords(row.Value), ink{weight: Medium, color: s.ink, align: right, tabular: true})
		words.W = max(at.X-words.X-s.gap*2, 0)
	}
	title, detail := ink{weight: Medium, color: s.ink, tail: true}, ink{color: s.quiet}
	lines, below := s.rowLines(row, words.W)
	box := words.middle(words.W, min(lines*s.lineHeight(title)+below*s.lineHeight(detail), words.H))
	head, rest := box.top(lines * s.lineHeight(title))
	if lines > 1 {
		s.para(head, row.Title, title, lines)
	} else {
		s.text(head, row.Title, title)
	}
	s.para(rest, row.Detail, detail, below)
}
