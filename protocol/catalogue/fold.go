package catalogue

import "unicode"

// maxWord is the length in letters to which words of items and queries are cut.
const maxWord = 32

// Latin letters without their marks, by position in their block; '?' keeps the letter.
const (
	latin1    = "aaaaaa?ceeeeiiiidnoooooxouuuuy??aaaaaa?ceeeeiiiidnooooo?ouuuuy?y"                                                                  // U+00C0
	latinA    = "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii??jjkkkllllllllllnnnnnnnnnoooooo??rrrrrrsssssssstttttttuuuuuuuuuuuuwwyyyzzzzzzs" // U+0100
	latinMore = "aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeeeeeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy"                                        // U+1EA0
)

// appendWords appends the words of a text to buf, one after the other, and the end
// of each in buf to ends. Words are runs of letters and digits, in small letters
// without accents; an apostrophe or an accent of its own does not end a word.
func appendWords(buf []byte, ends []int, text string) ([]byte, []int) {
	start, letters := len(buf), 0
	for _, r := range text {
		if joins(r) {
			continue
		}
		if !partOfWord(r) {
			if len(buf) > start {
				ends = append(ends, len(buf))
			}
			start, letters = len(buf), 0
			continue
		}
		if letters < maxWord {
			buf = appendFolded(buf, r)
			letters++
		}
	}
	if len(buf) > start {
		ends = append(ends, len(buf))
	}
	return buf, ends
}

// joins is true for apostrophes and for combining accents.
func joins(r rune) bool {
	return r == '\'' || r == '’' || r >= 0x300 && r <= 0x36F
}

func partOfWord(r rune) bool {
	if r < 0x80 {
		return r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z'
	}
	return r == '×' || unicode.IsLetter(r) || unicode.IsNumber(r)
}

// appendFolded appends a letter in the form in which it is compared.
func appendFolded(buf []byte, r rune) []byte {
	if r < 0x80 {
		if r >= 'A' && r <= 'Z' {
			r += 'a' - 'A'
		}
		return append(buf, byte(r))
	}
	if plain := plainLatin(r); plain != '?' {
		return append(buf, plain)
	}
	switch r {
	case 'Æ', 'æ':
		return append(buf, "ae"...)
	case 'Œ', 'œ':
		return append(buf, "oe"...)
	case 'Þ', 'þ':
		return append(buf, "th"...)
	case 'Ĳ', 'ĳ':
		return append(buf, "ij"...)
	case 'ß', 'ẞ':
		return append(buf, "ss"...)
	default:
		return append(buf, string(unicode.ToLower(r))...)
	}
}

// plainLatin is a Latin letter without its mark, or '?'.
func plainLatin(r rune) byte {
	switch {
	case r >= 0xC0 && r < 0x100:
		return latin1[r-0xC0]
	case r >= 0x100 && r < 0x180:
		return latinA[r-0x100]
	case r >= 0x1EA0 && r < 0x1EFA:
		return latinMore[r-0x1EA0]
	case r >= 0x218 && r < 0x21C:
		return "sstt"[r-0x218]
	case r == 0x1A0 || r == 0x1A1:
		return 'o'
	case r == 0x1AF || r == 0x1B0:
		return 'u'
	default:
		return '?'
	}
}
