package flow

import (
	"slices"
	"strings"
	"unicode/utf8"

	"kickstand/protocol"
	"kickstand/protocol/catalogue"
)

// openSearch shows the empty search.
func (t *turn) openSearch() {
	t.visit(ScreenSearch)
	t.Visit.Query, t.Visit.Hits = "", nil
}

// keyed is a text after a key of the screen's keyboard.
func keyed(text, key string) string {
	switch key {
	case "clear":
		return ""
	case "backspace":
		_, n := utf8.DecodeLastRuneInString(text)
		return text[:len(text)-n]
	case "space":
		return text + " "
	}
	return text + key
}

func (t *turn) searchKey(k string) {
	if k == "enter" {
		t.searchEnter()
		return
	}
	q := strings.TrimLeft(keyed(t.Visit.Query, k), " ")
	if utf8.RuneCountInString(q) > maxQuery {
		t.sound(Refused)
		return
	}
	t.Visit.Query = q
	t.find()
}

// searchEnter takes the best hit.
func (t *turn) searchEnter() {
	if code := strings.ToUpper(t.Visit.Query); t.Role == protocol.Counter && slipLike.MatchString(code) {
		t.ask(Question{Kind: askReceipt, Code: code})
		return
	}
	if len(t.Visit.Hits) == 0 {
		t.sound(Refused)
		return
	}
	t.take(t.Visit.Hits[0])
}

// find looks the query up again. Items with exactly this barcode come first.
func (t *turn) find() {
	t.Visit.Hits = nil
	if t.Visit.Query == "" {
		return
	}
	hits := t.sold(t.World.Items.ByCode(t.Visit.Query))
	for _, h := range t.World.Items.Search(t.Visit.Query, maxHits) {
		same := func(i catalogue.Item) bool { return i.ID == h.Item.ID }
		if !h.Item.Retired && !slices.ContainsFunc(hits, same) {
			hits = append(hits, h.Item)
		}
	}
	t.Visit.Hits = hits[:min(len(hits), maxHits)]
}

// hit takes the result with this item id.
func (t *turn) hit(id string) {
	for _, i := range t.Visit.Hits {
		if i.ID == id {
			t.take(i)
			return
		}
	}
}

func (t *turn) take(item catalogue.Item) {
	if t.Role == protocol.Kiosk {
		t.met(item, "")
		return
	}
	t.add(item, "")
}
