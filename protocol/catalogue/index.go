package catalogue

import (
	"iter"
	"slices"
)

// Index finds items. It is immutable and safe for any number of readers; a nil Index
// is an empty one of version 0.
//
// Items lie in chunks that versions share until one of their items changes. How they
// are found lies in layers: a large one from building, and smaller, newer ones for
// items whose texts changed since. A change of price or stock touches no layer.
type Index struct {
	version int64
	chunks  []*chunk
	slots   int // used places in chunks, removed items included
	layers  []cover
	live    int
}

const chunkSize = 64

type chunk [chunkSize]place

// place holds an item and where it is indexed; nowhere once it is removed.
type place struct {
	item   Item
	layer  *layer
	number uint32 // in layer
}

// cover is a layer and which of its items are no longer its own.
type cover struct {
	*layer
	gone []uint64 // a bit for each item of the layer
	live int
}

func (c *cover) has(number uint32) bool { return c.gone[number/64]&(1<<(number%64)) == 0 }

// Build makes an index of items. Of several items with one id the last counts;
// retired items are left out.
func Build(version int64, items []Item) *Index {
	return (*Index)(nil).Apply(version, items, nil)
}

// Version is the catalogue version the index was made for.
func (x *Index) Version() int64 {
	if x == nil {
		return 0
	}
	return x.version
}

// Len is the number of items.
func (x *Index) Len() int {
	if x == nil {
		return 0
	}
	return x.live
}

// Item looks up an item by its id.
func (x *Index) Item(id string) (Item, bool) {
	slot, ok := x.slotOf(id)
	if !ok {
		return Item{}, false
	}
	return x.at(slot).item, true
}

// All gives every item, in no promised order.
func (x *Index) All() iter.Seq[Item] {
	return func(yield func(Item) bool) {
		if x == nil {
			return
		}
		for slot := range uint32(x.slots) {
			if p := x.at(slot); p.layer != nil && !yield(p.item) {
				return
			}
		}
	}
}

// ByCode gives the items with a scanned code, ordered by name: a barcode or an SKU,
// whole. Forms of one GTIN are equal (UPC-A of 12 digits, EAN-13 with a 0 before it,
// GTIN-14 with 00), small letters equal capitals, and outer spaces do not count.
// Variants may share a barcode, so there may be several; nil when there is none.
func (x *Index) ByCode(code string) []Item {
	slots := x.slotsByCode(code)
	if len(slots) == 0 {
		return nil
	}
	items := make([]Item, len(slots))
	for i, slot := range slots {
		items[i] = x.at(slot).item
	}
	return items
}

func (x *Index) slotsByCode(code string) []uint32 {
	if x == nil {
		return nil
	}
	var room [MaxCode]byte
	form := appendCode(room[:0], code)
	if len(form) == 0 {
		return nil
	}
	var slots []uint32
	sum := hash(codeSeed, form)
	for i := range x.layers {
		c := &x.layers[i]
		for _, k := range c.find(sum) {
			if c.has(k.item) && x.at(c.slots[k.item]).item.hasCode(form) {
				slots = append(slots, c.slots[k.item])
			}
		}
	}
	if len(slots) > 1 {
		slices.SortFunc(slots, func(a, b uint32) int { return compareItems(&x.at(a).item, &x.at(b).item) })
	}
	return slots
}

func (x *Index) slotOf(id string) (uint32, bool) {
	if x == nil {
		return 0, false
	}
	sum := hash(idSeed, id)
	for i := range x.layers {
		c := &x.layers[i]
		for _, k := range c.find(sum) {
			if c.has(k.item) && x.at(c.slots[k.item]).item.ID == id {
				return c.slots[k.item], true
			}
		}
	}
	return 0, false
}

func (x *Index) at(slot uint32) *place {
	return &x.chunks[slot/chunkSize][slot%chunkSize]
}
