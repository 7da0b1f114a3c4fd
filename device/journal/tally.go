package journal

import (
	"encoding/json"
	"fmt"

	"go.etcd.io/bbolt"

	"kickstand/protocol"
)

// tally is what the owner knows of the file without reading it. It is stored
// with every commit, under a checksum of its own: a reference between pages has
// none, and a damaged one may lead to an older page that looks sound. The tally
// tells, because the numbers do not fit.
type tally struct {
	Hi      measure `json:"hi"`
	Lo      measure `json:"lo"`
	Inbox   uint64  `json:"inbox"` // number of the newest inbox row
	State   uint32  `json:"state"` // checksum of the state, 0 if there is none
	dropped uint64  // events of Lo since Open
}

// measure is what is in one stream.
type measure struct {
	Last  uint64 `json:"last"` // newest number given out
	Head  string `json:"head"` // digest of the event with that number, which the next one follows
	Rows  int    `json:"rows"`
	Bytes int64  `json:"bytes"`
}

func (t *tally) of(s Stream) *measure {
	if s == Hi {
		return &t.Hi
	}
	return &t.Lo
}

func (m *measure) add(row []byte) {
	m.Rows++
	m.Bytes += rowSize(row)
}

// rowSize is what a row takes in the file: number, checksum, data and the
// page's entry for it.
func rowSize(data []byte) int64 { return int64(8 + sumLen + len(data) + elementLen) }

func (t *tally) store(tx *bbolt.Tx) error {
	data, err := json.Marshal(t)
	if err != nil {
		return err
	}
	return put(tx.Bucket([]byte(bucketCount)), bucketCount, []byte(keyCount), data)
}

func parseTally(data []byte) (tally, error) {
	var t tally
	if err := json.Unmarshal(data, &t); err != nil {
		return t, fmt.Errorf("tally: %w", err)
	}
	return t, nil
}

// next encodes an event as the one after the newest of its stream. Its salt makes
// the digest useless to whoever wants to test a guess at what it says, once the
// event itself is gone.
func (m *measure) next(e protocol.Envelope, epoch string) ([]byte, error) {
	e.Epoch, e.Seq, e.Prev, e.Salt = epoch, m.Last+1, m.Head, random(protocol.SaltLen)
	if m.Last == 0 {
		e.Prev = protocol.FirstPrev(e.Device, epoch)
	}
	data, err := e.Encode()
	if err == nil {
		m.Last, m.Head = e.Seq, protocol.Digest(data)
	}
	return data, err
}
