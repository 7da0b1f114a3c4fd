package audit_test

import (
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"
	"pgregory.net/rapid"

	"kickstand/hub/audit"
	"kickstand/protocol/seal"
)

// TestDevicesCheckGrowthAsTheHubDoes holds the devices' own check against that of
// golang.org/x/mod, for good proofs and for damaged ones.
func TestDevicesCheckGrowthAsTheHubDoes(t *testing.T) {
	key := newKey(t)
	var sizes []int
	for n := 1; n <= 130; n++ {
		sizes = append(sizes, n)
	}
	l := sealed(t, key, 130, sizes...)
	for i, earlier := range l.checkpoints {
		for _, later := range l.checkpoints[i:] {
			p, err := audit.ProveGrowth(t.Context(), l, earlier, later)
			if err != nil {
				t.Fatal(err)
			}
			if err := seal.CheckGrowth(hashes(p), earlier, later); err != nil {
				t.Fatal(err)
			}
		}
	}
	rapid.Check(t, func(r *rapid.T) {
		at := rapid.IntRange(0, 129)
		earlier, later := l.checkpoints[at.Draw(r, "earlier")], l.checkpoints[at.Draw(r, "later")]
		from, to := l.checkpoints[at.Draw(r, "from")], l.checkpoints[at.Draw(r, "to")]
		p, err := audit.ProveGrowth(r.Context(), l, from, to)
		if err != nil {
			return
		}
		switch rapid.IntRange(0, 4).Draw(r, "damage") {
		case 0:
			if len(p) > 0 {
				p[rapid.IntRange(0, len(p)-1).Draw(r, "which")][3] ^= 1
			}
		case 1:
			p = p[:len(p)/2]
		case 2:
			p = append(p, audit.Hash{1})
		case 3:
			later.Root[0] ^= 1
		}
		want, got := audit.CheckGrowth(p, earlier, later), seal.CheckGrowth(hashes(p), earlier, later)
		if (want == nil) != (got == nil) {
			r.Fatalf("from %d to %d: the hub says %v, a device %v", earlier.Size, later.Size, want, got)
		}
	})
}

func hashes(p audit.Proof) []seal.Hash {
	all := make([]seal.Hash, len(p))
	for i, h := range p {
		all[i] = h
	}
	return all
}

// TestNotesAreThoseOfTheGoDatabase reads the hub's signatures, and a device's
// beside it, with golang.org/x/mod.
func TestNotesAreThoseOfTheGoDatabase(t *testing.T) {
	key, other := newKey(t), newKey(t)
	c := sealed(t, key, 3, 3).checkpoints[0]
	v, err := note.NewVerifier(key.Public().String())
	if err != nil {
		t.Fatal(err)
	}
	n, err := note.Open([]byte(c.Note), note.VerifierList(v))
	if err != nil || n.Text != c.Text() {
		t.Fatalf("%+v, %v", n, err)
	}
	if _, err := other.Public().Check(c.Note); err == nil {
		t.Error("another key of the same name is good as well")
	}
	if _, err := key.Public().Check(strings.TrimSuffix(c.Note, "\n")); err == nil {
		t.Error("a note cut off is accepted")
	}
}
