package raster

// cache keeps what was used lately, bounded by a cost. It has two generations:
// when the young one is full it becomes the old one, and what was not asked for
// since is dropped with the next change. That keeps between a half and all of
// the limit, with neither a list to maintain nor a clock.
type cache[K comparable, V any] struct {
	young, old map[K]V
	cost       int // of the young generation
	limit      int // of each generation
}

// newCache returns a cache that holds at most limit in cost units.
func newCache[K comparable, V any](limit int) *cache[K, V] {
	return &cache[K, V]{young: map[K]V{}, limit: max(limit/2, 1)}
}

// get returns the value of k. A hit in the old generation is not moved: put
// decides what is young, and the caller of get never pays for a map write.
func (c *cache[K, V]) get(k K) (V, bool) {
	if v, ok := c.young[k]; ok {
		return v, true
	}
	v, ok := c.old[k]
	return v, ok
}

// put stores v, which counts cost units against the limit.
func (c *cache[K, V]) put(k K, v V, cost int) {
	if c.cost+cost > c.limit && len(c.young) > 0 {
		c.old, c.young, c.cost = c.young, map[K]V{}, 0
	}
	c.young[k] = v
	c.cost += cost
}
