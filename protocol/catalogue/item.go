package catalogue

import (
	"cmp"
	"slices"

	"kickstand/protocol/money"
)

// Item is one thing the shop sells, one size and colour of it. An Item given to or
// got from an [Index] shares its slices with it and must not be changed.
type Item struct {
	ID          string       `json:"id"`                 // minted by the hub and never reused, "itm-000123"
	SKU         string       `json:"sku"`                // the shop's own code, as on the shelf label
	Name        string       `json:"name"`               // what a person calls it
	Brand       string       `json:"brand,omitempty"`    // the maker
	Variant     string       `json:"variant,omitempty"`  // size, colour
	Barcodes    []string     `json:"barcodes,omitempty"` // as printed: GTINs of any length, or a shop's own codes
	Price       money.Cents  `json:"price"`              // of one, with or without tax as the shop's rules say
	TaxCategory string       `json:"tax_category"`       // of the shop's tax table
	Taxes       []money.Rate `json:"taxes"`              // what the category came to when the hub published the item
	Category    string       `json:"category,omitempty"` // department, for search and reports
	Picture     string       `json:"picture,omitempty"`  // mark of its picture, another one for another picture; empty: it has none
	Serialised  bool         `json:"serialised,omitempty"`
	OnHand      int64        `json:"on_hand"`           // pieces in stock when published; may be negative
	Version     int64        `json:"version"`           // catalogue version that last changed the item
	Retired     bool         `json:"retired,omitempty"` // no longer sold; an Index does not hold it
}

// compareItems orders by name, then variant, then id, which no two items share.
func compareItems(a, b *Item) int {
	return cmp.Or(
		cmp.Compare(a.Name, b.Name),
		cmp.Compare(a.Variant, b.Variant),
		cmp.Compare(a.ID, b.ID),
	)
}

// sameText says whether two versions of an item are found by the same questions.
func sameText(a, b *Item) bool {
	return a.ID == b.ID && a.SKU == b.SKU && a.Name == b.Name && a.Brand == b.Brand &&
		a.Variant == b.Variant && a.Category == b.Category && slices.Equal(a.Barcodes, b.Barcodes)
}
