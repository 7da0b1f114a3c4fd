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
	hi, hiEnd, err := g.encode(Hi, b.entry.Hi)
	if err != nil {
		return Result{}, err
	}
	lo, loEnd, err := g.encode(Lo, b.entry.Lo)
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
	g.tail.Hi, g.tail.Lo = hiEnd, loEnd
	res := Result{Hi: lastOf(hi), Lo: lastOf(lo)}
	return res, nil
}

// encode gives the envelopes the numbers after the newest of their stream, and
// makes each follow the one before it. It returns what the stream ends with then.
func (g *group) encode(s Stream, events []protocol.Envelope) (rows []Row, at measure, err error) {
	rows, at = make([]Row, 0, len(events)), *g.tail.of(s)
	for _, e := range events {
		data, err := at.next(e, g.j.epochs[s])
		if err != nil {
			return nil, at, fmt.Errorf("commit to %s: %w", s, err)
		}
		rows = append(rows, Row{Seq: at.Last, Data: data})
	}
	return rows, at, nil
}

func lastOf(rows []Row) uint64 {
	if len(rows) == 0 {
		return 0
	}
	return rows[len(rows)-1].Seq
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
