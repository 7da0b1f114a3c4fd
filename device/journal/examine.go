package journal

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"kickstand/protocol"
)

// finding is what examine read of a file.
type finding struct {
	salvage
	device string
	epochs int
	rows   map[uint64][]byte // of Hi
	tally  tally             // as stored
	seen   tally             // as read
}

// salvage is the readable part of a damaged file.
type salvage struct {
	state    []byte
	settings []byte
	hi       []protocol.Envelope // in order
}

// load reads the part of a file that is in use: bbolt and grow make it longer.
// Of a file whose root pages cannot be read it reads everything.
func load(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close() // read only: closing cannot lose anything
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	used := uint64(info.Size())
	head := make([]byte, min(used, 2*pageSize))
	if _, err := io.ReadFull(f, head); err != nil {
		return nil, err
	}
	first, err0 := parseMeta(head, 0)
	second, err1 := parseMeta(head, 1)
	if err0 == nil && err1 == nil {
		used = min(used, max(first.pages, second.pages, 2)*pageSize)
	}
	file := make([]byte, used)
	copy(file, head)
	_, err = io.ReadFull(f, file[len(head):])
	return file, err
}

// examine reads a whole file and returns what is in it, and what is wrong with
// it: nil if every page and every checksum is right. Of a damaged file it
// returns what the newer version of the data holds, and what the older one adds.
func examine(file []byte) (finding, error) {
	f := finding{rows: map[uint64][]byte{}}
	versions, bad := trees(file)
	for i, t := range versions {
		f.seen, f.tally = tally{}, tally{}
		err := t.walk(f.add)
		if i == 0 && bad == nil {
			bad = errors.Join(err, f.complete(t.buckets))
		}
		if bad == nil {
			return f, nil // the newest version is sound: the older one is history
		}
	}
	f.decode()
	return f, bad
}

// add counts a value, and keeps it if nothing newer was kept under its name.
func (f *finding) add(bucket string, key, value []byte) error {
	data, err := unseal(bucket, key, value)
	if err != nil {
		return err
	}
	f.tell(bucket, key, data)
	switch {
	case bucket == bucketState && f.state == nil:
		f.state = data
	case bucket == bucketMeta && string(key) == keySettings && f.settings == nil:
		f.settings = data
	case bucket == bucketMeta && string(key) == keyDevice:
		f.device = string(data)
	case bucket == bucketMeta && strings.HasPrefix(string(key), keyEpoch):
		f.epochs++
	case bucket == string(Hi) && f.rows[keySeq(key)] == nil:
		f.rows[keySeq(key)] = data
	case bucket == bucketCount:
		f.tally, err = parseTally(data)
	}
	return err
}

// tell counts what the tally should say.
func (f *finding) tell(bucket string, key, data []byte) {
	switch bucket {
	case string(Hi), string(Lo):
		f.seen.of(Stream(bucket)).add(data)
	case bucketInbox:
		f.seen.Inbox = keySeq(key)
	case bucketState:
		f.seen.State = sum(bucket, key, data)
	}
}

// complete reports what a file without a damaged page still lacks.
func (f *finding) complete(found map[string]bool) error {
	for _, name := range buckets() {
		if !found[name] {
			return fmt.Errorf("bucket %s is missing", name)
		}
	}
	if f.device == "" || f.epochs != 2 {
		return errors.New("the name of the device or an epoch is missing")
	}
	for _, s := range []Stream{Hi, Lo} { // not in the rows once all are acknowledged
		f.seen.of(s).Last, f.seen.of(s).Head = f.tally.of(s).Last, f.tally.of(s).Head
	}
	if f.seen != f.tally {
		return fmt.Errorf("the content does not fit its count: %+v, counted %+v", f.tally, f.seen)
	}
	return nil
}

// decode reads what was kept of Hi. Rows that pass their checksum and cannot
// be decoded are from another version of the program, and stay in the file.
func (f *finding) decode() {
	for _, seq := range slices.Sorted(maps.Keys(f.rows)) {
		e, err := protocol.Decode(f.rows[seq])
		if err == nil && e.Kind != protocol.KindReset {
			f.hi = append(f.hi, e)
		}
	}
}
