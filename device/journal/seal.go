package journal

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
)

// Buckets and keys of the file.
const (
	bucketState     = "state"
	bucketMeta      = "meta"
	bucketInbox     = "inbox"
	bucketCatalogue = "catalogue"
	bucketCount     = "count"

	keyState    = "state"
	keySettings = "settings"
	keyDevice   = "device"
	keyEpoch    = "epoch-" // followed by the stream
	keyCurrent  = "current"
	keyCount    = "count"
)

// sumLen is the length of the checksum in front of every value.
const sumLen = 4

var errChecksum = errors.New("the checksum does not match")

// seal puts a CRC-32C over bucket, key and data in front of the data. bbolt
// checks the sums of its two root pages only, and a worn card returns wrong
// bytes without an error.
func seal(bucket string, key, data []byte) []byte {
	out := make([]byte, sumLen, sumLen+len(data))
	binary.BigEndian.PutUint32(out, sum(bucket, key, data))
	return append(out, data...)
}

// unseal returns a copy of the data inside a sealed value.
func unseal(bucket string, key, value []byte) ([]byte, error) {
	if len(value) < sumLen || binary.BigEndian.Uint32(value) != sum(bucket, key, value[sumLen:]) {
		return nil, errChecksum
	}
	return append([]byte{}, value[sumLen:]...), nil
}

func sum(bucket string, key, data []byte) uint32 {
	t := crc32.MakeTable(crc32.Castagnoli) // cached by the package
	s := crc32.Update(0, t, []byte(bucket))
	s = crc32.Update(s, t, []byte{0})
	s = crc32.Update(s, t, key)
	return crc32.Update(s, t, data)
}

func seqKey(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

func keySeq(k []byte) uint64 {
	if len(k) != 8 {
		return 0
	}
	return binary.BigEndian.Uint64(k)
}
