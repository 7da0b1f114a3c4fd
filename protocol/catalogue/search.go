package catalogue

import (
	"cmp"
	"slices"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of a query. What goes beyond is not looked at.
const (
	maxQuery      = 256 // bytes
	maxQueryWords = 8
)

// Hit is an item that a search found. A higher Score is a better match; scores of
// different searches cannot be compared.
type Hit struct {
	Item  Item
	Score int
}

// How a word matched, in points. The sum over all words of a query orders hits by
// the number of wrong letters first, as maxQueryWords qualities stay below one
// pointsRight.
const (
	pointsRight = 64 // for each wrong letter less than three
	pointsWhole = 4  // the whole word was typed
	pointsName  = 2  // it is in the item's name
	scoreCode   = 1 << 16
	maxPoints   = maxQueryWords * (3*pointsRight + pointsWhole + pointsName)
)

// Search finds items as somebody types: each word of the query must begin a word of
// the item's name, brand, variant, SKU or category, in any order, whatever the
// accents and capitals. A word without digits may be mistyped: by one letter from
// four letters on, by two from eight on, where two swapped letters are one mistake.
// Numbers must be right, since 700x25 and 700x28 are different tyres.
//
// It gives at most max hits, best first: those whose SKU or barcode is the query,
// then those without mistakes, then the others; whole words and words of the name
// count a little more; equal hits are in order of name. An empty query finds nothing.
// Mistakes are looked for only when less than max items match without.
func (x *Index) Search(query string, max int) []Hit {
	if x == nil || max <= 0 {
		return nil
	}
	query = cutQuery(query)
	words := queryWords(query)
	exact := x.slotsByCode(query)
	if len(words) == 0 && len(exact) == 0 {
		return nil
	}
	found := x.match(words, false, max+len(exact))
	if len(found) < max && slices.ContainsFunc(words, func(w word) bool { return w.mistakes > 0 }) {
		found = x.match(words, true, max+len(exact))
	}
	return x.hits(exact, found, max)
}

// cutQuery limits a query to maxQuery bytes without cutting a letter.
func cutQuery(query string) string {
	query = strings.TrimSpace(query)
	if len(query) <= maxQuery {
		return query
	}
	end := maxQuery
	for end > 0 && !utf8.RuneStart(query[end]) {
		end--
	}
	return query[:end]
}

// word is one folded word of a query.
type word struct {
	text     string
	mistakes int // how many wrong letters are forgiven
}

func queryWords(query string) []word {
	buf, ends := appendWords(make([]byte, 0, maxQuery), make([]int, 0, maxQueryWords), query)
	words := make([]word, 0, maxQueryWords)
	start := 0
	for _, end := range ends[:min(len(ends), maxQueryWords)] {
		text := string(buf[start:end])
		words = append(words, word{text, forgiven(text)})
		start = end
	}
	return words
}

func forgiven(text string) int {
	letters := utf8.RuneCountInString(text)
	switch {
	case letters < 4 || strings.ContainsFunc(text, unicode.IsNumber):
		return 0
	case letters < 8:
		return 1
	default:
		return 2
	}
}

// match is the best items of all layers, in no particular order; typos says whether
// mistakes are forgiven.
func (x *Index) match(words []word, typos bool, limit int) []found {
	if len(words) == 0 {
		return nil
	}
	var all []found
	for i := range x.layers {
		c := &x.layers[i]
		if points := c.points(words, typos); points != nil {
			all = c.best(all, points, limit)
		}
	}
	return all
}

// hits puts exact matches before found ones and orders both.
func (x *Index) hits(exact []uint32, others []found, max int) []Hit {
	slices.SortFunc(others, func(a, b found) int {
		if a.points != b.points {
			return cmp.Compare(b.points, a.points)
		}
		return compareItems(&x.at(a.slot).item, &x.at(b.slot).item)
	})
	hits := make([]Hit, 0, min(max, len(exact)+len(others)))
	for _, slot := range exact {
		if len(hits) < max {
			hits = append(hits, Hit{x.at(slot).item, scoreCode})
		}
	}
	for _, f := range others {
		if len(hits) < max && !slices.Contains(exact, f.slot) {
			hits = append(hits, Hit{x.at(f.slot).item, int(f.points)})
		}
	}
	if len(hits) == 0 {
		return nil
	}
	return hits
}

// found is an item with the points of its words.
type found struct {
	slot   uint32
	points uint16
}

// points sums, for every item of the layer, the best match of each word; zero where
// a word is missing, nil where no item has all words.
func (l *layer) points(words []word, typos bool) []uint16 {
	sum := make([]uint16, len(l.slots))
	best := make([]uint8, len(l.slots))
	for i, w := range words {
		clear(best)
		l.markPrefix(w, best)
		if typos && w.mistakes > 0 {
			l.markTypos(w, best)
		}
		if !addPoints(sum, best, i == 0) {
			return nil
		}
	}
	return sum
}

// addPoints adds one word and says whether any item still has all words.
func addPoints(sum []uint16, best []uint8, first bool) bool {
	left := false
	for i, points := range best {
		if points == 0 || !first && sum[i] == 0 {
			sum[i] = 0
			continue
		}
		sum[i] += uint16(points)
		left = true
	}
	return left
}

// markPrefix marks the items with a word that begins with w.
func (l *layer) markPrefix(w word, best []uint8) {
	from := sort.Search(l.words(), func(i int) bool { return l.word(i) >= w.text })
	for i := from; i < l.words() && strings.HasPrefix(l.word(i), w.text); i++ {
		points := uint8(3 * pointsRight)
		if l.word(i) == w.text {
			points += pointsWhole
		}
		l.mark(i, points, best)
	}
}

// mark raises the items of a word to at least points.
func (l *layer) mark(w int, points uint8, best []uint8) {
	for _, p := range l.postsOf(w) {
		best[p.item()] = max(best[p.item()], points+uint8(p&1)*pointsName)
	}
}

// best appends the items with the most points, at most limit of them; of equal ones
// the first by name.
func (c *cover) best(to []found, points []uint16, limit int) []found {
	var counts [maxPoints + 1]int
	for number, p := range points {
		if p > 0 && c.has(uint32(number)) {
			counts[p]++
		}
	}
	least, room := maxPoints, limit
	for least > 1 && counts[least] <= room {
		room -= counts[least]
		least--
	}
	room = min(room, counts[least])
	for number, p := range points {
		if int(p) < least || p == 0 || !c.has(uint32(number)) {
			continue
		}
		if int(p) == least {
			if room == 0 {
				continue
			}
			room--
		}
		to = append(to, found{c.slots[number], p})
	}
	return to
}
