package audit

import (
	"context"
	"encoding/hex"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// Hash is a hash of the tree, SHA-256 as in RFC 6962 section 2.1.
type Hash = tlog.Hash

// Leaf is the row's hash in the tree: the leaf hash of the 32 bytes of r.Hash.
func Leaf(r Row) (Hash, error) {
	var sum [32]byte
	if n, err := hex.Decode(sum[:], []byte(r.Hash)); err != nil || n != len(sum) || len(r.Hash) != 2*n {
		return Hash{}, &BadRowError{N: r.N, Why: "has a hash that is none"}
	}
	return tlog.RecordHash(sum[:]), nil
}

// Tree computes roots while rows come by, in memory that hardly grows. The zero
// value is the empty tree.
type Tree struct {
	size  int64
	peaks []Hash // of the full subtrees, the widest first
}

// Add appends a leaf.
func (t *Tree) Add(leaf Hash) {
	t.peaks = append(t.peaks, leaf)
	for n := t.size; n&1 == 1; n >>= 1 {
		last := len(t.peaks) - 1
		t.peaks[last-1] = tlog.NodeHash(t.peaks[last-1], t.peaks[last])
		t.peaks = t.peaks[:last]
	}
	t.size++
}

// Size is the number of leaves.
func (t *Tree) Size() int64 { return t.size }

// Root is the hash of the whole tree; of an empty one it means nothing.
func (t *Tree) Root() Hash {
	if t.size == 0 {
		return Hash{}
	}
	h := t.peaks[len(t.peaks)-1]
	for i := len(t.peaks) - 2; i >= 0; i-- {
		h = tlog.NodeHash(t.peaks[i], h)
	}
	return h
}

// The tree is stored in tiles, as the logs of c2sp.org/tlog-tiles do: a tile of
// level L holds the roots of up to 256 neighbouring full subtrees of 256^L
// leaves each. A tile only ever grows.
const (
	tileHeight = 8
	tileWidth  = 1 << tileHeight
)

// Tile is a part of the stored tree.
type Tile struct {
	Level  int
	N      int64  // from 0, in its level
	Hashes []byte // 32 bytes each, at most 256 of them
}

// Tiles reads the stored tree.
type Tiles interface {
	// Tile returns the hashes of a tile as far as they are stored; none
	// without an error when there is no such tile.
	Tile(ctx context.Context, level int, n int64) ([]byte, error)
}

// tileReader lets tlog read stored tiles.
type tileReader struct {
	read func(level int, n int64) ([]byte, error)
}

// stored returns a reader of the tree of a given size and root. It checks what
// it reads against the root.
func stored(ctx context.Context, tiles Tiles, size int64, root Hash) tlog.HashReader {
	seen := map[[2]int64][]byte{}
	read := func(level int, n int64) ([]byte, error) {
		at := [2]int64{int64(level), n}
		if b, ok := seen[at]; ok {
			return b, nil
		}
		b, err := tiles.Tile(ctx, level, n)
		if err != nil {
			return nil, err
		}
		seen[at] = b
		return b, nil
	}
	return tlog.TileHashReader(tlog.Tree{N: size, Hash: root}, tileReader{read})
}

// Height is the height of every tile.
func (tileReader) Height() int { return tileHeight }

// SaveTiles keeps nothing: the tiles are stored already.
func (tileReader) SaveTiles([]tlog.Tile, [][]byte) {}

// ReadTiles returns as much of each tile as is asked for.
func (r tileReader) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	all := make([][]byte, len(tiles))
	for i, t := range tiles {
		b, err := r.read(t.L, t.N)
		if err != nil {
			return nil, err
		}
		if len(b) < t.W*tlog.HashSize {
			return nil, fmt.Errorf("tile %d/%d of the tree holds %d bytes, not %d", t.L, t.N, len(b), t.W*tlog.HashSize)
		}
		all[i] = b[:t.W*tlog.HashSize]
	}
	return all, nil
}

// growth is a stored tree with new hashes on top that are not stored yet.
type growth struct {
	old   tlog.HashReader
	first int64 // index of fresh[0], see tlog.StoredHashIndex
	fresh []Hash
}

// grow adds leaves to a tree of the given size.
func grow(old tlog.HashReader, size int64, leaves []Hash) (*growth, error) {
	g := &growth{old: old, first: tlog.StoredHashCount(size)}
	for i, leaf := range leaves {
		more, err := tlog.StoredHashesForRecordHash(size+int64(i), leaf, g)
		if err != nil {
			return nil, err
		}
		g.fresh = append(g.fresh, more...)
	}
	return g, nil
}

// ReadHashes reads old and new hashes.
func (g *growth) ReadHashes(indexes []int64) ([]Hash, error) {
	var before []int64
	for _, x := range indexes {
		if x < g.first {
			before = append(before, x)
		}
	}
	var kept []Hash
	if len(before) > 0 {
		var err error
		if kept, err = g.old.ReadHashes(before); err != nil {
			return nil, err
		}
	}
	all := make([]Hash, len(indexes))
	for i, x := range indexes {
		if x < g.first {
			all[i], kept = kept[0], kept[1:]
			continue
		}
		if x-g.first >= int64(len(g.fresh)) {
			return nil, fmt.Errorf("hash %d is not in the tree", x)
		}
		all[i] = g.fresh[x-g.first]
	}
	return all, nil
}

// root returns the root of a tree of the given size.
func (g *growth) root(size int64) (Hash, error) { return tlog.TreeHash(size, g) }

// tiles returns what has to be stored for a tree that grew.
func (g *growth) tiles(from, to int64) ([]Tile, error) {
	var all []Tile
	for _, t := range tlog.NewTiles(tileHeight, from, to) {
		data, err := tlog.ReadTileData(t, g)
		if err != nil {
			return nil, err
		}
		all = append(all, Tile{Level: t.L, N: t.N, Hashes: data})
	}
	return all, nil
}
