package printer

// print sends one line: in the printer's own letters where a code page of the
// profile has all of them, else as a picture.
func (e *Encoder) print(line []rune, style Style) error {
	for i, r := range line {
		if r == noBreak {
			line[i] = ' '
		}
	}
	if !e.encodable(line) {
		return e.drawLine(line, style)
	}
	if len(line) > 0 {
		e.look(style)
		e.letters(line)
	}
	e.out = append(e.out, lf)
	return nil
}

func (e *Encoder) encodable(line []rune) bool {
	for _, r := range line {
		if r >= 0x80 && e.coverage(r) < 0 {
			return false
		}
	}
	return true
}

// coverage returns the first page that holds r, or -1.
func (e *Encoder) coverage(r rune) int {
	for i := range e.pages {
		if _, ok := e.pages[i].encode(r); ok {
			return i
		}
	}
	return -1
}

func (p *page) encode(r rune) (byte, bool) {
	b, ok := p.table.EncodeRune(r)
	return b, ok && b >= 0x80
}

// letters sends the line, changing the code page only where the one in use
// lacks a letter.
func (e *Encoder) letters(line []rune) {
	for i, r := range line {
		if r < 0x80 {
			e.out = append(e.out, byte(r))
			continue
		}
		if e.state.page < 0 || !e.pages[e.state.page].holds(r) {
			e.state.page = e.bestPage(line[i:])
			e.out = append(e.out, esc, 't', e.pages[e.state.page].id)
		}
		b, _ := e.pages[e.state.page].encode(r)
		e.out = append(e.out, b)
	}
}

func (p *page) holds(r rune) bool {
	_, ok := p.encode(r)
	return ok
}

// bestPage is the page that carries the rest of the line furthest. The first
// letter of rest is on at least one page.
func (e *Encoder) bestPage(rest []rune) int {
	best, reach := 0, -1
	for i := range e.pages {
		n := 0
		for n < len(rest) && (rest[n] < 0x80 || e.pages[i].holds(rest[n])) {
			n++
		}
		if n > reach {
			best, reach = i, n
		}
		if n == len(rest) {
			break
		}
	}
	return best
}

// look tells the printer how the next line looks, as far as that changed.
func (e *Encoder) look(s Style) {
	e.align(s.Align)
	size := byte(0)
	if s.Wide {
		size |= 0x10
	}
	if s.Tall {
		size |= 0x01
	}
	e.set(&e.state.size, size, gs, '!')
	e.set(&e.state.font, bit(s.Small), esc, 'M')
	e.set(&e.state.bold, bit(s.Bold), esc, 'E')
	e.set(&e.state.underline, bit(s.Underline), esc, '-')
	e.set(&e.state.inverse, bit(s.Inverse), gs, 'B')
}

func (e *Encoder) align(a Align) {
	n := byte(0)
	switch a {
	case Center:
		n = 1
	case Right:
		n = 2
	}
	e.set(&e.state.align, n, esc, 'a')
}

func (e *Encoder) set(old *byte, want, lead, command byte) {
	if *old != want {
		*old = want
		e.out = append(e.out, lead, command, want)
	}
}

func bit(b bool) byte {
	if b {
		return 1
	}
	return 0
}
