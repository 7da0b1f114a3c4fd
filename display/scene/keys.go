package scene

import "strings"

// keypad is the number pad: telephone order, as on card terminals.
func (s *sheet) keypad(r Rect) {
	keys := []string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "00", "0", "backspace"}
	for i, cell := range r.grid(3, 4, s.gap) {
		if keys[i] == "backspace" {
			s.key(cell, "key:backspace", "", "backspace", "Delete the last figure", 2)
			continue
		}
		s.key(cell, "key:"+keys[i], keys[i], "", keys[i], 2)
	}
}

// keyboard is the on-screen keyboard, four rows of ten keys. The place of the
// first key and a half of its last row is left free and returned: back is there.
func (s *sheet) keyboard(r Rect) (corner Rect) {
	rows := r.rows(4, s.keyGap())
	for i, letters := range []string{"1234567890", "qwertyuiop"} {
		s.keyRow(rows[i].columns(10, s.keyGap()), letters)
	}
	cells := rows[2].columns(10, s.keyGap())
	s.keyRow(cells[:9], "asdfghjkl")
	s.key(cells[9], "key:backspace", "", "backspace", "Delete the last letter", 1)
	last := rows[3].shares([]int{3, 2, 2, 2, 2, 2, 2, 2, 3}, s.keyGap())
	s.keyRow(last[1:8], "zxcvbnm")
	s.key(last[8], "key:space", "space", "", "Space", 0)
	return last[0]
}

func (s *sheet) keyGap() int { return max(s.gap*2/3, s.mm(0.8)) }

func (s *sheet) keyRow(cells []Rect, letters string) {
	for i, l := range strings.Split(letters, "") {
		s.key(cells[i], "key:"+l, l, "", l, 2)
	}
}
