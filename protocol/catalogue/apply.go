package catalogue

import "slices"

// Apply makes the index of a newer version: changed items are new or replace those
// with their ids, and removed names the ids that are gone. Retired items are removed
// too, an id in both arguments is removed, and unknown ids are ignored. x stays as it
// is and goes on answering for its version.
//
// The cost follows the number of changed items, not the size of the catalogue; now
// and then, when many texts have changed since the last time, layers are merged.
func (x *Index) Apply(version int64, changed []Item, removed []string) *Index {
	e := newEdit(x, version)
	gone := make(map[string]bool, len(removed))
	for _, id := range removed {
		gone[id] = true
		e.remove(id)
	}
	for _, item := range lastOfEach(changed) {
		if item.Retired || gone[item.ID] {
			e.remove(item.ID)
			continue
		}
		e.put(item)
	}
	return e.finish()
}

// lastOfEach keeps the last item of each id.
func lastOfEach(items []Item) []Item {
	last := make(map[string]int, len(items))
	for i := range items {
		last[items[i].ID] = i
	}
	if len(last) == len(items) {
		return items
	}
	kept := make([]Item, 0, len(last))
	for i := range items {
		if last[items[i].ID] == i {
			kept = append(kept, items[i])
		}
	}
	return kept
}

// edit is a new Index while it is made. It copies what it changes, once.
type edit struct {
	next      *Index
	ownChunks []bool
	ownGone   []bool
	added     []uint32 // places whose items are in no layer yet
}

func newEdit(x *Index, version int64) *edit {
	next := &Index{}
	if x != nil {
		*next = *x
	}
	next.version = version
	next.chunks = slices.Clone(next.chunks)
	next.layers = slices.Clone(next.layers)
	return &edit{
		next:      next,
		ownChunks: make([]bool, len(next.chunks)),
		ownGone:   make([]bool, len(next.layers)),
	}
}

// own is the place of a slot, for writing.
func (e *edit) own(slot uint32) *place {
	c := slot / chunkSize
	if !e.ownChunks[c] {
		copied := *e.next.chunks[c]
		e.next.chunks[c] = &copied
		e.ownChunks[c] = true
	}
	return e.next.at(slot)
}

// put adds an item or replaces the one with its id. An id may be put only once.
func (e *edit) put(item Item) {
	slot, ok := e.next.slotOf(item.ID)
	if !ok {
		slot = e.grow()
		e.next.live++
		e.own(slot).item = item
		e.added = append(e.added, slot)
		return
	}
	p := e.own(slot)
	same := sameText(&p.item, &item)
	p.item = item
	if !same {
		e.leave(p)
		e.added = append(e.added, slot)
	}
}

// grow makes room for one more item.
func (e *edit) grow() uint32 {
	slot := uint32(e.next.slots)
	if slot%chunkSize == 0 {
		e.next.chunks = append(e.next.chunks, new(chunk))
		e.ownChunks = append(e.ownChunks, true)
	}
	e.next.slots++
	return slot
}

func (e *edit) remove(id string) {
	slot, ok := e.next.slotOf(id)
	if !ok {
		return
	}
	p := e.own(slot)
	e.leave(p)
	e.next.live--
	*p = place{}
}

// leave takes an item out of its layer.
func (e *edit) leave(p *place) {
	i := slices.IndexFunc(e.next.layers, func(c cover) bool { return c.layer == p.layer })
	c := &e.next.layers[i]
	if !e.ownGone[i] {
		c.gone = slices.Clone(c.gone)
		e.ownGone[i] = true
	}
	c.gone[p.number/64] |= 1 << (p.number % 64)
	c.live--
	p.layer = nil
}

// finish puts the added items into a layer of their own.
func (e *edit) finish() *Index {
	e.takeSmallLayers()
	if len(e.added) > 0 {
		e.addLayer()
	}
	if wasted := e.next.slots - e.next.live; wasted > e.next.live+16*chunkSize {
		return Build(e.next.version, slices.Collect(e.next.All()))
	}
	return e.next
}

// takeSmallLayers adds the items of the newest layers as long as they are few beside
// those already added. Each layer stays less than half as large as the one before,
// so there are never many, and an item is moved only a few times.
func (e *edit) takeSmallLayers() {
	for n := len(e.next.layers); n > 0; n-- {
		c := &e.next.layers[n-1]
		if c.live > 2*len(e.added) {
			return
		}
		for number, slot := range c.slots {
			if c.has(uint32(number)) {
				e.added = append(e.added, slot)
			}
		}
		e.next.layers = e.next.layers[:n-1]
	}
}

func (e *edit) addLayer() {
	l := newLayer(e.added, func(slot uint32) *Item { return &e.next.at(slot).item })
	for number, slot := range l.slots {
		p := e.own(slot)
		p.layer, p.number = l, uint32(number)
	}
	e.next.layers = append(e.next.layers, cover{
		layer: l,
		gone:  make([]uint64, (len(l.slots)+63)/64),
		live:  len(l.slots),
	})
}
