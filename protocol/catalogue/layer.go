package catalogue

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// layer finds some of the items of an Index by their texts. It is built once and
// never changes; an item whose text changes moves to a newer layer.
//
// The layer numbers its items from 0 in the order of compareItems, so that equal
// scores need no comparing of names.
type layer struct {
	slots []uint32 // where in the Index each item is
	keys  []key    // ids and codes, by hash

	text   string   // all words, sorted, one after the other
	ends   []uint32 // word w is text[ends[w]:ends[w+1]]
	shared []uint8  // how many first letters word w shares with word w-1

	posts     []post   // where each word occurs
	postsFrom []uint32 // word w occurs at posts[postsFrom[w]:postsFrom[w+1]]
}

// key is an id or a code, by the hash of its form.
type key struct {
	hash uint64
	item uint32
}

// post says that a word is in an item: its number times two, plus one if the word is
// in the item's name.
type post uint32

func (p post) item() uint32 { return uint32(p >> 1) }

func (l *layer) words() int { return len(l.shared) }

func (l *layer) word(w int) string { return l.text[l.ends[w]:l.ends[w+1]] }

func (l *layer) postsOf(w int) []post { return l.posts[l.postsFrom[w]:l.postsFrom[w+1]] }

// Hashes of ids and of codes start apart, so that neither finds the other.
const (
	idSeed   uint64 = 14695981039346656037
	codeSeed uint64 = 0x9E3779B97F4A7C15
)

// hash is FNV-1a with a choice of start.
func hash[T string | []byte](seed uint64, form T) uint64 {
	for i := range len(form) {
		seed = (seed ^ uint64(form[i])) * 1099511628211
	}
	return seed
}

// find gives the keys with a hash.
func (l *layer) find(hash uint64) []key {
	from, ok := slices.BinarySearchFunc(l.keys, hash, func(k key, h uint64) int { return cmp.Compare(k.hash, h) })
	if !ok {
		return nil
	}
	to := from + 1
	for to < len(l.keys) && l.keys[to].hash == hash {
		to++
	}
	return l.keys[from:to]
}

// newLayer indexes the items at some places of an Index, which item looks up. It
// keeps and reorders slots.
func newLayer(slots []uint32, item func(slot uint32) *Item) *layer {
	items := make([]*Item, len(slots))
	for i, slot := range slots {
		items[i] = item(slot)
	}
	order := make([]int, len(slots))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return compareItems(items[a], items[b]) })
	b := builder{numbers: make(map[string]uint32, 2*len(items)), occurs: make([]occurrence, 0, 12*len(items))}
	l := &layer{slots: make([]uint32, len(slots)), keys: make([]key, 0, 3*len(slots))}
	for n, i := range order {
		l.slots[n] = slots[i]
		l.addKeys(items[i], uint32(n))
		b.addItem(items[i], uint32(n))
	}
	slices.SortFunc(l.keys, func(a, b key) int {
		return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.item, b.item))
	})
	l.keys = slices.Clip(slices.Compact(l.keys))
	b.finish(l)
	return l
}

func (l *layer) addKeys(it *Item, n uint32) {
	var room [MaxCode]byte
	l.keys = append(l.keys, key{hash(idSeed, it.ID), n})
	if form := appendCode(room[:0], it.SKU); len(form) > 0 {
		l.keys = append(l.keys, key{hash(codeSeed, form), n})
	}
	for _, barcode := range it.Barcodes {
		if form := appendCode(room[:0], barcode); len(form) > 0 {
			l.keys = append(l.keys, key{hash(codeSeed, form), n})
		}
	}
}

// occurrence is one word in one item while a layer is built.
type occurrence struct {
	word uint32 // in the order of first appearance
	post post
}

// builder gathers the words of a layer.
type builder struct {
	numbers map[string]uint32
	words   []string
	occurs  []occurrence
	buf     []byte
	ends    []int
}

func (b *builder) addItem(it *Item, n uint32) {
	b.addText(it.Name, post(n<<1|1))
	b.addText(it.Brand, post(n<<1))
	b.addText(it.Variant, post(n<<1))
	b.addText(it.Category, post(n<<1))
	b.addText(it.SKU, post(n<<1))
	if len(b.ends) > 1 {
		// "BT-700" is also found as "bt700".
		b.addWord(cutWord(b.buf), post(n<<1))
	}
}

// addText adds the words of a text and leaves them in buf and ends.
func (b *builder) addText(text string, p post) {
	b.buf, b.ends = appendWords(b.buf[:0], b.ends[:0], text)
	start := 0
	for _, end := range b.ends {
		word := b.buf[start:end]
		b.addWord(word, p)
		if size := secondSize(word); len(size) > 0 {
			b.addWord(size, p)
		}
		start = end
	}
}

// secondSize is "28" of "700x28": people ask for a tube by its width alone. It
// is empty for words that are no pair of sizes.
func secondSize(word []byte) []byte {
	first, second, ok := bytes.Cut(word, []byte("x"))
	if !ok || len(first) == 0 || len(second) == 0 || !digit(first[len(first)-1]) || !digit(second[0]) {
		return nil
	}
	return second
}

func digit(b byte) bool { return b >= '0' && b <= '9' }

func (b *builder) addWord(word []byte, p post) {
	number, ok := b.numbers[string(word)]
	if !ok {
		number = uint32(len(b.words))
		own := string(word)
		b.numbers[own] = number
		b.words = append(b.words, own)
	}
	b.occurs = append(b.occurs, occurrence{number, p})
}

// cutWord cuts joined words to the length of one.
func cutWord(word []byte) []byte {
	letters := 0
	for i := range string(word) {
		if letters == maxWord {
			return word[:i]
		}
		letters++
	}
	return word
}

// finish sorts the words and writes them, and where they occur, into the layer.
func (b *builder) finish(l *layer) {
	order := make([]uint32, len(b.words))
	for i := range order {
		order[i] = uint32(i)
	}
	slices.SortFunc(order, func(x, y uint32) int { return cmp.Compare(b.words[x], b.words[y]) })
	b.writeWords(l, order)
	b.writePosts(l, order)
}

func (b *builder) writeWords(l *layer, order []uint32) {
	var text strings.Builder
	l.ends = make([]uint32, 1, len(order)+1)
	l.shared = make([]uint8, len(order))
	previous := ""
	for w, number := range order {
		word := b.words[number]
		text.WriteString(word)
		l.ends = append(l.ends, uint32(text.Len()))
		l.shared[w] = sharedLetters(previous, word)
		previous = word
	}
	l.text = text.String()
}

// writePosts sorts the occurrences by word, keeping the order of items.
func (b *builder) writePosts(l *layer, order []uint32) {
	rank := make([]uint32, len(order))
	for w, number := range order {
		rank[number] = uint32(w)
	}
	l.postsFrom = make([]uint32, len(order)+1)
	for _, o := range b.occurs {
		l.postsFrom[rank[o.word]+1]++
	}
	for w := range order {
		l.postsFrom[w+1] += l.postsFrom[w]
	}
	next := slices.Clone(l.postsFrom)
	l.posts = make([]post, len(b.occurs))
	for _, o := range b.occurs {
		w := rank[o.word]
		l.posts[next[w]] = o.post
		next[w]++
	}
}

// sharedLetters counts the first letters that two words share.
func sharedLetters(a, b string) uint8 {
	var n uint8
	for i, r := range b {
		if i >= len(a) {
			return n
		}
		if other, _ := utf8.DecodeRuneInString(a[i:]); other != r {
			return n
		}
		n++
	}
	return n
}
