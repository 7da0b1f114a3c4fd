package scene

// item is one entry of a scrolling list: its height, and how to draw it in the
// rectangle it gets.
type item struct {
	id   string
	h    int
	draw func(r Rect)
}

// scroll draws a list that a finger can drag. anchor is the id of the item to
// keep in view when it is another than before. Items are cut by the edges of r;
// a bar at the right says that there is more.
func (s *sheet) scroll(r Rect, key, anchor string, items []item) {
	total := 0
	for _, it := range items {
		total += it.h
	}
	sc := Scroll{Key: key, Anchor: anchor, Max: max(total-r.H, 0), View: r}
	was := s.ui.Scroll
	if was.Key == key {
		sc.Offset = was.Offset
	} else {
		was.Anchor = ""
	}
	if anchor != "" && anchor != was.Anchor {
		sc.Offset = reveal(sc.Offset, r.H, anchor, items)
	}
	sc.Offset = min(max(sc.Offset, 0), sc.Max)
	s.list.Scroll = sc
	if s.covered { // it stays where it is, and no finger can drag it
		s.list.Scroll.View = Rect{}
	}
	inner := r
	if sc.Max > 0 {
		_, inner = r.right(s.mm(2))
	}
	outside := s.clip
	s.clip = r
	y := r.Y - sc.Offset
	for _, it := range items {
		at := Rect{inner.X, y, inner.W, it.h}
		it.draw(at)
		y += it.h
	}
	s.clip = outside
	s.scrollBar(r, sc, total)
}

// reveal is the offset at which the anchor's item is in view, moved no further
// than that needs.
func reveal(offset, h int, anchor string, items []item) int {
	y := 0
	for _, it := range items {
		if it.id == anchor {
			return max(min(offset, y), y+it.h-h)
		}
		y += it.h
	}
	return offset
}

// scrollBar shows which part of the list is seen.
func (s *sheet) scrollBar(r Rect, sc Scroll, total int) {
	if sc.Max <= 0 {
		return
	}
	bar, _ := r.right(s.mm(1))
	size := max(r.H*r.H/total, s.mm(4))
	s.fill(bar, s.sunken, bar.W/2)
	s.fill(Rect{bar.X, bar.Y + (r.H-size)*sc.Offset/sc.Max, bar.W, size}, s.edge, bar.W/2)
	if sc.Offset < sc.Max {
		s.rule(Rect{r.X, r.Y, r.W - s.mm(2), r.H})
	}
}

// unseen reports whether nothing of r can be seen, so that drawing it would be
// work for nothing. Its nodes are added all the same.
func (s *sheet) unseen(r Rect) bool { return s.clip != (Rect{}) && r.meet(s.clip).empty() }
