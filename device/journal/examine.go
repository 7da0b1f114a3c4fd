package journal

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"kickstand/protocol"
)

// finding is what examine read of a file.
type finding struct {
	Salvage
	device string
	epochs int
	rows   map[uint64][]byte // of Hi
}

// examine reads a whole file and returns what is in it, and what is wrong with
// it: nil if every page and every checksum is right. Of a damaged file it
// returns what the newer version of the data holds, and what the older one adds.
func examine(file []byte) (finding, error) {
	f := finding{rows: map[uint64][]byte{}}
	versions, bad := trees(file)
	for i, t := range versions {
		err := t.walk(f.add)
		if i == 0 && bad == nil {
			bad = errors.Join(err, f.complete(t.buckets))
		}
		if bad == nil {
			return f, nil // the newest version is sound: the older one is history
		}
	}
	f.salvage()
	return f, bad
}

// add keeps a value if nothing newer was kept under its name.
func (f *finding) add(bucket string, key, value []byte) error {
	data, err := unseal(bucket, key, value)
	if err != nil {
		return err
	}
	switch {
	case bucket == bucketState && f.State == nil:
		f.State = data
	case bucket == bucketMeta && string(key) == keySettings && f.Settings == nil:
		f.Settings = data
	case bucket == bucketMeta && string(key) == keyDevice:
		f.device = string(data)
	case bucket == bucketMeta && len(key) > len(keyEpoch) && string(key[:len(keyEpoch)]) == keyEpoch:
		f.epochs++
	case bucket == string(Hi) && f.rows[keySeq(key)] == nil:
		f.rows[keySeq(key)] = data
	}
	return nil
}

func (f *finding) complete(buckets map[string]bool) error {
	for _, name := range []string{string(Hi), string(Lo), bucketInbox, bucketMeta, bucketCatalogue, bucketState} {
		if !buckets[name] {
			return fmt.Errorf("bucket %s is missing", name)
		}
	}
	if f.device == "" || f.epochs != 2 {
		return errors.New("the name of the device or an epoch is missing")
	}
	return nil
}

// salvage decodes what was kept of Hi. Rows that pass their checksum and cannot
// be decoded are from another version of the program, and stay in the file.
func (f *finding) salvage() {
	for _, seq := range slices.Sorted(maps.Keys(f.rows)) {
		e, err := protocol.Decode(f.rows[seq])
		if err == nil && e.Kind != protocol.KindReset {
			f.Hi = append(f.Hi, e)
		}
	}
}
