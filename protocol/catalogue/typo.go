package catalogue

import "unicode/utf8"

// markTypos marks the items with a word whose beginning is w but for the mistakes
// forgiven.
//
// The words are sorted, so those with a common beginning follow each other and share
// the work done on it; where no ending can bring the mistakes down again, all of them
// are passed over without looking at their letters.
func (l *layer) markTypos(w word, best []uint8) {
	walk := newTypoWalk(w)
	for i, shared := range l.shared {
		if !walk.keep(int(shared)) {
			walk.follow(l.word(i))
		}
		if mistakes := walk.mistakes(); mistakes > 0 && mistakes <= w.mistakes {
			l.mark(i, uint8((3-mistakes)*pointsRight), best)
		}
	}
}

// maxDepth is the most letters of a word, plus one for the empty beginning. Folding
// may make two letters of the last one.
const maxDepth = 2*maxWord + 1

// typoWalk measures how far a query word is from the beginnings of the words that it
// follows, letter by letter: insertions, deletions, replacements and swaps of
// neighbours each count one (the optimal string alignment distance).
type typoWalk struct {
	query []rune
	limit uint8

	depth  int             // letters of the current word that are measured
	closed bool            // what follows cannot change mistakes
	offset [maxDepth]int   // in bytes, of each depth
	letter [maxDepth]rune  // that leads to each depth
	near   [maxDepth]uint8 // least distance of the query to a beginning up to each depth
	rows   [maxDepth][maxDepth]uint8
}

func newTypoWalk(w word) *typoWalk {
	t := &typoWalk{query: []rune(w.text), limit: uint8(w.mistakes)}
	for i := range len(t.query) + 1 {
		t.rows[0][i] = uint8(i)
	}
	t.near[0] = uint8(len(t.query))
	return t
}

// mistakes is how far the query is from the nearest beginning of the current word.
func (t *typoWalk) mistakes() int { return int(t.near[t.depth]) }

// keep goes back to what the next word shares with the current one. It is true when
// that already decides.
func (t *typoWalk) keep(shared int) bool {
	if t.closed && shared >= t.depth {
		return true
	}
	t.depth = min(t.depth, shared)
	t.closed = false
	return false
}

// follow measures the rest of a word from depth on.
func (t *typoWalk) follow(text string) {
	for !t.closed && t.offset[t.depth] < len(text) {
		r, size := utf8.DecodeRuneInString(text[t.offset[t.depth]:])
		t.depth++
		t.offset[t.depth] = t.offset[t.depth-1] + size
		t.letter[t.depth] = r
		t.closed = t.row() > t.limit
		t.near[t.depth] = min(t.near[t.depth-1], t.rows[t.depth][len(t.query)])
	}
}

// row fills the distances at depth and gives the smallest.
func (t *typoWalk) row() uint8 {
	d, r := t.depth, t.letter[t.depth]
	above, here := &t.rows[d-1], &t.rows[d]
	here[0] = uint8(d)
	least := here[0]
	for i, q := range t.query {
		cost := uint8(1)
		if q == r {
			cost = 0
		}
		distance := min(above[i]+cost, above[i+1]+1, here[i]+1)
		if cost == 1 && d > 1 && i > 0 && q == t.letter[d-1] && t.query[i-1] == r {
			distance = min(distance, t.rows[d-2][i-1]+1)
		}
		here[i+1] = distance
		least = min(least, distance)
	}
	return least
}
