package raster

// cache keeps what was used lately, bounded by a cost. It has two generations:
// when the young one is full it becomes the old one, and what nobody asked for
// by the next change is dropped. That keeps between a half and all of the
// limit, with neither a list to maintain nor a clock.
type cache[K comparable, V any] struct {
	young, old map[K]entry[V]
	cost       int // of the young generation
	limit      int // of each generation
}

// entry is a value and what it counts.
type entry[V any] struct {
	v    V
	cost int
}

// newCache returns a cache that holds at most limit in cost units.
func newCache[K comparable, V any](limit int) *cache[K, V] {
	return &cache[K, V]{young: map[K]entry[V]{}, limit: max(limit/2, 1)}
}

// get returns the value of k and makes it young again.
func (c *cache[K, V]) get(k K) (V, bool) {
	if e, ok := c.young[k]; ok {
		return e.v, true
	}
	e, ok := c.old[k]
	if ok {
		delete(c.old, k)
		c.put(k, e.v, e.cost)
	}
	return e.v, ok
}

// put stores v, which counts cost units against the limit.
func (c *cache[K, V]) put(k K, v V, cost int) {
	if c.cost+cost > c.limit && len(c.young) > 0 {
		c.old, c.young, c.cost = c.young, map[K]entry[V]{}, 0
	}
	c.young[k] = entry[V]{v, cost}
	c.cost += cost
}
