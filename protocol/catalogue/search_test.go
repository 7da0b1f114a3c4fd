package catalogue_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kickstand/protocol/catalogue"
)

func TestSearch(t *testing.T) {
	index := catalogue.Build(1, shop())
	tests := []struct {
		name, query, want string
	}{
		{"beginning of a word", "inn", "1 2"},
		{"words in any order", "schrader tube", "2"},
		{"brand and category", "shimano drive", "3"},
		{"capitals", "SHIMANO", "3"},
		{"accents left out", "velo zefal", "4"},
		{"accents typed", "vélo", "4"},
		{"accents as characters of their own", "ve\u0301lo", "4"},
		{"accents nobody wrote", "shimanö", "3"},
		{"apostrophe left out", "mens", "7"},
		{"apostrophe typed", "men’s glove", "7"},
		{"cross for x", "700×28 presta", "1"},
		{"SKU", "TUB-700-SV", "2"},
		{"SKU without dashes", "tub700", "1 2"},
		{"beginning of an SKU", "chn", "3"},
		{"barcode typed in full", "4026495134323", "1 2"},
		{"UPC-A typed as EAN-13", "0036000291452", "3"},
		{"letter left out", "shimno", "3"},
		{"letter too many", "schwallbe", "1 2"},
		{"wrong letter", "shinano", "3"},
		{"swapped letters", "shiamno", "3"},
		{"wrong first letter", "ahimano", "3"},
		{"swapped while still typing", "shiam", "3"},
		{"two mistakes in a long word", "drivtrian", "3"},
		{"two mistakes in a short word", "shinamo", ""},
		{"mistake in a very short word", "bxl", ""},
		{"mistake in a number", "700x82", ""},
		{"right before mistaken", "bell", "5 6"},
		{"every word must match", "bell shimano", ""},
		{"end of a word is no beginning", "albe", ""},
		{"only marks", "--- !?", ""},
		{"empty", "", ""},
		{"spaces", " \t ", ""},
		{"not text", "\xff\xfe\x00", ""},
		{"another script", "звонок", ""},
		{"retired", "retired", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			hits := index.Search(tt.query, 10)
			if got := hitIDs(hits); got != tt.want {
				t.Errorf("Search(%q) found %q, want %q", tt.query, got, tt.want)
			}
			if tt.want == "" && hits != nil {
				t.Errorf("Search(%q) = %v, want nil", tt.query, hits)
			}
		})
	}
}

func TestSearchRanks(t *testing.T) {
	index := catalogue.Build(1, []catalogue.Item{
		{ID: "itm-1", SKU: "A1", Name: "Pumpkin light", Category: "Lights"},
		{ID: "itm-2", SKU: "A2", Name: "Pump head", Category: "Pumps"},
		{ID: "itm-3", SKU: "A3", Name: "Gauge", Category: "Pump"},
		{ID: "itm-4", SKU: "A4", Name: "Bumper", Category: "Kids"},
		{ID: "itm-5", SKU: "PUMP", Name: "Zip ties", Category: "Workshop"},
		{ID: "itm-6", SKU: "A6", Name: "Floor pump", Category: "Workshop"},
	})
	// SKU; whole word in the name by name; whole word elsewhere; beginning in the name; mistyped.
	if got, want := hitIDs(index.Search("pump", 10)), "5 6 2 3 1 4"; got != want {
		t.Errorf("Search(pump) found %q, want %q", got, want)
	}
	if got, want := hitIDs(index.Search("pump", 3)), "5 6 2"; got != want {
		t.Errorf("Search(pump) with at most 3 found %q, want %q", got, want)
	}
	hits := index.Search("pump", 10)
	for i := 1; i < len(hits); i++ {
		if hits[i].Score > hits[i-1].Score {
			t.Errorf("hit %d scores %d, more than %d before it", i, hits[i].Score, hits[i-1].Score)
		}
	}
	for _, limit := range []int{0, -1} {
		if got := index.Search("pump", limit); got != nil {
			t.Errorf("Search with at most %d found %v, want nil", limit, got)
		}
	}
}

func TestSearchOtherScripts(t *testing.T) {
	index := catalogue.Build(1, []catalogue.Item{
		{ID: "itm-1", Name: "Велосипед"},
		{ID: "itm-2", Name: "自転車 ベル"},
		{ID: "itm-3", Name: "Straße Øl Łańcuch Đèn Œuvre"},
		{ID: "itm-4", Name: "Æther Þór ĳs Țară Nơi Tư ŻÓŁĆ"},
	})
	for query, want := range map[string]string{
		"ВЕЛО": "1", "весолипед": "1", "велосипет": "1", "自転": "2", "ベル": "2",
		"strasse": "3", "ol lancuch": "3", "den": "3", "oeuvre": "3", "STRAẞE": "3",
		"aether": "4", "thor ijs": "4", "tara noi tu": "4", "żółć": "4", "zolc": "4",
	} {
		if got := hitIDs(index.Search(query, 5)); got != want {
			t.Errorf("Search(%q) found %q, want %q", query, got, want)
		}
	}
}

// Long words and long queries are cut, not refused.
func TestSearchLongTexts(t *testing.T) {
	long := strings.Repeat("ß", 400)
	index := catalogue.Build(1, []catalogue.Item{{ID: "itm-1", Name: long, SKU: strings.Repeat("a-", 200)}, {ID: "itm-2", Name: "short"}})
	for _, query := range []string{long, strings.Repeat("ß", 31) + "x", strings.Repeat("a", 40)} {
		if got := hitIDs(index.Search(query, 5)); got != "1" {
			t.Errorf("Search(%.10q…) found %q, want 1", query, got)
		}
	}
	if got := hitIDs(index.Search(strings.Repeat("short ", 3000), 5)); got != "2" {
		t.Errorf("a long query found %q, want 2", got)
	}
}

func FuzzSearch(f *testing.F) {
	for _, seed := range []string{"inner tube", "shimno", "vélo", "tub-700-pv", "4026495134323", "\xff", "'", "ßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßßß", "a\u0301\u0301"} {
		f.Add(seed, 5)
	}
	index := catalogue.Build(1, append(shop(), catalogue.Item{ID: "itm-9", Name: strings.Repeat("ß", 50) + " \xff Велосипед"}))
	layered := index.Apply(2, []catalogue.Item{{ID: "itm-5", Name: "Bell tower"}}, []string{"itm-1"})
	merged := map[string]catalogue.Item{}
	for item := range layered.All() {
		merged[item.ID] = item
	}
	var items []catalogue.Item
	for _, item := range merged {
		items = append(items, item)
	}
	rebuilt := catalogue.Build(2, items)
	f.Fuzz(func(t *testing.T, query string, limit int) {
		got := layered.Search(query, limit)
		if len(got) > max(0, limit) {
			t.Fatalf("Search(%q, %d) gives %d hits", query, limit, len(got))
		}
		if diff := cmp.Diff(rebuilt.Search(query, limit), got); diff != "" {
			t.Fatalf("Search(%q, %d) of a changed index differs (-built +changed):\n%s", query, limit, diff)
		}
		index.ByCode(query)
	})
}
