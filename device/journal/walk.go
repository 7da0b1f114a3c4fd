package journal

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
)

// bbolt trusts its pages: it reads a damaged one through the memory map, partly
// in goroutines of its own, where a panic cannot be caught. So the file is read
// with this walker first, which checks every length and number before it follows
// it, and bbolt gets to see only files whose reachable pages are sound. The
// layout is that of bbolt's file format version 2.
const (
	pageHeader  = 16 // id 8, flags 2, count 2, overflow 4
	metaLen     = 64
	elementLen  = 16
	bucketLen   = 16 // root page 8, sequence 8
	flagBranch  = 1
	flagLeaf    = 2
	flagMeta    = 4
	flagBucket  = 1 // of a leaf element
	boltMagic   = 0xED0CDAED
	boltVersion = 2
	pageSize    = 4096
	noFreelist  = ^uint64(0)
	maxDepth    = 40
)

// tree is one of the two versions of the data that a bbolt file holds.
type tree struct {
	file  []byte
	root  uint64
	pages uint64 // pages in use; the file may be longer
	txid  uint64
	visit func(bucket string, key, value []byte) error

	// What walk found.
	seen    map[uint64]bool
	buckets map[string]bool
	bad     error // the first thing found wrong
}

var le = binary.LittleEndian

// trees returns the readable versions of the data, newest first. Root pages are
// smaller than a sector and written in turn, so in a sound file both are
// readable and one commit apart.
func trees(file []byte) ([]*tree, error) {
	var found []*tree
	var errs []error
	for i := range uint64(2) {
		t, err := readMeta(file, i)
		if err != nil {
			errs = append(errs, fmt.Errorf("root page %d: %w", i, err))
			continue
		}
		found = append(found, t)
	}
	if len(found) == 2 && found[1].txid > found[0].txid {
		found[0], found[1] = found[1], found[0]
	}
	if len(found) == 2 && found[0].txid != found[1].txid+1 {
		errs = append(errs, fmt.Errorf("the root pages are of commits %d and %d", found[0].txid, found[1].txid))
	}
	return found, errors.Join(errs...)
}

// readMeta reads root page 0 or 1 and checks that the file is as long as it says.
func readMeta(file []byte, page uint64) (*tree, error) {
	t, err := parseMeta(file, page)
	if err == nil && t.pages > uint64(len(file))/pageSize {
		err = fmt.Errorf("%d pages in use, the file has %d", t.pages, len(file)/pageSize)
	}
	return t, err
}

func parseMeta(file []byte, page uint64) (*tree, error) {
	at := page * pageSize
	if uint64(len(file)) < at+pageSize {
		return nil, errors.New("the file ends before it")
	}
	head, m := file[at:], file[at+pageHeader:at+pageHeader+metaLen]
	h := fnv.New64a()
	_, _ = h.Write(m[:56]) // a hash never returns an error
	switch {
	case le.Uint32(m) != boltMagic || le.Uint32(m[4:]) != boltVersion || le.Uint32(m[8:]) != pageSize:
		return nil, errors.New("not a root page")
	case le.Uint64(m[56:]) != h.Sum64():
		return nil, errChecksum
	case le.Uint16(head[8:])&flagMeta == 0:
		return nil, errors.New("not marked as a root page")
	case le.Uint64(m[32:]) != noFreelist && le.Uint64(m[48:]) >= 2: // bbolt itself makes commits 0 and 1 of a new file
		return nil, errors.New("it holds a free list, which this program never writes")
	}
	return &tree{file: file, root: le.Uint64(m[16:]), pages: le.Uint64(m[40:]), txid: le.Uint64(m[48:])}, nil
}

// walk visits every value, leaves out what cannot be read, and returns the first
// thing found wrong. The slices given to visit are valid until it returns.
func (t *tree) walk(visit func(bucket string, key, value []byte) error) error {
	t.visit, t.seen, t.buckets = visit, map[uint64]bool{0: true, 1: true}, map[string]bool{}
	t.page(t.root, "", span{}, 0)
	return t.bad
}

func (t *tree) wrong(format string, args ...any) {
	if t.bad == nil {
		t.bad = fmt.Errorf(format, args...)
	}
}

// span is the range of keys a page may hold: from low, below high. Nil is open.
type span struct{ low, high []byte }

func (s span) holds(k []byte) bool {
	return bytes.Compare(k, s.low) >= 0 && (s.high == nil || bytes.Compare(k, s.high) < 0)
}

func (t *tree) page(id uint64, bucket string, keys span, depth int) {
	if id < 2 || id >= t.pages {
		t.wrong("page %d is out of place", id)
		return
	}
	b := t.file[id*pageSize:]
	n := uint64(le.Uint32(b[12:])) + 1 // pages this one spans
	if le.Uint64(b) != id || n > t.pages-id {
		t.wrong("page %d says it is page %d of %d pages", id, le.Uint64(b), n)
		return
	}
	for i := id; i < id+n; i++ {
		if t.seen[i] {
			t.wrong("page %d is used twice", i)
			return
		}
		t.seen[i] = true
	}
	t.content(b[:n*pageSize], bucket, keys, depth)
}

// content reads a page, or a small bucket that is stored inside a value.
func (t *tree) content(b []byte, bucket string, keys span, depth int) {
	if len(b) < pageHeader || depth > maxDepth {
		t.wrong("bucket %q is cut off or too deep", bucket)
		return
	}
	id, flags, count := le.Uint64(b), le.Uint16(b[8:]), int(le.Uint16(b[10:]))
	if count*elementLen > len(b)-pageHeader {
		t.wrong("page %d cannot hold %d entries", id, count)
		return
	}
	switch flags {
	case flagLeaf:
		t.leaf(b, count, bucket, keys, depth)
	case flagBranch:
		t.branch(b, count, bucket, keys, depth)
	default:
		t.wrong("page %d has unknown kind %d", id, flags)
	}
}

func (t *tree) leaf(b []byte, count int, bucket string, keys span, depth int) {
	for i := range count {
		at := pageHeader + i*elementLen
		e := b[at:]
		pos, klen, vlen := uint64(le.Uint32(e[4:])), uint64(le.Uint32(e[8:])), uint64(le.Uint32(e[12:]))
		if uint64(at)+pos+klen+vlen > uint64(len(b)) || pos < elementLen {
			t.wrong("entry %d of page %d is out of bounds", i, le.Uint64(b))
			return
		}
		k, v := e[pos:pos+klen], e[pos+klen:pos+klen+vlen]
		if !keys.holds(k) || klen == 0 {
			t.wrong("entry %d of page %d is out of order", i, le.Uint64(b))
			return
		}
		keys.low = append(bytes.Clone(k), 0) // the next key is above this one
		t.value(le.Uint32(e), bucket, k, v, depth)
	}
}

func (t *tree) value(flags uint32, bucket string, k, v []byte, depth int) {
	if flags&flagBucket == 0 {
		if err := t.visit(bucket, k, v); err != nil {
			t.wrong("%s %x: %w", bucket, k, err)
		}
		return
	}
	if len(v) < bucketLen {
		t.wrong("bucket %q is cut off", k)
		return
	}
	name := string(k)
	if bucket != "" {
		name = bucket + "/" + name
	}
	t.buckets[name] = true
	if root := le.Uint64(v); root != 0 {
		t.page(root, name, span{}, depth+1)
		return
	}
	t.content(v[bucketLen:], name, span{}, depth+1)
}

func (t *tree) branch(b []byte, count int, bucket string, keys span, depth int) {
	type child struct {
		key []byte
		id  uint64
	}
	var children []child
	for i := range count {
		at := pageHeader + i*elementLen
		e := b[at:]
		pos, klen := uint64(le.Uint32(e)), uint64(le.Uint32(e[4:]))
		if uint64(at)+pos+klen > uint64(len(b)) || pos < elementLen || klen == 0 {
			t.wrong("branch %d of page %d is out of bounds", i, le.Uint64(b))
			return
		}
		children = append(children, child{e[pos : pos+klen], le.Uint64(e[8:])})
	}
	if count == 0 {
		t.wrong("page %d is an empty branch", le.Uint64(b))
	}
	for i, c := range children {
		below := span{low: c.key, high: keys.high}
		if i+1 < len(children) {
			below.high = children[i+1].key
		}
		if !keys.holds(c.key) || (below.high != nil && bytes.Compare(c.key, below.high) >= 0) {
			t.wrong("branch %d of page %d is out of order", i, le.Uint64(b))
			return
		}
		t.page(c.id, bucket, below, depth+1)
	}
}
