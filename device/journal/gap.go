package journal

import (
	"errors"

	"go.etcd.io/bbolt"

	"kickstand/protocol"
)

// limit replaces the oldest events of Lo by one JournalGap when they outgrow
// their cap, or when space is needed at any price. The first Window events stay:
// they may be on the wire under their numbers.
func (g *group) limit(tx *bbolt.Tx) error {
	goal := g.j.opt.LoCap
	switch {
	case g.shed:
		goal = g.tail.Lo.Bytes / 2
	case g.tail.Lo.Bytes <= goal:
		return nil
	default:
		goal -= goal / 4 // make room for a while
	}
	b := tx.Bucket([]byte(Lo))
	old := oldest(b, g.tail.Lo.Bytes-goal)
	if len(old.gone) < 2 {
		return nil
	}
	to := old.gone[len(old.gone)-1]
	row, err := g.gap(old, to)
	if err != nil {
		return err
	}
	g.tail.Lo.Rows -= len(old.gone) - 1
	g.tail.Lo.Bytes += rowSize(row) - old.freed
	g.tail.dropped += uint64(len(old.gone))
	return errors.Join(deleteAll(b, old.gone), put(b, string(Lo), seqKey(to), row))
}

// drop is what has to go to free space.
type drop struct {
	gone        []uint64
	first, last []byte // the events at its ends
	freed       int64
}

// oldest returns the rows after the first Window that have to go to free so many
// bytes.
func oldest(b *bbolt.Bucket, need int64) (d drop) {
	c := b.Cursor()
	k, v := c.First()
	for range Window {
		if k != nil {
			k, v = c.Next()
		}
	}
	for ; k != nil && d.freed < need; k, v = c.Next() {
		if len(d.gone) == 0 {
			d.first = v[sumLen:]
		}
		d.gone, d.last = append(d.gone, keySeq(k)), v[sumLen:]
		d.freed += rowSize(v[sumLen:])
	}
	return d
}

// spanOf returns the gap that an event stands for, which is itself unless it is a
// gap already: an older gap is swallowed by the new one.
func spanOf(seq uint64, data []byte) (gap protocol.JournalGap, prev string) {
	one := protocol.JournalGap{From: seq, To: seq, N: 1, Digest: protocol.Digest(data)}
	e, err := protocol.Decode(data)
	if err != nil || e.Kind != protocol.KindGap {
		return one, e.Prev
	}
	body, err := e.Open()
	if err != nil {
		return one, e.Prev
	}
	return *body.(*protocol.JournalGap), e.Prev
}

// gapStart returns where a row begins.
func gapStart(seq uint64, value []byte) uint64 {
	g, _ := spanOf(seq, value[sumLen:])
	return g.From
}

// gap makes the event that stands for dropped ones: it follows what the first of
// them followed, and what comes next follows the last of them.
func (g *group) gap(d drop, to uint64) ([]byte, error) {
	first, prev := spanOf(d.gone[0], d.first)
	last, _ := spanOf(to, d.last)
	gap := &protocol.JournalGap{From: first.From, To: to, N: to - first.From + 1, Digest: last.Digest}
	e, err := protocol.Seal(g.j.opt.Device, gap, g.j.opt.Stamp())
	if err != nil {
		return nil, err
	}
	e.Epoch, e.Seq, e.Prev, e.Salt = g.j.epochs[Lo], to, prev, random(protocol.SaltLen)
	return e.Encode()
}
