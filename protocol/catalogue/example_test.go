package catalogue_test

import (
	"fmt"

	"kickstand/protocol/catalogue"
)

// A till builds the index once, takes in changes, and answers scans and typing.
func Example() {
	index := catalogue.Build(1, []catalogue.Item{
		{ID: "itm-000001", SKU: "TUB-700", Name: "Inner tube", Brand: "Schwalbe", Variant: "700x28", Barcodes: []string{"036000291452"}, Price: 8_99},
		{ID: "itm-000002", SKU: "PMP-1", Name: "Pompe à vélo", Brand: "Zéfal", Price: 24_50},
	})
	index = index.Apply(2, []catalogue.Item{{ID: "itm-000002", SKU: "PMP-1", Name: "Pompe à vélo", Brand: "Zéfal", Price: 22_00}}, nil)

	for _, item := range index.ByCode("0036000291452") {
		fmt.Println("scanned:", item.Name, item.Variant, item.Price)
	}
	for _, hit := range index.Search("zefla velo", 5) {
		fmt.Println("typed:", hit.Item.Name, hit.Item.Price)
	}
	// Output:
	// scanned: Inner tube 700x28 8.99
	// typed: Pompe à vélo 22.00
}
