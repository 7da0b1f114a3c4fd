package flow_test

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"kickstand/device/flow"
	"kickstand/protocol"
	"kickstand/protocol/seal"
)

// journal is a hub's journal as devices see it: hashes of rows, and a key.
type journal struct {
	private ed25519.PrivateKey
	rows    []seal.Hash
}

func newJournal(seed byte) *journal {
	return &journal{private: ed25519.NewKeyFromSeed(append(make([]byte, ed25519.SeedSize-1), seed))}
}

// grow adds n rows that no other journal has.
func (j *journal) grow(n int, salt uint64) *journal {
	for range n {
		row := binary.BigEndian.AppendUint64([]byte{0}, salt)
		row = binary.BigEndian.AppendUint64(row, uint64(len(j.rows)))
		j.rows = append(j.rows, sha256.Sum256(row))
	}
	return j
}

// fork is a journal of the same key that goes on from the first n rows.
func (j *journal) fork(n int) *journal {
	return &journal{private: j.private, rows: slices.Clone(j.rows[:n])}
}

func (j *journal) public() string {
	return seal.NewPublic(seal.KeyName("demo"), j.private.Public().(ed25519.PublicKey)).String()
}

func (j *journal) checkpoint() seal.Checkpoint {
	c := seal.Checkpoint{Shop: "demo", Size: int64(len(j.rows)), Root: rootOf(j.rows), AtMS: morningMS}
	c.Note = c.Text() + "\n" + seal.Sign(seal.KeyName("demo"), j.private, c.Text())
	return c
}

// told is the journal's checkpoint with the proof from an earlier size.
func (j *journal) told(from int64) *protocol.SealTold {
	b := &protocol.SealTold{Key: j.public(), Checkpoint: j.checkpoint().Note}
	if from > 0 && from <= int64(len(j.rows)) {
		b.From = from
		for _, h := range growth(int(from), j.rows, true) {
			b.Proof = append(b.Proof, h[:])
		}
	}
	return b
}

// rootOf is MTH of RFC 9162 section 2.1.1 over rows that are hashed already.
func rootOf(rows []seal.Hash) seal.Hash {
	if len(rows) == 1 {
		return rows[0]
	}
	k := half(len(rows))
	left, right := rootOf(rows[:k]), rootOf(rows[k:])
	return sha256.Sum256(append(append([]byte{1}, left[:]...), right[:]...))
}

// half is the largest power of two below n.
func half(n int) int {
	k := 1
	for k*2 < n {
		k *= 2
	}
	return k
}

// growth is SUBPROOF of RFC 9162 section 2.1.4.1.
func growth(m int, rows []seal.Hash, whole bool) []seal.Hash {
	if m == len(rows) {
		if whole {
			return nil
		}
		return []seal.Hash{rootOf(rows)}
	}
	k := half(len(rows))
	if m <= k {
		return append(growth(m, rows[:k], whole), rootOf(rows[k:]))
	}
	return append(growth(m-k, rows[k:], false), rootOf(rows[:k]))
}

// sealed is a counter that has accepted the journal's checkpoint.
func sealed(j *journal) *desk {
	d := sharing("counter-1", "C1")
	d.post(flow.Told{Body: j.told(0)})
	d.hears(j)
	return d
}

// hears answers the question for a checkpoint that is out.
func (d *desk) hears(j *journal) {
	if id := d.state.World.SealAsk; id != "" {
		d.post(flow.Answered{ID: id, Body: j.told(parsedSize(d.state.Durable.Seal.Note))})
	}
}

func parsedSize(note string) int64 {
	c, err := seal.ParseCheckpoint(note)
	if err != nil {
		return 0
	}
	return c.Size
}

func TestAJournalThatGrowsIsFollowed(t *testing.T) {
	j := newJournal(1).grow(3, 0)
	d := sealed(j)
	for n := range 40 {
		was := int64(len(j.rows))
		j.grow(1+n%5, uint64(n))
		d.post(flow.Told{Body: j.told(was)})
		if s := d.state.Durable.Seal; s.Note != j.checkpoint().Note || s.Refused != "" {
			t.Fatalf("%d rows after %d: %+v", len(j.rows), was, s)
		}
	}
	j.grow(9, 99)
	d.post(flow.Told{Body: j.told(int64(len(j.rows)) - 2)}) // one before it was missed
	d.hears(j)
	if s := d.state.Durable.Seal; s.Note != j.checkpoint().Note || s.Refused != "" {
		t.Errorf("after a gap: %+v", s)
	}
	d.scan("4006381333931")
	d.tap("pay", "way:cash", "key:5", "key:00", "key:0", "cash-ok")
	if sales := sentOf[*protocol.Sale](d); len(sales) != 1 || sales[0].Seal == nil || sales[0].Seal.Code != j.checkpoint().Code() {
		t.Errorf("the receipt carries %+v", sales)
	}
}

// TestAnotherHistoryIsRefused keeps what the device has, calls people and sells on,
// also after a power cut; only a manager can accept the other history.
func TestAnotherHistoryIsRefused(t *testing.T) {
	honest := newJournal(1).grow(10, 0)
	stranger := newJournal(2).grow(20, 0)
	for name, c := range map[string]struct {
		told *protocol.SealTold
		why  string
	}{
		"rewritten":   {honest.fork(8).grow(9, 7).told(10), "changed behind"},
		"same length": {honest.fork(8).grow(2, 7).told(10), "changed behind"},
		"shorter":     {honest.fork(8).told(0), "lost 2 rows"},
		"another key": {stranger.told(10), "another key"},
		"no proof":    {honest.fork(10).grow(4, 0).told(0), "changed behind"},
		"forged": func() (c struct {
			told *protocol.SealTold
			why  string
		},
		) {
			c.told, c.why = stranger.told(10), "not signed"
			c.told.Key = honest.public()
			return c
		}(),
	} {
		t.Run(name, func(t *testing.T) {
			d := sealed(honest)
			kept := d.state.Durable.Seal.Note
			d.post(flow.LinkChanged{Why: "no network"}, flow.LinkChanged{Online: true})
			d.post(flow.Answered{ID: d.state.World.SealAsk, Body: c.told})
			d.refuses(t, kept, c.why)
			d.reboot(t)
			d.refuses(t, kept, c.why)
			d.scan("96385074")
			d.tap("pay", "cash:4425")
			if v := d.state.View(); v.Screen != flow.ScreenDone {
				t.Errorf("selling stops at %s", v.Screen)
			}
			d.tap("next")
			d.accepts(t, name, kept, c.told)
		})
	}
}

func (d *desk) refuses(t *testing.T, kept, why string) {
	t.Helper()
	if s := d.state.Durable.Seal; s.Note != kept || s.Refused == "" || !strings.Contains(s.Why, why) {
		t.Errorf("it keeps %d rows and refuses because %q, want %q", parsedSize(s.Note), s.Why, why)
	}
	if v := d.state.View(); v.Banner == nil {
		t.Error("nobody is called")
	}
}

// accepts lets a junior and then the owner try.
func (d *desk) accepts(t *testing.T, name, kept string, told *protocol.SealTold) {
	t.Helper()
	d.tap("operator", "operator:cleo", "banner:device", "history")
	if d.state.View().Dialog != nil {
		t.Error("a junior is asked")
	}
	d.tap("back", "operator", "operator:ann", "banner:device", "history", "dialog:keep")
	if d.state.Durable.Seal.Note != kept {
		t.Error("accepted without a yes")
	}
	d.tap("history", "dialog:history")
	said := sentOf[*protocol.SealAccepted](d)
	if name == "forged" {
		if d.state.Durable.Seal.Note != kept || len(said) != 0 {
			t.Error("what nobody signed was accepted")
		}
		return
	}
	if s := d.state.Durable.Seal; s.Note != told.Checkpoint || s.Refused != "" || s.Key != told.Key || len(said) != 1 || said[0].Check() != nil {
		t.Errorf("after the owner's yes: %+v, sent %+v", s, said)
	}
}

// sealer is the hub's side of seals for a random day: an honest journal that
// grows, and now and then one that was changed behind the devices' back.
type sealer struct {
	rand   *rand.Rand
	honest *journal
	shown  *journal // what the hub shows now
	was    int64    // size at the last telling
	known  map[string][]seal.Hash
}

func newSealer(seed uint64) *sealer {
	j := newJournal(1).grow(2, seed)
	return &sealer{rand: rand.New(rand.NewPCG(seed, 13)), honest: j, shown: j, known: map[string][]seal.Hash{}}
}

// tell is what the hub tells of its journal, asked or not.
func (s *sealer) tell(from int64) *protocol.SealTold {
	s.shown.grow(s.rand.IntN(3), s.rand.Uint64())
	b := s.shown.told(from)
	s.known[b.Checkpoint] = slices.Clone(s.shown.rows)
	s.was = int64(len(s.shown.rows))
	return b
}

// live changes the journal behind the devices' back, or goes back to the true one.
func (s *sealer) live() flow.Happening {
	switch n := s.rand.IntN(20); {
	case n == 0:
		s.shown = s.shown.fork(1 + s.rand.IntN(len(s.shown.rows)))
	case n == 1:
		s.shown = newJournal(byte(2+s.rand.IntN(2))).grow(1+s.rand.IntN(9), 5)
	case n < 8:
		s.shown = s.honest
	}
	return flow.Told{Body: s.tell(s.was)}
}

// checkSeal wants the journal to be followed only where it continues what the
// device has, unless a manager said yes just now.
func (d *day) checkSeal(before flow.State, e flow.Event, after flow.State) {
	was, is := before.Durable.Seal, after.Durable.Seal
	if is.Note == was.Note {
		return
	}
	if tap, ok := e.Is.(flow.Tapped); ok && tap.ID == "dialog:history" && is.Note == was.Refused {
		d.taken++
		return
	}
	old, now := d.bank.seals.known[was.Note], d.bank.seals.known[is.Note]
	if len(now) < len(old) || !slices.Equal(old, now[:len(old)]) || len(now) == 0 || was.Key != "" && is.Key != was.Key {
		d.fail(e, "a history of %d rows is followed that does not continue one of %d", len(now), len(old))
	}
	d.followed++
}
