package journal

import (
	"errors"
	"fmt"

	"go.etcd.io/bbolt"

	"kickstand/protocol"
)

// group is what one transaction stores. It is made from the queue, applied once,
// and adopted if the transaction was committed.
type group struct {
	j         *Journal
	jobs      []*job
	results   []answer
	rows      map[Stream][]Row
	state     []byte
	settings  []byte
	inbox     []string
	upto      map[Stream]uint64
	chunks    []func(*bbolt.Tx) error
	shed      bool     // drop half of Lo to get space
	forgotten []string // inbox ids that fell out
	tail      tally    // as it will be after the transaction
}

// group numbers and encodes the events of the jobs. An entry with an envelope
// that cannot be encoded is answered at once, and takes no number.
func (j *Journal) group(jobs []*job) *group {
	j.mu.Lock()
	g := &group{j: j, rows: map[Stream][]Row{}, upto: map[Stream]uint64{}, tail: j.tail}
	j.mu.Unlock()
	for _, b := range jobs {
		res, err := g.add(b)
		if err != nil {
			b.reply(Result{}, err)
			continue
		}
		g.jobs, g.results = append(g.jobs, b), append(g.results, answer{res: res})
	}
	return g
}

func (g *group) add(b *job) (Result, error) {
	switch {
	case b.chunk != nil:
		g.chunks = append(g.chunks, b.chunk)
		return Result{}, nil
	case b.stream != "":
		// Only the owner knows the last number: an event can be read, sent and
		// acknowledged before others are told that it is stored.
		if last := g.tail.of(b.stream).Last; b.upto > last {
			return Result{}, fmt.Errorf("%w: %s ends at %d, acknowledged is %d", ErrEpoch, b.stream, last, b.upto)
		}
		g.upto[b.stream] = max(g.upto[b.stream], b.upto)
		return Result{}, nil
	}
	hi, err := g.encode(Hi, b.entry.Hi)
	if err != nil {
		return Result{}, err
	}
	lo, err := g.encode(Lo, b.entry.Lo)
	if err != nil {
		return Result{}, err
	}
	g.rows[Hi], g.rows[Lo] = append(g.rows[Hi], hi...), append(g.rows[Lo], lo...)
	if b.entry.State != nil {
		g.state = b.entry.State
	}
	if b.entry.Settings != nil {
		g.settings = b.entry.Settings
	}
	g.inbox = append(g.inbox, b.entry.Inbox...)
	res := Result{Hi: g.advance(Hi, hi), Lo: g.advance(Lo, lo)}
	return res, nil
}

// encode gives the envelopes the numbers after the newest of their stream.
func (g *group) encode(s Stream, events []protocol.Envelope) ([]Row, error) {
	rows := make([]Row, 0, len(events))
	for i, e := range events {
		e.Epoch, e.Seq = g.j.epochs[s], g.tail.of(s).Last+1+uint64(i)
		data, err := e.Encode()
		if err != nil {
			return nil, fmt.Errorf("commit to %s: %w", s, err)
		}
		rows = append(rows, Row{Seq: e.Seq, Data: data})
	}
	return rows, nil
}

// advance makes the rows count and returns the seq of the last one.
func (g *group) advance(s Stream, rows []Row) uint64 {
	if len(rows) == 0 {
		return 0
	}
	g.tail.of(s).Last = rows[len(rows)-1].Seq
	return g.tail.of(s).Last
}

// acks returns the jobs that only delete, others the rest.
func (g *group) acks() []*job   { return g.split(true) }
func (g *group) others() []*job { return g.split(false) }

func (g *group) split(deletes bool) []*job {
	var out []*job
	for _, b := range g.jobs {
		if (b.stream != "") == deletes {
			out = append(out, b)
		}
	}
	return out
}

func (g *group) answer(err error) {
	for i, b := range g.jobs {
		res := g.results[i].res
		if err != nil {
			res = Result{}
		}
		b.reply(res, err)
	}
}

// apply writes the group into a transaction.
func (g *group) apply(tx *bbolt.Tx) error {
	for _, s := range []Stream{Hi, Lo} {
		if err := errors.Join(g.remove(tx, s), g.append(tx, s)); err != nil {
			return err
		}
	}
	if err := g.limit(tx); err != nil {
		return err
	}
	if err := errors.Join(g.blobs(tx), g.remember(tx)); err != nil {
		return err
	}
	for _, chunk := range g.chunks {
		if err := chunk(tx); err != nil {
			return err
		}
	}
	return g.tail.store(tx)
}

// remove deletes what is acknowledged.
func (g *group) remove(tx *bbolt.Tx, s Stream) error {
	upto, m := g.upto[s], g.tail.of(s)
	if upto == 0 {
		return nil
	}
	b := tx.Bucket([]byte(s))
	var gone []uint64
	c := b.Cursor()
	for k, v := c.First(); k != nil && keySeq(k) <= upto; k, v = c.Next() {
		gone = append(gone, keySeq(k))
		m.Bytes -= rowSize(v[sumLen:])
	}
	m.Rows -= len(gone)
	return deleteAll(b, gone)
}

func deleteAll(b *bbolt.Bucket, seqs []uint64) error {
	for _, n := range seqs {
		if err := b.Delete(seqKey(n)); err != nil {
			return fmt.Errorf("delete %d: %w", n, err)
		}
	}
	return nil
}

func (g *group) append(tx *bbolt.Tx, s Stream) error {
	rows, m := g.rows[s], g.tail.of(s)
	if len(rows) == 0 {
		return nil
	}
	b := tx.Bucket([]byte(s))
	for _, r := range rows {
		if err := put(b, string(s), seqKey(r.Seq), r.Data); err != nil {
			return fmt.Errorf("store %s %d: %w", s, r.Seq, err)
		}
		m.add(r.Data)
	}
	return nil
}

func (g *group) blobs(tx *bbolt.Tx) error {
	if g.state != nil {
		if err := put(tx.Bucket([]byte(bucketState)), bucketState, []byte(keyState), g.state); err != nil {
			return fmt.Errorf("store state: %w", err)
		}
		g.tail.State = sum(bucketState, []byte(keyState), g.state)
	}
	if g.settings != nil {
		if err := put(tx.Bucket([]byte(bucketMeta)), bucketMeta, []byte(keySettings), g.settings); err != nil {
			return fmt.Errorf("store settings: %w", err)
		}
	}
	return nil
}

// remember stores the ids of executed commands and forgets the oldest.
func (g *group) remember(tx *bbolt.Tx) error {
	if len(g.inbox) == 0 {
		return nil
	}
	b := tx.Bucket([]byte(bucketInbox))
	for _, id := range g.inbox {
		g.tail.Inbox++
		if err := put(b, bucketInbox, seqKey(g.tail.Inbox), []byte(id)); err != nil {
			return fmt.Errorf("remember command %s: %w", id, err)
		}
	}
	var old []uint64
	c := b.Cursor()
	for k, v := c.First(); k != nil && keySeq(k)+inboxKept <= g.tail.Inbox; k, v = c.Next() {
		old = append(old, keySeq(k))
		g.forgotten = append(g.forgotten, string(v[sumLen:]))
	}
	return deleteAll(b, old)
}

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
	from, gone, freed := oldest(b, g.tail.Lo.Bytes-goal)
	if len(gone) < 2 {
		return nil
	}
	to := gone[len(gone)-1]
	row, err := g.gap(from, to)
	if err != nil {
		return err
	}
	g.tail.Lo.Rows -= len(gone) - 1
	g.tail.Lo.Bytes += rowSize(row) - freed
	g.tail.dropped += uint64(len(gone))
	return errors.Join(deleteAll(b, gone), put(b, string(Lo), seqKey(to), row))
}

// oldest returns the numbers of the rows after the first Window that have to go
// to free so many bytes, and the number the gap they leave begins with.
func oldest(b *bbolt.Bucket, need int64) (from uint64, gone []uint64, freed int64) {
	c := b.Cursor()
	k, v := c.First()
	for range Window {
		if k != nil {
			k, v = c.Next()
		}
	}
	for ; k != nil && freed < need; k, v = c.Next() {
		if len(gone) == 0 {
			from = gapStart(keySeq(k), v)
		}
		gone = append(gone, keySeq(k))
		freed += rowSize(v[sumLen:])
	}
	return from, gone, freed
}

// gapStart returns where a row begins: an older gap is swallowed by the new one.
func gapStart(seq uint64, value []byte) uint64 {
	e, err := protocol.Decode(value[sumLen:])
	if err != nil || e.Kind != protocol.KindGap {
		return seq
	}
	body, err := e.Open()
	if err != nil {
		return seq
	}
	return body.(*protocol.JournalGap).From
}

func (g *group) gap(from, to uint64) ([]byte, error) {
	gap := &protocol.JournalGap{From: from, To: to, N: to - from + 1}
	e, err := protocol.Seal(g.j.opt.Device, gap, g.j.opt.Stamp())
	if err != nil {
		return nil, err
	}
	e.Epoch, e.Seq = g.j.epochs[Lo], to
	return e.Encode()
}
