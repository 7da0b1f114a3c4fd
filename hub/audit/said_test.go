package audit_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"kickstand/hub/audit"
	"kickstand/protocol"
)

// spoken is a journal of n events that three devices chained, and rows of the
// hub's own among them.
func spoken(dice *rand.Rand, n int) []audit.Row {
	heads, seqs := map[string]string{}, map[string]uint64{}
	rows, head := make([]audit.Row, n), audit.Genesis("demo")
	for i := range rows {
		r := audit.Row{Kind: "sale.completed", Body: fmt.Sprintf(`{"paid":%d}`, i), Digest: audit.Digest([]byte{byte(i), byte(i >> 8)})}
		if d := dice.IntN(4); d > 0 {
			r.Device, r.Epoch = fmt.Sprintf("counter-%d", d), "e"
			if heads[r.Device] == "" {
				heads[r.Device] = protocol.FirstPrev(r.Device, r.Epoch)
			}
			seqs[r.Device]++
			r.Seq, r.Follows = seqs[r.Device], heads[r.Device]
			heads[r.Device] = r.Digest
		}
		rows[i], head = audit.Seal(head, r)
	}
	return rows
}

// resealed is a journal that somebody with the hub's key signed anew from the
// first row on.
func resealed(t *testing.T, key *audit.Key, rows []audit.Row) *ledger {
	t.Helper()
	l := &ledger{rows: rows, tiles: map[[2]int64][]byte{}}
	again(l.rows, 0)
	s := audit.NewSealer(audit.SealerConfig{Shop: "demo", Ledger: l, Key: key, Batch: 50})
	if err := s.SealAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	return l
}

// TestDevicesChainsOutliveTheHubsKey rewrites one event at random and signs
// everything anew with the hub's own key. Nothing but what the devices said can
// tell, and it names the row.
func TestDevicesChainsOutliveTheHubsKey(t *testing.T) {
	const n = 400
	key, dice := newKey(t), dice(t)
	whole := spoken(dice, n)
	r, err := audit.VerifyBook(t.Context(), resealed(t, key, slices.Clone(whole)).exported(t, key))
	if err != nil || r.Streams != 3 || r.Breaks != 0 || r.Linked < n/2 {
		t.Fatalf("untouched: %+v, %v", r, err)
	}
	for _, c := range []struct {
		name   string
		change func(rows []audit.Row, at, next int) []audit.Row // next is the same device's next event
		named  func(at, next int) int                           // index of the row
	}{
		{"altered", func(r []audit.Row, at, _ int) []audit.Row { r[at].Digest = audit.Digest(nil); return r }, func(at, _ int) int { return at }},
		{"deleted", func(r []audit.Row, at, _ int) []audit.Row { return slices.Delete(r, at, at+1) }, func(_, next int) int { return next - 1 }},
		{"deleted and numbers closed", func(r []audit.Row, at, _ int) []audit.Row {
			for i := at + 1; i < n; i++ {
				if r[i].Device == r[at].Device {
					r[i].Seq--
				}
			}
			return slices.Delete(r, at, at+1)
		}, func(at, _ int) int { return -1 }},
		{"inserted", func(r []audit.Row, at, _ int) []audit.Row {
			extra := r[at]
			extra.Seq, extra.Follows, extra.Digest = extra.Seq+1, extra.Digest, audit.Digest(nil)
			return slices.Insert(r, at+1, extra)
		}, func(_, next int) int { return next + 1 }},
		{"swapped", func(r []audit.Row, at, next int) []audit.Row { r[at], r[next] = r[next], r[at]; return r }, func(at, _ int) int { return at }},
	} {
		for range 12 {
			at := 20 + dice.IntN(n-60)
			next := at + 1
			for whole[at].Device == "" || next == n || whole[next].Device != whole[at].Device {
				if next++; next >= n {
					at, next = at-1, at
				}
			}
			l := resealed(t, key, c.change(slices.Clone(whole), at, next))
			for form, b := range map[string]audit.Book{"stored": l.book(key), "exported": l.exported(t, key)} {
				_, err := audit.VerifyBook(t.Context(), b)
				var bad *audit.BadRowError
				want := int64(c.named(at, next) + 1)
				if !errors.As(err, &bad) || want > 0 && bad.N != want {
					t.Errorf("row %d (next %d) %s, %s: %v, want row %d named", at+1, next+1, c.name, form, err, want)
				}
			}
		}
	}
}

// TestNotedBreaksAreCounted tells what the hub noted from what somebody hid.
func TestNotedBreaksAreCounted(t *testing.T) {
	key := newKey(t)
	said := func(seq uint64, kind, follows, body string) audit.Row {
		return audit.Row{Kind: kind, Device: "d", Epoch: "e", Seq: seq, Follows: follows, Body: body, Digest: audit.Digest([]byte{byte(seq)})}
	}
	of := func(seq byte) string { return audit.Digest([]byte{seq}) }
	first := protocol.FirstPrev("d", "e")
	for _, c := range []struct {
		name           string
		rows           []audit.Row
		linked, breaks int64
		bad            int64
	}{
		{"events that never came", []audit.Row{said(1, "a", first, ""), said(4, audit.KindMissing, "", `{"from":2,"to":4}`), said(5, "a", of(4), ""), said(6, "a", of(5), "")}, 2, 1, 0},
		{"a note of too few", []audit.Row{said(1, "a", first, ""), said(4, audit.KindMissing, "", `{"from":3,"to":4}`)}, 0, 0, 2},
		{"one that does not follow", []audit.Row{said(1, "a", first, ""), said(2, "a", audit.Broken(of(9)), ""), said(3, "a", of(2), "")}, 2, 1, 0},
		{"a gap", []audit.Row{said(1, "a", first, ""), said(4, "journal.gap", of(1), `{"from":2,"to":4,"n":3,"digest":"`+of(7)+`"}`), said(5, "a", of(7), "")}, 3, 0, 0},
		{"a gap over what came", []audit.Row{said(1, "a", first, ""), said(2, "a", of(1), ""), said(4, "journal.gap", of(1), `{"from":2,"to":4,"n":3,"digest":"`+of(7)+`"}`), said(5, "a", of(7), "")}, 3, 0, 0},
		{"a gap that hides too little", []audit.Row{said(1, "a", first, ""), said(4, "journal.gap", of(1), `{"from":3,"to":4,"n":2}`)}, 0, 0, 2},
		{"a gap set aside", []audit.Row{said(1, "a", first, ""), said(4, audit.KindSetAside, of(1), `{"kind":"journal.gap","reason":"clone","from":2,"digest":"`+of(7)+`"}`), said(5, "a", of(7), "")}, 3, 0, 0},
		{"a device that never chained", []audit.Row{said(1, "a", "", ""), said(3, "a", "", ""), said(4, "a", "", "")}, 0, 0, 0},
		{"a device that begins to chain", []audit.Row{said(1, "a", "", ""), said(3, "a", "", ""), said(4, "a", of(3), ""), said(5, "a", of(4), "")}, 1, 0, 0},
		{"a device that stops", []audit.Row{said(1, "a", first, ""), said(2, "a", "", "")}, 0, 0, 1},
		{"a stream begun before the journal", []audit.Row{said(9, "a", of(8), ""), said(10, "a", of(9), "")}, 1, 1, 0},
		{"another stream's beginning", []audit.Row{said(1, "a", protocol.FirstPrev("d", "f"), "")}, 0, 0, 1},
	} {
		r, err := audit.VerifyBook(t.Context(), resealed(t, key, c.rows).exported(t, key))
		var bad *audit.BadRowError
		if c.bad > 0 {
			if !errors.As(err, &bad) || bad.N != c.bad {
				t.Errorf("%s: %v, want row %d named", c.name, err, c.bad)
			}
			continue
		}
		if err != nil || r.Linked != c.linked || r.Breaks != c.breaks {
			t.Errorf("%s: %d linked, %d breaks, %v; want %d, %d", c.name, r.Linked, r.Breaks, err, c.linked, c.breaks)
		}
	}
}
