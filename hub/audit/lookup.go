package audit

import (
	"context"
	"errors"
	"fmt"
)

// Shelf is where [LookUp] finds things. *store.Store provides it.
type Shelf interface {
	Ledger
	// CheckpointAt returns the signed checkpoint of so many rows.
	CheckpointAt(ctx context.Context, size int64) (string, error)
}

// Found is what a code leads to.
type Found struct {
	Checkpoint Checkpoint // that has the code
	Row        Row        // the last one it covers
	Latest     Checkpoint // which continues it
}

// LookUp finds the checkpoint with a code as somebody typed it from a paper, and
// checks that the shop's key signed it, that the last row it covers is the one in
// the journal, and that the latest checkpoint continues it. It does not look at the
// rows between; [VerifyBook] does. When the journal has another checkpoint of that
// size, or none, the error wraps [ErrCodeUnknown].
func LookUp(ctx context.Context, s Shelf, key Public, typed string) (f Found, err error) {
	code, size, err := ParseCode(typed)
	if err != nil {
		return f, err
	}
	f.Checkpoint, err = checkpointWith(ctx, s, key, code, size)
	if err != nil {
		return f, err
	}
	signed, err := s.LatestCheckpoint(ctx)
	if err != nil {
		return f, err
	}
	if f.Latest, err = key.Check(signed); err != nil {
		return f, &BadCheckpointError{Size: f.Latest.Size, Why: err.Error()}
	}
	growth, err := ProveGrowth(ctx, s, f.Checkpoint, f.Latest)
	if err == nil {
		err = CheckGrowth(growth, f.Checkpoint, f.Latest)
	}
	if err != nil {
		return f, err
	}
	f.Row, err = rowIn(ctx, s, f.Checkpoint)
	return f, err
}

// checkpointWith returns the checkpoint of a size if it has the code.
func checkpointWith(ctx context.Context, s Shelf, key Public, code string, size int64) (c Checkpoint, err error) {
	unknown := fmt.Errorf("%w %s: it is of another journal, or the journal was made anew since", ErrCodeUnknown, code)
	signed, err := s.CheckpointAt(ctx, size)
	if err != nil {
		return c, errors.Join(unknown, err)
	}
	if c, err = key.Check(signed); err != nil {
		return c, &BadCheckpointError{Size: size, Why: err.Error()}
	}
	if c.Code() != code {
		return c, unknown
	}
	return c, nil
}

// rowIn returns the last row that a checkpoint covers, once it is proved to be
// that.
func rowIn(ctx context.Context, s Shelf, c Checkpoint) (Row, error) {
	rows, err := s.RowsAfter(ctx, c.Size-1, 1)
	if err != nil {
		return Row{}, err
	}
	if len(rows) == 0 || rows[0].N != c.Size {
		return Row{}, &BadRowError{N: c.Size, Why: "is missing, although it was sealed"}
	}
	proof, err := ProveRow(ctx, s, c, c.Size)
	if err != nil {
		return Row{}, err
	}
	return rows[0], CheckRow(proof, c, rows[0])
}
