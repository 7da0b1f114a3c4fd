package scene

import (
	"image/color"
	"strings"
	"unicode/utf8"
)

// ink is how a text is set.
type ink struct {
	step    int // of the scale
	weight  Weight
	color   color.RGBA
	align   align
	tabular bool
	tail    bool // shortened in the middle: what stands after a comma stays
	shrink  bool // set smaller rather than shortened, as far as is readable
}

type align uint8

const (
	left align = iota
	centre
	right
)

func (s *sheet) face(k ink) Face {
	return Face{Weight: k.weight, Px: s.em(k.step), Tabular: k.tabular}
}

// lineHeight is the height of one line in this ink.
func (s *sheet) lineHeight(k ink) int { return s.faceHeight(s.face(k)) }

func (s *sheet) faceHeight(f Face) int {
	up, down := s.fonts.Height(f)
	return up + down
}

// fitted returns the face to set text in: k's, or the largest step below it
// that fits w and h and can be read.
func (s *sheet) fitted(k ink, text string, w, h int) Face {
	f, least := s.face(k), s.smallest
	if k.tabular {
		least = s.floor
	}
	for f.Px > least && (s.faceHeight(f) > h || k.shrink && s.fonts.Width(f, text) > w) {
		f.Px = max(f.Px*4/5, least)
	}
	return f
}

// text sets one line in the middle of r's height, shortened where it must be,
// and returns where it stands.
func (s *sheet) text(r Rect, text string, k ink) Rect {
	if text == "" || r.empty() {
		return Rect{X: r.X, Y: r.Y}
	}
	return s.line(r, text, s.fitted(k, text, r.W, r.H), k)
}

// line sets one line in face f.
func (s *sheet) line(r Rect, text string, f Face, k ink) Rect {
	if k.tail {
		text = s.shortenHead(f, text, r.W)
	}
	text = s.shorten(f, text, r.W)
	w, h := s.fonts.Width(f, text), s.faceHeight(f)
	at := Rect{r.X, r.Y + (r.H-h)/2, w, h}
	switch k.align {
	case centre:
		at.X += (r.W - w) / 2
	case right:
		at.X += r.W - w
	}
	if text != "" && h <= r.H {
		s.add(Op{Kind: OpText, Rect: at, Color: k.color, Text: text, Face: f})
	}
	return at
}

// shorten cuts text to w pixels and marks the cut.
func (s *sheet) shorten(f Face, text string, w int) string {
	if s.fonts.Width(f, text) <= w {
		return text
	}
	runes := []rune(text)
	lo, hi := 0, len(runes)
	for lo < hi {
		mid := (lo + hi + 1) / 2
		if s.fonts.Width(f, cutAt(runes, mid)) <= w {
			lo = mid
		} else {
			hi = mid - 1
		}
	}
	if lo == 0 && s.fonts.Width(f, "…") > w {
		return ""
	}
	return cutAt(runes, lo)
}

// shortenHead cuts text before a comma, so that the size and the colour of an
// item are seen, as long as they leave a third of w to its name.
func (s *sheet) shortenHead(f Face, text string, w int) string {
	if s.fonts.Width(f, text) <= w {
		return text
	}
	for at, c := range text {
		if rest := s.fonts.Width(f, text[at:]); c == ',' && rest <= w*2/3 {
			return s.shorten(f, text[:at], w-rest) + text[at:]
		}
	}
	return text
}

// tail cuts text at its begin until it fits w pixels.
func (s *sheet) tail(f Face, text string, w int) string {
	if s.fonts.Width(f, text) <= w {
		return text
	}
	for at := range text {
		if cut := "…" + text[at:]; at > 0 && s.fonts.Width(f, cut) <= w {
			return cut
		}
	}
	return text
}

func cutAt(runes []rune, n int) string {
	return strings.TrimRight(string(runes[:n]), " ,.;:·-") + "…"
}

// wrap breaks text into at most most lines of w pixels; the last one is
// shortened where there is more.
func (s *sheet) wrap(f Face, text string, w, most int) []string {
	var lines []string
	words := strings.Fields(text)
	for len(words) > 0 && len(lines) < most {
		if len(lines) == most-1 {
			return append(lines, s.shorten(f, strings.Join(words, " "), w))
		}
		n := s.wordsThatFit(f, words, w)
		if n == 0 {
			head, tail := s.split(f, words[0], w)
			lines = append(lines, head)
			words = append([]string{tail}, words[1:]...)
			continue
		}
		lines = append(lines, strings.Join(words[:n], " "))
		words = words[n:]
	}
	return lines
}

// wordsThatFit is how many of words go into a line of w pixels.
func (s *sheet) wordsThatFit(f Face, words []string, w int) int {
	line := ""
	for n, word := range words {
		line += word
		if len(line) > 4*w || s.fonts.Width(f, line) > w {
			return n
		}
		line += " "
	}
	return len(words)
}

// split divides a word that is wider than a line.
func (s *sheet) split(f Face, word string, w int) (head, tail string) {
	n := 0
	for i := range word {
		if i > 0 && s.fonts.Width(f, word[:i]) > w {
			break
		}
		n = i
	}
	if n == 0 {
		_, n = utf8.DecodeRuneInString(word)
	}
	return word[:n], word[n:]
}

// para sets text in as many lines as r holds, at most most, from the top of r,
// and returns the height it took.
func (s *sheet) para(r Rect, text string, k ink, most int) int {
	f := s.paraFace(r, text, k, most)
	h := s.faceHeight(f)
	if text == "" || r.empty() || h > r.H {
		return 0
	}
	lines := s.wrap(f, text, r.W, min(most, r.H/h))
	for i, line := range lines {
		s.line(Rect{r.X, r.Y + i*h, r.W, h}, line, f, k)
	}
	return len(lines) * h
}

// paraFace is k's face, or a smaller one when that sets all of text.
func (s *sheet) paraFace(r Rect, text string, k ink, most int) Face {
	f := s.fitted(ink{step: k.step, weight: k.weight, tabular: k.tabular}, text, r.W, r.H)
	if !k.shrink {
		return f
	}
	for f.Px > s.smallest {
		if n := min(most, r.H/s.faceHeight(f)); n > 0 && len(s.wrap(f, text, r.W, n+1)) <= n {
			break
		}
		f.Px = max(f.Px*4/5, s.smallest)
	}
	return f
}

// paraHeight is the height para would take with room enough.
func (s *sheet) paraHeight(text string, k ink, w, most int) int {
	if text == "" {
		return 0
	}
	return len(s.wrap(s.face(k), text, w, most)) * s.lineHeight(k)
}
