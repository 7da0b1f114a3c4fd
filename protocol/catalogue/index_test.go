package catalogue_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kickstand/protocol/catalogue"
	"kickstand/protocol/money"
)

// shop is a small catalogue with what the tests need: accents, shared barcodes,
// codes without a GTIN, names that differ in one letter.
func shop() []catalogue.Item {
	return []catalogue.Item{
		{ID: "itm-1", SKU: "TUB-700-PV", Name: "Inner tube", Brand: "Schwalbe", Variant: "700x28 Presta", Barcodes: []string{"4026495134323"}, Price: 8_99, Category: "Tubes"},
		{ID: "itm-2", SKU: "TUB-700-SV", Name: "Inner tube", Brand: "Schwalbe", Variant: "700x28 Schrader", Barcodes: []string{"4026495134323", "X-77"}, Price: 8_99, Category: "Tubes"},
		{ID: "itm-3", SKU: "CHN-11", Name: "Chain 11-speed", Brand: "Shimano", Barcodes: []string{"036000291452"}, Price: 39_99, Category: "Drivetrain"},
		{ID: "itm-4", SKU: "PMP-1", Name: "Pompe à vélo", Brand: "Zéfal", Price: 24_50, Category: "Pumps"},
		{ID: "itm-5", SKU: "BEL-1", Name: "Bell", Brand: "Knog", Variant: "black", Barcodes: []string{"96385074"}, Price: 19_95, Category: "Accessories"},
		{ID: "itm-6", SKU: "BLT-1", Name: "Belt drive cleaner", Brand: "Gates", Price: 14_00, Category: "Care"},
		{ID: "itm-7", SKU: "GLV-M", Name: "Men's glove", Brand: "Giro", Variant: "M/black", Price: 35_00, Category: "Clothing"},
		{ID: "itm-8", SKU: "OLD-1", Name: "Retired bell", Price: 1_00, Retired: true},
	}
}

func ids(items []catalogue.Item) string {
	var list []string
	for _, item := range items {
		list = append(list, item.ID[len("itm-"):])
	}
	return strings.Join(list, " ")
}

func hitIDs(hits []catalogue.Hit) string {
	var items []catalogue.Item
	for _, hit := range hits {
		items = append(items, hit.Item)
	}
	return ids(items)
}

func TestByCode(t *testing.T) {
	index := catalogue.Build(1, shop())
	tests := []struct {
		name, code, want string
	}{
		{"UPC-A as printed", "036000291452", "3"},
		{"UPC-A read as EAN-13", "0036000291452", "3"},
		{"UPC-A read as GTIN-14", "00036000291452", "3"},
		{"GTIN-8", "96385074", "5"},
		{"GTIN-8 filled to 14", "00000096385074", "5"},
		{"variants share a barcode", "4026495134323", "1 2"},
		{"own code", "X-77", "2"},
		{"own code in small letters and spaces", " x-77\r\n", "2"},
		{"SKU", "CHN-11", "3"},
		{"SKU in small letters", "chn-11", "3"},
		{"part of an SKU", "CHN", ""},
		{"part of a barcode", "403649513432", ""},
		{"other leading zeros are not the same code", "0X-77", ""},
		{"an id is not a code", "itm-3", ""},
		{"retired", "OLD-1", ""},
		{"unknown", "4006381333931", ""},
		{"empty", "", ""},
		{"spaces", "  ", ""},
		{"ten kilobytes of garbage", strings.Repeat("9", 10_000), ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := index.ByCode(tt.code)
			if ids(got) != tt.want {
				t.Errorf("ByCode(%.20q) found %q, want %q", tt.code, ids(got), tt.want)
			}
			if tt.want == "" && got != nil {
				t.Errorf("ByCode(%.20q) = %v, want nil", tt.code, got)
			}
		})
	}
}

func TestChecksum(t *testing.T) {
	tests := []struct {
		code      string
		ok, known bool
	}{
		{"96385074", true, true},
		{"036000291452", true, true},
		{"4006381333931", true, true},
		{"10036000291459", true, true},
		{"96385075", false, true},
		{"036000291453", false, true},
		{"4006381333932", false, true},
		{"10036000291458", false, true},
		{"00000000", true, true},
		{"1234567", false, false},
		{"12345678901", false, false},
		{"123456789012345", false, false},
		{"03600029145X", false, false},
		{" 36000291452", false, false},
		{"", false, false},
	}
	for _, tt := range tests {
		ok, known := catalogue.Checksum(tt.code)
		if ok != tt.ok || known != tt.known {
			t.Errorf("Checksum(%q) = %v, %v, want %v, %v", tt.code, ok, known, tt.ok, tt.known)
		}
	}
}

func TestNilIndexIsEmpty(t *testing.T) {
	var index *catalogue.Index
	if index.Version() != 0 || index.Len() != 0 || index.ByCode("CHN-11") != nil || index.Search("bell", 5) != nil {
		t.Error("a nil Index is not empty")
	}
	if _, ok := index.Item("itm-1"); ok {
		t.Error("a nil Index has an item")
	}
	for item := range index.All() {
		t.Errorf("a nil Index gives item %s", item.ID)
	}
	grown := index.Apply(3, shop(), nil)
	if grown.Version() != 3 || grown.Len() != 7 {
		t.Errorf("Apply on nil gives version %d with %d items, want 3 with 7", grown.Version(), grown.Len())
	}
}

func TestItem(t *testing.T) {
	index := catalogue.Build(9, shop())
	for _, want := range shop() {
		got, ok := index.Item(want.ID)
		if ok == want.Retired {
			t.Errorf("Item(%s) found %v, want %v", want.ID, ok, !want.Retired)
		}
		if diff := cmp.Diff(want, got); ok && diff != "" {
			t.Errorf("Item(%s) (-want +got):\n%s", want.ID, diff)
		}
	}
	if _, ok := index.Item("CHN-11"); ok {
		t.Error("Item finds an SKU")
	}
}

func TestLastOfAnIDCounts(t *testing.T) {
	index := catalogue.Build(1, []catalogue.Item{
		{ID: "itm-1", SKU: "A", Name: "Old"},
		{ID: "itm-2", SKU: "B", Name: "Other"},
		{ID: "itm-1", SKU: "C", Name: "New"},
	})
	if index.Len() != 2 || index.ByCode("A") != nil || ids(index.ByCode("C")) != "1" {
		t.Errorf("got %d items, %q for the old code, %q for the new; want 2, none, 1", index.Len(), ids(index.ByCode("A")), ids(index.ByCode("C")))
	}
}

func TestApply(t *testing.T) {
	old := catalogue.Build(1, shop())
	bell, _ := old.Item("itm-5")
	bell.Price = 21_00 // same texts
	chain, _ := old.Item("itm-3")
	chain.SKU, chain.Name, chain.Barcodes = "CHN-12", "Chain 12-speed", nil
	pump, _ := old.Item("itm-4")
	pump.Retired = true
	light := catalogue.Item{ID: "itm-9", SKU: "LGT-1", Name: "Rear light", Taxes: []money.Rate{{Code: "GST", PPM: 50_000}}}
	next := old.Apply(2, []catalogue.Item{bell, chain, pump, light}, []string{"itm-7", "itm-unknown"})

	if next.Version() != 2 || next.Len() != 6 {
		t.Errorf("version %d with %d items, want 2 with 6", next.Version(), next.Len())
	}
	if got, _ := next.Item("itm-5"); got.Price != 21_00 {
		t.Errorf("bell costs %v, want 21.00", got.Price)
	}
	for code, want := range map[string]string{"CHN-11": "", "036000291452": "", "CHN-12": "3", "PMP-1": "", "GLV-M": "", "LGT-1": "9", "X-77": "2"} {
		if got := ids(next.ByCode(code)); got != want {
			t.Errorf("ByCode(%s) found %q, want %q", code, got, want)
		}
	}
	if got := hitIDs(next.Search("chain", 5)); got != "3" {
		t.Errorf("Search(chain) found %q, want 3", got)
	}
	if got, _ := old.Item("itm-5"); got.Price != 19_95 || old.Len() != 7 || ids(old.ByCode("CHN-11")) != "3" {
		t.Error("Apply changed the index that it was called on")
	}
}

// A retired item that comes back is found again.
func TestRetireAndReturn(t *testing.T) {
	index := catalogue.Build(1, shop())
	bell, _ := index.Item("itm-5")
	for version := int64(2); version < 200; version++ {
		bell.Retired = version%2 == 0
		index = index.Apply(version, []catalogue.Item{bell}, nil)
		if found := index.ByCode("BEL-1") != nil; found == bell.Retired {
			t.Fatalf("version %d: found %v, retired %v", version, found, bell.Retired)
		}
	}
	if index.Len() != 7 {
		t.Errorf("got %d items, want 7", index.Len())
	}
}

// Readers of one index do not disturb each other, nor an Apply beside them; the race
// detector judges.
func TestConcurrentReaders(t *testing.T) {
	index := catalogue.Build(1, shop())
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for range 50 {
				index.Search("inner tibe", 5)
				index.ByCode("4026495134323")
				bell, _ := index.Item("itm-5")
				bell.Name = "Bell, new"
				index.Apply(2, []catalogue.Item{bell}, []string{"itm-1"})
			}
		})
	}
	readers.Wait()
	if got := hitIDs(index.Search("inner tube", 5)); got != "1 2" {
		t.Errorf("Search found %q, want 1 2", got)
	}
}

// A catalogue that lost most of its items gives the room back and still answers.
func TestManyRemoved(t *testing.T) {
	var list []catalogue.Item
	var gone []string
	for i := range 3000 {
		id := fmt.Sprintf("itm-%d", i)
		list = append(list, catalogue.Item{ID: id, SKU: "S" + id, Name: "Spoke"})
		if i != 1234 {
			gone = append(gone, id)
		}
	}
	index := catalogue.Build(1, list).Apply(2, nil, gone)
	if index.Len() != 1 || index.Version() != 2 || hitIDs(index.Search("spoke", 9)) != "1234" || ids(index.ByCode("Sitm-1234")) != "1234" {
		t.Errorf("got %d items of version %d, search %q, want item 1234 alone", index.Len(), index.Version(), hitIDs(index.Search("spoke", 9)))
	}
}
