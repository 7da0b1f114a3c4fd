package raster

import (
	"image"
	"slices"
	"sort"

	"kickstand/display/scene"
)

// maxRects is how many dirty rectangles Diff returns at most.
const maxRects = 8

// Diff returns rectangles that hold every pixel in which the two lists differ,
// merged where that saves work, none overlapping. Nil means the lists look the
// same. Lists of different size give one rectangle of the new size.
//
// An op that is in both lists, in the same order among those kept, changes no
// pixel by itself; only what was taken away, added or moved in order is dirty.
func Diff(old, now scene.List) []image.Rectangle {
	whole := image.Rect(0, 0, now.W, now.H)
	if old.W != now.W || old.H != now.H {
		return []image.Rectangle{whole}
	}
	a, b := trim(old.Ops, now.Ops)
	keptA, keptB := kept(a, b)
	var dirty []image.Rectangle
	dirty = collect(dirty, a, keptA, whole)
	dirty = collect(dirty, b, keptB, whole)
	return merge(dirty)
}

// trim cuts what both lists begin and end with.
func trim(a, b []scene.Op) ([]scene.Op, []scene.Op) {
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	return a, b
}

// kept marks a common subsequence of a and b: the nth occurrence of an op in
// one is paired with the nth in the other, and of these pairs the longest
// rising sequence is taken.
func kept(a, b []scene.Op) (inA, inB []bool) {
	inA, inB = make([]bool, len(a)), make([]bool, len(b))
	where := make(map[scene.Op][]int, len(a))
	for i, op := range a {
		where[op] = append(where[op], i)
	}
	var pairs [][2]int
	for j, op := range b {
		if w := where[op]; len(w) > 0 {
			pairs = append(pairs, [2]int{w[0], j})
			where[op] = w[1:]
		}
	}
	for _, p := range rising(pairs) {
		inA[p[0]], inB[p[1]] = true, true
	}
	return inA, inB
}

// rising is the longest subsequence whose first numbers rise.
func rising(pairs [][2]int) [][2]int {
	ends := make([]int, 0, len(pairs)) // ends[n]: pair that ends the best sequence of n+1
	before := make([]int, len(pairs))
	for i, p := range pairs {
		n := sort.Search(len(ends), func(k int) bool { return pairs[ends[k]][0] >= p[0] })
		before[i] = -1
		if n > 0 {
			before[i] = ends[n-1]
		}
		if n == len(ends) {
			ends = append(ends, i)
		} else {
			ends[n] = i
		}
	}
	if len(ends) == 0 {
		return nil
	}
	var out [][2]int
	for i := ends[len(ends)-1]; i >= 0; i = before[i] {
		out = append(out, pairs[i])
	}
	slices.Reverse(out)
	return out
}

// collect adds the bounds of the ops that were not kept.
func collect(dirty []image.Rectangle, ops []scene.Op, kept []bool, whole image.Rectangle) []image.Rectangle {
	for i, op := range ops {
		if kept[i] {
			continue
		}
		if r := Bounds(op).Intersect(whole); !r.Empty() {
			dirty = append(dirty, r)
		}
	}
	return dirty
}

// merge joins rectangles while that costs little, until none overlap and there
// are at most maxRects.
func merge(rs []image.Rectangle) []image.Rectangle {
	for {
		i, j, waste := cheapest(rs)
		if i < 0 || (waste > 0 && len(rs) <= maxRects) {
			return rs
		}
		rs[i] = rs[i].Union(rs[j])
		rs = slices.Delete(rs, j, j+1)
	}
}

// cheapest finds the pair whose union wastes least, in pixels painted for
// nothing less what a pass over the list costs. Overlapping pairs always win.
func cheapest(rs []image.Rectangle) (int, int, int) {
	const pass = 4096 // pixels that cost about as much as one more pass
	bi, bj, best := -1, -1, 0
	for i := range rs {
		for j := i + 1; j < len(rs); j++ {
			waste := area(rs[i].Union(rs[j])) - area(rs[i]) - area(rs[j]) - pass
			if rs[i].Overlaps(rs[j]) {
				waste = min(waste, -pass)
			}
			if bi < 0 || waste < best {
				bi, bj, best = i, j, waste
			}
		}
	}
	return bi, bj, best
}

// area is the number of pixels of r.
func area(r image.Rectangle) int { return r.Dx() * r.Dy() }
