package catalogue_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"kickstand/protocol/catalogue"
	"kickstand/protocol/money"
)

var vocabulary = []string{
	"tube", "tyre", "tire", "inner", "brake", "brakes", "break", "chain", "chains", "saddle", "sadle", "handlebar",
	"handelbar", "pedal", "700", "28", "black", "blue", "shimano", "sram", "pannier", "panniers", "derailleur",
}

func drawText(t *rapid.T, most int) string {
	return strings.Join(rapid.SliceOfN(rapid.SampledFrom(vocabulary), 0, most).Draw(t, "words"), " ")
}

func drawItem(t *rapid.T) catalogue.Item {
	item := catalogue.Item{
		ID:      fmt.Sprintf("itm-%d", rapid.IntRange(0, 40).Draw(t, "id")),
		SKU:     rapid.SampledFrom([]string{"", "A", "b", "A-1", "00000012", "12345678901"}).Draw(t, "sku"),
		Name:    drawText(t, 3),
		Brand:   drawText(t, 1),
		OnHand:  rapid.Int64Range(-2, 9).Draw(t, "on hand"),
		Price:   money.Cents(rapid.Int64Range(0, 3).Draw(t, "price")),
		Retired: rapid.IntRange(0, 9).Draw(t, "retired") == 0,
	}
	if rapid.Bool().Draw(t, "barcode") {
		item.Barcodes = []string{rapid.SampledFrom([]string{"036000291452", "0036000291452", "96385074", "A", "x"}).Draw(t, "code")}
	}
	return item
}

// Any history of changes answers like one building from what is left of it.
func TestApplyIsBuildOfTheMergedItems(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		index := catalogue.Build(0, nil)
		merged := map[string]catalogue.Item{}
		for version := range int64(rapid.IntRange(1, 12).Draw(t, "versions")) {
			changed := rapid.SliceOfN(rapid.Custom(drawItem), 0, 20).Draw(t, "changed")
			removed := rapid.SliceOfN(rapid.Map(rapid.IntRange(0, 40), func(n int) string { return fmt.Sprintf("itm-%d", n) }), 0, 4).Draw(t, "removed")
			index = index.Apply(version, changed, removed)
			merge(merged, changed, removed)
			sameAnswers(t, built(version, merged), index)
		}
	})
}

func merge(items map[string]catalogue.Item, changed []catalogue.Item, removed []string) {
	for _, item := range changed {
		items[item.ID] = item
	}
	for _, item := range changed {
		if items[item.ID].Retired {
			delete(items, item.ID)
		}
	}
	for _, id := range removed {
		delete(items, id)
	}
}

func built(version int64, items map[string]catalogue.Item) *catalogue.Index {
	var list []catalogue.Item
	for _, item := range items {
		list = append(list, item)
	}
	return catalogue.Build(version, list)
}

func sameAnswers(t *rapid.T, want, got *catalogue.Index) {
	if want.Len() != got.Len() || want.Version() != got.Version() {
		t.Fatalf("version %d with %d items, want %d with %d", got.Version(), got.Len(), want.Version(), want.Len())
	}
	count := 0
	for item := range got.All() {
		count++
		if same, ok := want.Item(item.ID); !ok || !cmp.Equal(same, item) {
			t.Fatalf("All gives %+v, want %+v", item, same)
		}
		if same, ok := got.Item(item.ID); !ok || !cmp.Equal(same, item) {
			t.Fatalf("Item(%s) = %+v, want %+v", item.ID, same, item)
		}
	}
	if count != got.Len() {
		t.Fatalf("All gives %d items, want %d", count, got.Len())
	}
	for _, code := range []string{"036000291452", "00036000291452", "96385074", "a", "a-1", "000000000012", "12345678901", "X"} {
		if diff := cmp.Diff(want.ByCode(code), got.ByCode(code)); diff != "" {
			t.Fatalf("ByCode(%s) (-built +applied):\n%s", code, diff)
		}
	}
	for _, query := range []string{"t", "tube", "inner tbue", "brake", "a", "shimnao chain", "deraileur", "28 700"} {
		for _, limit := range []int{1, 3, 100} {
			if diff := cmp.Diff(want.Search(query, limit), got.Search(query, limit)); diff != "" {
				t.Fatalf("Search(%q, %d) (-built +applied):\n%s", query, limit, diff)
			}
		}
	}
}

// Search finds what its documentation says, worked out the slow way.
func TestSearchFindsWhatItPromises(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		items := rapid.SliceOfNDistinct(rapid.Custom(drawItem), 0, 15, func(it catalogue.Item) string { return it.ID }).Draw(t, "items")
		var words []string
		for range rapid.IntRange(1, 2).Draw(t, "query words") {
			words = append(words, drawMistyped(t))
		}
		var want, got []string
		for _, item := range items {
			if !item.Retired && matches(words, item) {
				want = append(want, item.ID)
			}
		}
		for _, hit := range catalogue.Build(1, items).Search(strings.Join(words, " "), 1000) {
			got = append(got, hit.Item.ID)
		}
		slices.Sort(want)
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("Search(%q) (-promised +found):\n%s", words, diff)
		}
	})
}

// drawMistyped draws a word that may have been cut and mistyped.
func drawMistyped(t *rapid.T) string {
	w := rapid.SampledFrom(vocabulary).Draw(t, "word")
	w = w[:rapid.IntRange(2, len(w)).Draw(t, "cut")]
	for range rapid.IntRange(0, 3).Draw(t, "mistakes") {
		at := rapid.IntRange(0, len(w)-1).Draw(t, "at")
		switch rapid.IntRange(0, 3).Draw(t, "kind") {
		case 0:
			w = w[:at] + "e" + w[at:]
		case 1:
			w = w[:at] + "a" + w[at+1:]
		case 2:
			if len(w) > 2 {
				w = w[:at] + w[at+1:]
			}
		case 3:
			if at > 0 {
				w = w[:at-1] + string(w[at]) + string(w[at-1]) + w[at+1:]
			}
		}
	}
	return w
}

func matches(query []string, item catalogue.Item) bool {
	text := strings.Fields(strings.ToLower(item.Name + " " + item.Brand + " " + strings.ReplaceAll(item.SKU, "-", " ")))
	text = append(text, strings.ToLower(strings.ReplaceAll(item.SKU, "-", "")))
	return !slices.ContainsFunc(query, func(q string) bool {
		return !slices.ContainsFunc(text, func(w string) bool { return begins(q, w) })
	})
}

// begins says whether some beginning of w is q but for the mistakes forgiven.
func begins(q, w string) bool {
	forgiven := 0
	if !strings.ContainsAny(q, "0123456789") {
		forgiven = min(2, len(q)/4)
	}
	for end := range len(w) + 1 {
		if distance(q, w[:end]) <= forgiven {
			return true
		}
	}
	return false
}

// distance is the optimal string alignment distance by its recursive definition.
func distance(a, b string) int {
	known := map[[2]int]int{}
	var d func(i, j int) int
	d = func(i, j int) int {
		if i == 0 || j == 0 {
			return i + j
		}
		if n, ok := known[[2]int{i, j}]; ok {
			return n
		}
		n := d(i-1, j-1)
		if a[i-1] != b[j-1] {
			n = 1 + min(n, d(i-1, j), d(i, j-1))
		}
		if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
			n = min(n, d(i-2, j-2)+1)
		}
		known[[2]int{i, j}] = n
		return n
	}
	return d(len(a), len(b))
}
