package scanner

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// printable makes data safe to show: it holds graphic characters only.
func printable(data string) string {
	var b strings.Builder
	b.Grow(len(data))
	if utf8.ValidString(data) {
		for _, r := range data {
			b.WriteRune(picture(r))
		}
		return b.String()
	}
	for i := range len(data) {
		b.WriteRune(picture(rune(data[i])))
	}
	return b.String()
}

// picture is r itself if it can be seen, the Unicode picture of an ASCII control
// character, or the replacement character.
func picture(r rune) rune {
	switch {
	case r < ' ':
		return '␀' + r
	case r == 0x7f:
		return '␡'
	case unicode.IsGraphic(r):
		return r
	default:
		return unicode.ReplacementChar
	}
}

// noisy reports whether a frame looks like line noise: no AIM identifier, and
// more than a quarter of its bytes are neither text nor separators (0x1C-0x1F,
// EOT) of structured codes. Noise from a wrong baud rate is far above that, real
// codes far below.
func noisy(frame string) bool {
	if hasAIM(frame) {
		return false
	}
	bad := 0
	for rest := frame; rest != ""; {
		r, n := utf8.DecodeRuneInString(rest)
		rest = rest[n:]
		if !plausible(r) {
			bad += n
		}
	}
	return 4*bad > len(frame)
}

func plausible(r rune) bool {
	switch r {
	case utf8.RuneError:
		return false
	case 0x04, 0x1c, 0x1d, 0x1e, 0x1f, '\t', '\r', '\n':
		return true
	}
	return unicode.IsGraphic(r)
}
