package audit_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"kickstand/hub/audit"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// ledger keeps a sealed journal in memory.
type ledger struct {
	rows        []audit.Row
	checkpoints []audit.Checkpoint
	tiles       map[[2]int64][]byte
}

func (l *ledger) Tile(_ context.Context, level int, n int64) ([]byte, error) {
	return l.tiles[[2]int64{int64(level), n}], nil
}

func (l *ledger) TileCount(context.Context) (int64, error) { return int64(len(l.tiles)), nil }

func (l *ledger) LatestCheckpoint(context.Context) (string, error) {
	if len(l.checkpoints) == 0 {
		return "", nil
	}
	return l.checkpoints[len(l.checkpoints)-1].Note, nil
}

func (l *ledger) RowsAfter(_ context.Context, n int64, limit int) ([]audit.Row, error) {
	all := l.rows[min(int(n), len(l.rows)):]
	return slices.Clone(all[:min(limit, len(all))]), nil
}

func (l *ledger) PutSealed(_ context.Context, s audit.Sealed) error {
	if len(l.checkpoints) > 0 && l.checkpoints[len(l.checkpoints)-1].Size != s.From {
		return errors.New("not the latest")
	}
	l.checkpoints = append(l.checkpoints, s.Checkpoint)
	for _, t := range s.Tiles {
		l.tiles[[2]int64{int64(t.Level), t.N}] = slices.Clone(t.Hashes)
	}
	return nil
}

// book is the journal as a verifier gets it.
func (l *ledger) book(key *audit.Key) audit.Book {
	return audit.Book{Shop: "demo", Key: key.Public(), Tree: l, Entries: l.entries()}
}

func (l *ledger) entries() iter.Seq2[audit.Entry, error] {
	return func(yield func(audit.Entry, error) bool) {
		next := 0
		for i, r := range l.rows {
			if !yield(audit.Entry{Row: r}, nil) {
				return
			}
			for next < len(l.checkpoints) && l.checkpoints[next].Size <= int64(i+1) {
				if !yield(audit.Entry{Checkpoint: l.checkpoints[next].Note}, nil) {
					return
				}
				next++
			}
		}
		for ; next < len(l.checkpoints); next++ {
			if !yield(audit.Entry{Checkpoint: l.checkpoints[next].Note}, nil) {
				return
			}
		}
	}
}

// exported is the journal as it comes back from an exported file.
func (l *ledger) exported(t testing.TB, key *audit.Key) audit.Book {
	t.Helper()
	var file bytes.Buffer
	if err := audit.Export(&file, l.book(key)); err != nil {
		t.Fatal(err)
	}
	b, err := audit.ReadExport(&file)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func newKey(t testing.TB) *audit.Key {
	t.Helper()
	k, err := audit.NewKey("demo")
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// sealed is a journal of n rows with checkpoints after the given sizes.
func sealed(t testing.TB, key *audit.Key, n int, sizes ...int) *ledger {
	t.Helper()
	l := &ledger{tiles: map[[2]int64][]byte{}}
	all := chain("demo", n)
	for _, size := range sizes {
		l.rows = all[:size]
		s := audit.NewSealer(audit.SealerConfig{
			Shop: "demo", Ledger: l, Key: key, Batch: n, Now: func() time.Time { return time.UnixMilli(int64(size)) },
		})
		if err := s.SealAll(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	l.rows = all
	return l
}

// steps are random sizes up to n, n among them.
func steps(dice *rand.Rand, n int) []int {
	var all []int
	for at := 0; at < n; {
		at = min(n, at+1+dice.IntN(40))
		all = append(all, at)
	}
	return all
}

func dice(t testing.TB) *rand.Rand {
	t.Helper()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	return rand.New(rand.NewPCG(seed, 1))
}

func TestAHonestJournalVerifies(t *testing.T) {
	key, dice := newKey(t), dice(t)
	for _, n := range []int{1, 2, 255, 256, 257, 1000, 66_000} {
		sizes := []int{n}
		if n <= 1000 {
			sizes = steps(dice, n)
		}
		l := sealed(t, key, n, sizes...)
		for name, b := range map[string]audit.Book{"stored": l.book(key), "exported": l.exported(t, key)} {
			got, err := audit.VerifyBook(t.Context(), b)
			if err != nil {
				t.Fatalf("%d rows, %s: %v", n, name, err)
			}
			want := audit.Report{Rows: int64(n), Hash: l.rows[n-1].Hash, Checkpoints: int64(len(sizes)), Latest: l.checkpoints[len(sizes)-1], Streams: 1}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%d rows, %s: %s", n, name, diff)
			}
		}
	}
}

// again makes a chain consistent from a row on, as somebody who owns the
// database could.
func again(rows []audit.Row, from int) {
	head := audit.Genesis("demo")
	if from > 0 {
		head = audit.Head{N: rows[from-1].N, Hash: rows[from-1].Hash}
	}
	for i := from; i < len(rows); i++ {
		rows[i], head = audit.Seal(head, rows[i])
	}
}

// TestEveryRewritingIsNamed changes one random row in each way there is, with
// and without making the chain consistent again.
func TestEveryRewritingIsNamed(t *testing.T) {
	const n = 600
	key, dice := newKey(t), dice(t)
	whole := sealed(t, key, n, steps(dice, n)...)
	changes := []struct {
		name   string
		change func(rows []audit.Row, at int) []audit.Row
	}{
		{"altered", func(r []audit.Row, at int) []audit.Row { r[at].Body += " "; return r }},
		{"deleted", func(r []audit.Row, at int) []audit.Row { return slices.Delete(r, at, at+1) }},
		{"inserted", func(r []audit.Row, at int) []audit.Row {
			return slices.Insert(r, at, audit.Row{N: int64(at + 1), Kind: "sale.completed"})
		}},
		{"swapped", func(r []audit.Row, at int) []audit.Row { r[at], r[at+1] = r[at+1], r[at]; return r }},
	}
	for _, c := range changes {
		for _, rechained := range []bool{false, true} {
			for range 12 {
				at := dice.IntN(n - 1)
				l := *whole
				l.rows = c.change(slices.Clone(whole.rows), at)
				if rechained {
					again(l.rows, at)
				}
				name := fmt.Sprintf("row %d %s, chained again: %v", at+1, c.name, rechained)
				named(t, name, l.book(key), int64(at+1), int64(at+1))
				first, last := span(whole, int64(at+1))
				if !rechained {
					first, last = int64(at+1), int64(at+1)
				}
				named(t, name+", exported", l.exported(t, key), first, last)
			}
		}
	}
}

// span is the rows under the checkpoint that first covers row n.
func span(l *ledger, n int64) (first, last int64) {
	first = 1
	for _, c := range l.checkpoints {
		if c.Size >= n {
			return first, c.Size
		}
		first = c.Size + 1
	}
	return first, n
}

// named wants the first bad row to be named, or the rows one of which it is.
func named(t *testing.T, name string, b audit.Book, first, last int64) {
	t.Helper()
	_, err := audit.VerifyBook(t.Context(), b)
	var bad *audit.BadRowError
	if !errors.As(err, &bad) || bad.N != first {
		t.Errorf("%s: got %v, want row %d named", name, err, first)
		return
	}
	if first < last && !strings.Contains(bad.Why, fmt.Sprintf("up to row %d ", last)) {
		t.Errorf("%s: got %v, want rows %d to %d named", name, err, first, last)
	}
}

func TestForgedCheckpointsAndTreesAreFound(t *testing.T) {
	const n = 600
	key, other, dice := newKey(t), newKey(t), dice(t)
	for _, c := range []struct {
		name  string
		forge func(t *testing.T, l *ledger)
		code  bool // only somebody who noted a code can know
		want  string
	}{
		{"rows cut off at the end", func(_ *testing.T, l *ledger) { l.rows = l.rows[:n-1] }, false, "row 600: is missing"},
		{"rows cut off with their checkpoints", func(_ *testing.T, l *ledger) {
			l.checkpoints = l.checkpoints[:10]
			l.rows = l.rows[:l.checkpoints[9].Size]
		}, false, "cut off at the end"},
		{"the whole end taken back, tree and all", func(t *testing.T, l *ledger) {
			*l = *sealed(t, key, 300, 100, 300)
		}, true, "no checkpoint has the code"},
		{"sealed anew with another key", func(t *testing.T, l *ledger) {
			rows := slices.Clone(l.rows)
			rows[70].Body = `{"paid":1}`
			again(rows, 70)
			*l = ledger{rows: rows, tiles: map[[2]int64][]byte{}}
			s := audit.NewSealer(audit.SealerConfig{Shop: "demo", Ledger: l, Key: other, Batch: 50})
			if err := s.SealAll(t.Context()); err != nil {
				t.Fatal(err)
			}
		}, false, "checkpoint of 50 rows: not signed by the key"},
		{"a root changed", func(_ *testing.T, l *ledger) {
			c := &l.checkpoints[7]
			was := c.Text()
			c.Root[3] ^= 1
			c.Note = strings.Replace(c.Note, was, c.Text(), 1)
		}, false, "not signed by the key"},
		{"a checkpoint twice", func(_ *testing.T, l *ledger) { l.checkpoints[8] = l.checkpoints[7] }, false, "twice or out of order"},
		{"a checkpoint of another shop", func(t *testing.T, l *ledger) {
			c := l.checkpoints[7]
			c.Shop = "other"
			var err error
			if l.checkpoints[7], err = key.Sign(c); err != nil {
				t.Fatal(err)
			}
		}, false, "not of the key"},
		{"a hash of the tree changed", func(_ *testing.T, l *ledger) { l.tiles[[2]int64{0, 1}][77] ^= 1 }, false, "tile 0/1 is wrong"},
		{"a tile removed", func(_ *testing.T, l *ledger) { delete(l.tiles, [2]int64{1, 0}) }, false, "tile 1/0 is wrong"},
		{"a tile added", func(_ *testing.T, l *ledger) { l.tiles[[2]int64{0, 9}] = make([]byte, 32) }, false, "5 tiles, the rows give 4"},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := sealed(t, key, n, steps(dice, n)...)
			b := l.book(key)
			if c.code {
				b.Code = l.checkpoints[len(l.checkpoints)-1].Code()
				if _, err := audit.VerifyBook(t.Context(), b); err != nil {
					t.Fatalf("with its own code: %v", err)
				}
			}
			c.forge(t, l)
			code := b.Code
			b = l.book(key)
			b.Code = code
			if _, err := audit.VerifyBook(t.Context(), b); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

func TestErasureKeepsTheTreeValid(t *testing.T) {
	key := newKey(t)
	l := sealed(t, key, 300, 100, 200, 300)
	want, err := audit.VerifyBook(t.Context(), l.book(key))
	if err != nil {
		t.Fatal(err)
	}
	for i := range l.rows {
		l.rows[i].Salt = ""
	}
	got, err := audit.VerifyBook(t.Context(), l.book(key))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestProofsBetweenAnyTwoCheckpoints(t *testing.T) {
	key, dice := newKey(t), dice(t)
	l := sealed(t, key, 700, steps(dice, 700)...)
	for i, earlier := range l.checkpoints {
		for _, later := range l.checkpoints[i:] {
			p, err := audit.ProveGrowth(t.Context(), l, earlier, later)
			if err != nil {
				t.Fatal(err)
			}
			if err := audit.CheckGrowth(p, earlier, later); err != nil {
				t.Fatalf("from %d to %d rows: %v", earlier.Size, later.Size, err)
			}
			wrong := earlier
			wrong.Root[0] ^= 1
			if audit.CheckGrowth(p, wrong, later) == nil {
				t.Fatalf("another history of %d rows is accepted", earlier.Size)
			}
		}
	}
}

func TestProofOfEachRow(t *testing.T) {
	key := newKey(t)
	l := sealed(t, key, 700, 300, 700)
	for i, r := range l.rows {
		c := l.checkpoints[1]
		if i < 300 {
			c = l.checkpoints[i%2]
		}
		p, err := audit.ProveRow(t.Context(), l, c, r.N)
		if err != nil {
			t.Fatal(err)
		}
		if err := audit.CheckRow(p, c, r); err != nil {
			t.Fatal(err)
		}
		r.Body = "{}"
		if audit.CheckRow(p, c, r) == nil {
			t.Fatalf("row %d is accepted with other contents", r.N)
		}
		r, _ = audit.Seal(audit.Head{N: r.N - 1, Hash: r.Prev}, r)
		if audit.CheckRow(p, c, r) == nil {
			t.Fatalf("row %d is accepted with other contents and their hash", r.N)
		}
	}
	l.tiles[[2]int64{0, 0}][0] ^= 1
	if _, err := audit.ProveRow(t.Context(), l, l.checkpoints[1], 7); err == nil {
		t.Error("an altered tree gives a proof")
	}
}

func TestACheckpointIsReadOnlyInItsOneForm(t *testing.T) {
	key := newKey(t)
	l := sealed(t, key, 3, 3)
	good := l.checkpoints[0]
	if _, err := key.Public().Check(good.Note); err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		b := []byte(good.Note)
		b[rapid.IntRange(0, len(b)-1).Draw(t, "at")] ^= byte(rapid.IntRange(1, 255).Draw(t, "bits"))
		if c, err := key.Public().Check(string(b)); err == nil {
			t.Fatalf("%q is taken for %+v", b, c)
		}
	})
}

func TestCodes(t *testing.T) {
	c := audit.Checkpoint{Size: 1204, Root: audit.Hash{0x08, 0x42, 0x10, 0x84, 0x21, 0xff, 0xff}}
	if got, want := c.Code(), "1204-11111-111ZZ"; got != want {
		t.Fatalf("got %s, want %s", got, want)
	}
	for typed, want := range map[string]string{
		"1204-11111-111ZZ": "1204-11111-111ZZ", "1204 iiiii lL1zz": "1204-11111-111ZZ", "12o4-OoOoO-abcde": "1204-00000-ABCDE",
		"": "", "1204": "", "1204-11111-111Z": "", "x-11111-111ZZ": "", "0-11111-111ZZ": "", "1204-UUUUU-UUUUU": "",
	} {
		got, _, err := audit.ParseCode(typed)
		if got != want || (err != nil) != (got == "") {
			t.Errorf("%q: got %q, %v; want %q", typed, got, err, want)
		}
	}
}
