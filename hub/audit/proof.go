package audit

import (
	"context"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// Proof is a list of hashes that leads from one thing to another: from a row to
// a checkpoint (inclusion) or from a checkpoint to a later one (consistency),
// as in RFC 6962 sections 2.1.1 and 2.1.2.
type Proof []Hash

// ProveRow proves that row n is one of the rows of a checkpoint.
func ProveRow(ctx context.Context, tiles Tiles, c Checkpoint, n int64) (Proof, error) {
	if n < 1 || n > c.Size {
		return nil, fmt.Errorf("prove row %d: the checkpoint covers %d rows", n, c.Size)
	}
	p, err := tlog.ProveRecord(c.Size, n-1, stored(ctx, tiles, c.Size, c.Root))
	if err != nil {
		return nil, fmt.Errorf("prove row %d: %w", n, err)
	}
	return Proof(p), nil
}

// CheckRow checks that p proves that a row is one of those of a checkpoint. The
// row's own hash is computed anew from its contents. The checkpoint's signature
// is not looked at, see [Public.Check].
func CheckRow(p Proof, c Checkpoint, r Row) error {
	if Digest(r.Canonical()) != r.Hash {
		return &BadRowError{N: r.N, Why: altered}
	}
	leaf, err := Leaf(r)
	if err != nil {
		return err
	}
	if r.N < 1 || r.N > c.Size || tlog.CheckRecord(tlog.RecordProof(p), c.Size, c.Root, r.N-1, leaf) != nil {
		return &BadRowError{N: r.N, Why: fmt.Sprintf("is not in the checkpoint of %d rows", c.Size)}
	}
	return nil
}

// ProveGrowth proves that nothing was changed between two checkpoints: the
// later one has the rows of the earlier one and more.
func ProveGrowth(ctx context.Context, tiles Tiles, earlier, later Checkpoint) (Proof, error) {
	if earlier.Size < 1 || earlier.Size > later.Size {
		return nil, fmt.Errorf("prove growth from %d to %d rows: not an order", earlier.Size, later.Size)
	}
	p, err := tlog.ProveTree(later.Size, earlier.Size, stored(ctx, tiles, later.Size, later.Root))
	if err != nil {
		return nil, fmt.Errorf("prove growth from %d to %d rows: %w", earlier.Size, later.Size, err)
	}
	return Proof(p), nil
}

// CheckGrowth checks that p proves that the later checkpoint continues the
// earlier one. The signatures are not looked at, see [Public.Check].
func CheckGrowth(p Proof, earlier, later Checkpoint) error {
	if earlier.Shop != later.Shop || earlier.Size < 1 || earlier.Size > later.Size ||
		tlog.CheckTree(tlog.TreeProof(p), later.Size, later.Root, earlier.Size, earlier.Root) != nil {
		return &BadCheckpointError{Size: later.Size, Why: fmt.Sprintf("does not continue the one of %d rows: history was rewritten", earlier.Size)}
	}
	return nil
}
