package seal

import (
	"crypto/sha256"
	"errors"
	"fmt"
)

// ErrRewritten is wrapped by [CheckGrowth] when the later checkpoint does not
// continue the earlier one.
var ErrRewritten = errors.New("history was rewritten")

// maxProof is longer than any proof between trees of 2^62 rows.
const maxProof = 128

// CheckGrowth checks that a proof, as hub/audit.ProveGrowth makes it, shows that
// the later checkpoint continues the earlier one: RFC 9162 section 2.1.4.2. The
// signatures are not looked at, see [Public.Check].
func CheckGrowth(proof []Hash, earlier, later Checkpoint) error {
	if earlier.Shop != later.Shop || !grew(proof, earlier, later) {
		return fmt.Errorf("the checkpoint of %d rows does not continue the one of %d: %w", later.Size, earlier.Size, ErrRewritten)
	}
	return nil
}

func grew(proof []Hash, earlier, later Checkpoint) bool {
	if earlier.Size < 1 || earlier.Size > later.Size || len(proof) > maxProof {
		return false
	}
	if earlier.Size == later.Size {
		return len(proof) == 0 && earlier.Root == later.Root
	}
	if earlier.Size&(earlier.Size-1) == 0 { // a full tree is a part of the later one as it is
		proof = append([]Hash{earlier.Root}, proof...)
	}
	if len(proof) == 0 {
		return false
	}
	old, now := earlier.Size-1, later.Size-1
	for ; old&1 == 1; old, now = old>>1, now>>1 {
		continue
	}
	was, is := proof[0], proof[0]
	for _, h := range proof[1:] {
		if now == 0 {
			return false
		}
		if old&1 == 1 || old == now {
			was, is = node(h, was), node(h, is)
			for ; old&1 == 0 && old != 0; old, now = old>>1, now>>1 {
				continue
			}
		} else {
			is = node(is, h)
		}
		old, now = old>>1, now>>1
	}
	return now == 0 && was == earlier.Root && is == later.Root
}

func node(left, right Hash) Hash {
	b := make([]byte, 0, 1+2*sha256.Size)
	b = append(b, 1)
	b = append(b, left[:]...)
	return sha256.Sum256(append(b, right[:]...))
}
