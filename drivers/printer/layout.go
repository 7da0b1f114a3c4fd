package printer

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"
)

// cells is the number of character cells r takes: 0 for marks that sit on the
// letter before, 2 for wide East Asian characters, else 1.
func cells(r rune) int {
	if r < 0x300 {
		return 1
	}
	if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

func cellsOf(line []rune) int {
	n := 0
	for _, r := range line {
		n += cells(r)
	}
	return n
}

// noBreak is the space at which a line may not be broken. It is printed as a
// plain space.
const noBreak = '\u00a0'

// clean appends the printable characters of s to dst in composed form (NFC).
// Line ends stay as '\n', tabs become a space, every other control character
// is dropped, so text cannot carry commands.
func clean(dst []rune, s string) []rune {
	if !norm.NFC.IsNormalString(s) {
		s = norm.NFC.String(s)
	}
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		i += n
		switch {
		case r >= ' ' && r < 0x7f, r == '\n':
			dst = append(dst, r)
		case r == '\t':
			dst = append(dst, ' ')
		case r < 0xa0, unicode.Is(unicode.Cf, r), unicode.Is(unicode.Cs, r):
			continue
		case r == noBreak, r == '\u202f', r == '\u2007':
			dst = append(dst, noBreak)
		case unicode.IsSpace(r), unicode.Is(unicode.Zs, r):
			dst = append(dst, ' ')
		default:
			dst = append(dst, r)
		}
	}
	return dst
}

// lines cuts text into lines of at most a number of cells, at spaces where
// there are any.
type lines struct {
	rest []rune
	more bool
}

func wrap(text []rune) lines { return lines{rest: text, more: true} }

// next returns the next line, or false at the end. Spaces at which a line was
// broken are dropped, those the author put at an end stay. An empty text is one
// empty line.
func (l *lines) next(limit int) ([]rune, bool) {
	if !l.more {
		return nil, false
	}
	end, cut, used := len(l.rest), -1, 0
	for i, r := range l.rest {
		if r == '\n' {
			return l.take(i, i+1), true
		}
		used += cells(r)
		if r == ' ' {
			cut = i
		}
		if used > limit && i > 0 {
			end = i
			break
		}
	}
	switch {
	case end == len(l.rest):
		line := l.rest
		l.rest, l.more = nil, false
		return line, true
	case cut > 0:
		return l.take(cut, cut+1), true
	}
	return l.take(end, end), true
}

// take cuts the line off before end and goes on after skip, past spaces that a
// break at a space leaves behind.
func (l *lines) take(end, skip int) []rune {
	line := l.rest[:end]
	if skip > end && l.rest[end] == '\n' {
		l.rest = l.rest[skip:]
		return line
	}
	l.rest = l.rest[skip:]
	for len(l.rest) > 0 && l.rest[0] == ' ' {
		l.rest = l.rest[1:]
	}
	l.more = len(l.rest) > 0
	return trimRight(line)
}

func trimRight(line []rune) []rune {
	for len(line) > 0 && line[len(line)-1] == ' ' {
		line = line[:len(line)-1]
	}
	return line
}

// pad appends n spaces to dst.
func pad(dst []rune, n int) []rune {
	for range n {
		dst = append(dst, ' ')
	}
	return dst
}

// place appends line to dst, aligned in a field of the given cells.
func place(dst, line []rune, field int, align Align) []rune {
	room := max(0, field-cellsOf(line))
	switch align {
	case Right:
		return append(pad(dst, room), line...)
	case Center:
		dst = append(pad(dst, room/2), line...)
		return pad(dst, room-room/2)
	default:
		return pad(append(dst, line...), room)
	}
}

// share divides the cells of a line, less one between neighbours, among the
// columns, and appends the widths to dst.
func share(dst []int, columns []Column, total int) []int {
	room := total - (len(columns) - 1)
	asked, open := 0, 0
	for _, c := range columns {
		asked += max(0, c.Width)
		if c.Width <= 0 {
			open++
		}
	}
	give, tight := asked, asked+open > room
	if tight {
		give = max(room-open, 1)
	}
	left := room
	for i, c := range columns {
		w := 0
		switch {
		case c.Width > 0:
			w = max(1, c.Width*give/max(asked, 1))
		default:
			w = max(1, (room-give)/max(open, 1))
		}
		if i == len(columns)-1 && (open > 0 || tight) {
			w = max(1, left)
		}
		left -= w
		dst = append(dst, w)
	}
	return dst
}
