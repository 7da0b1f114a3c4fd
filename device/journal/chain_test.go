package journal_test

import (
	"strings"
	"testing"

	"kickstand/device/journal"
	"kickstand/protocol"
)

// linked checks that every pending event of a stream carries the digest of the
// one before it, over gaps too, and that the first one ever follows the epoch.
//
// head is what the oldest pending one must follow, as far as that is known; what
// the next one will follow is returned.
func linked(t *testing.T, j *journal.Journal, s journal.Stream, head string) string {
	t.Helper()
	rows, err := j.Pending(s, 0, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		e, err := protocol.Decode(r.Data)
		if err != nil {
			t.Fatal(err)
		}
		body, err := e.Open()
		if err != nil {
			t.Fatal(err)
		}
		gap, isGap := body.(*protocol.JournalGap)
		if first := e.Seq == 1 || isGap && gap.From == 1; first {
			head = protocol.FirstPrev(e.Device, j.Epochs()[string(s)])
		}
		if !protocol.IsDigest(e.Prev) || head != "" && e.Prev != head {
			t.Errorf("event %d of %s follows %q, not %q", e.Seq, s, e.Prev, head)
		}
		head = protocol.Digest(r.Data)
		if isGap {
			head = gap.Digest
		}
	}
	return head
}

// TestTheChainGoesOnOverRestartsAndGaps drops events of Lo again and again and
// opens the file anew meanwhile.
func TestTheChainGoesOnOverRestartsAndGaps(t *testing.T) {
	opt := options()
	opt.LoCap = 20_000
	path := t.TempDir() + "/journal.db"
	heads, gaps := map[string]string{}, 0
	for round := range 6 {
		j, _, stop := open(t, path, opt)
		for n := range 60 {
			commit(t, j, journal.Entry{Lo: []protocol.Envelope{fault(t, n, 300)}, Hi: []protocol.Envelope{fault(t, n, 0)}})
		}
		gaps += strings.Count(strings.Join(all(t, j, journal.Lo), "\n"), "journal.gap")
		for _, s := range []string{"hi", "lo"} {
			last := linked(t, j, journal.Stream(s), heads[s])
			delete(heads, s)
			if round%2 == 1 { // the next event follows one that is not there any more
				heads[s] = last
				if err := j.Acked(t.Context(), j.Epochs()[s], j.Next()[s]-1); err != nil {
					t.Fatal(err)
				}
			}
		}
		stop()
	}
	if gaps == 0 {
		t.Error("no event was dropped")
	}
}
